//! Projects.

use crate::auth::{AuthClient, ProjectDocument, ProjectList};
use crate::model::ProjectId;
use crate::request::{Request, request};

impl AuthClient {
    /// Looks up a project that the caller manages.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#get_projects).
    /// Needs `manage_projects`; fails with `NOT_FOUND` or `FORBIDDEN` for a project that the caller does not manage.
    pub fn get_project(&self, project_id: impl Into<ProjectId>) -> Request<ProjectDocument> {
        self.core.get("get_project", "v2/api/projects/{project_id}", &[project_id.into().as_str()]).into()
    }

    /// Lists the projects that the caller manages, all at once.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#get_projects).
    /// Needs `manage_projects`; fails with `FORBIDDEN` without it.
    pub fn get_projects(&self) -> Request<ProjectList> {
        self.core.get("get_projects", "v2/api/projects", &[]).into()
    }

    /// Makes a project. Without administrators it is the caller who manages it.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#create_project).
    /// Needs `manage_projects`. A lost answer is not tried again, since a second project could come of it.
    pub fn create_project(
        &self,
        display_name: impl Into<String>,
        contact_email: impl Into<String>,
    ) -> CreateProject {
        self.core
            .post("create_project", "v2/api/projects", &[])
            .wrapped("project")
            .field("display_name", display_name.into())
            .field("contact_email", contact_email.into())
            .into()
    }

    /// Changes what is given of a project.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#update_project).
    /// Needs `manage_projects`; fails with `NOT_FOUND` or `FORBIDDEN` for a project that the caller does not manage.
    pub fn update_project(&self, project_id: impl Into<ProjectId>) -> UpdateProject {
        let id = project_id.into();
        self.core
            .put("update_project", "v2/api/projects/{project_id}", &[id.as_str()])
            .wrapped("project")
            .into()
    }

    /// Deletes a project, and returns its last state.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#delete_project).
    /// Needs `manage_projects`; fails with `FORBIDDEN` when a fresher login is needed, and as long as clients belong to it.
    pub fn delete_project(&self, project_id: impl Into<ProjectId>) -> Request<ProjectDocument> {
        self.core
            .delete("delete_project", "v2/api/projects/{project_id}", &[project_id.into().as_str()])
            .into()
    }
}

request! {
    /// [`AuthClient::create_project`].
    pub struct CreateProject => ProjectDocument {
        /// The identities that manage it.
        body admin_ids: many as json_list;
        /// The groups whose members manage it.
        body admin_group_ids: many as json_list;
    }
}

request! {
    /// [`AuthClient::update_project`].
    pub struct UpdateProject => ProjectDocument {
        /// The name that is shown.
        body display_name: String as json_text;
        /// The mail address of those who are responsible.
        body contact_email: String as json_text;
        /// The identities that manage it, in place of all before.
        body admin_ids: many as json_list;
        /// The groups whose members manage it, in place of all before.
        body admin_group_ids: many as json_list;
    }
}
