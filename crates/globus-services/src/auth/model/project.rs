//! Projects.

use crate::auth::Identity;
use crate::model::{GroupId, IdentityId, ProjectId, model};

model! {
    /// A project: what clients and policies belong to, with those who manage them.
    pub struct Project {
        /// Its id.
        id: ProjectId = key,
        /// The name that is shown.
        display_name: Option<String>,
        /// An older name for the same.
        project_name: Option<String>,
        /// The mail address of those who are responsible.
        contact_email: Option<String>,
        /// The identities that manage it.
        admin_ids: Option<Vec<IdentityId>>,
        /// The groups whose members manage it.
        admin_group_ids: Option<Vec<GroupId>>,
        /// More about both.
        admins: Option<ProjectAdmins>,
    }
}

model! {
    /// Who manages a project.
    pub struct ProjectAdmins {
        /// The identities.
        identities: Vec<Identity> = list,
        /// The groups.
        groups: Vec<ProjectAdminGroup> = list,
    }
}

model! {
    /// A group whose members manage a project.
    pub struct ProjectAdminGroup {
        /// Its id.
        id: GroupId = key,
        /// Its name.
        name: Option<String>,
        /// What it is for.
        description: Option<String>,
    }
}

model! {
    /// The answer that is one project.
    pub struct ProjectDocument {
        /// The project.
        project: Project = key,
    }
}

model! {
    /// Projects.
    pub struct ProjectList {
        /// The projects.
        projects: Vec<Project> = list,
    }
}
