//! Authentication policies.

use crate::auth::{AuthClient, PolicyDocument, PolicyList};
use crate::model::{Nullable, PolicyId, ProjectId, Texts};
use crate::request::{Request, request};

impl AuthClient {
    /// Looks up an authentication policy of a project that the caller manages.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#get_policy).
    /// Needs `manage_projects`; fails with `NOT_FOUND` or `FORBIDDEN` when there is none that the caller may see.
    pub fn get_policy(&self, policy_id: impl Into<PolicyId>) -> Request<PolicyDocument> {
        self.core.get("get_policy", "v2/api/policies/{policy_id}", &[policy_id.into().as_str()]).into()
    }

    /// Lists the policies of all projects that the caller manages, all at once.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#get_policies).
    /// Needs `manage_projects`; fails with `FORBIDDEN` without it.
    pub fn get_policies(&self) -> Request<PolicyList> {
        self.core.get("get_policies", "v2/api/policies", &[]).into()
    }

    /// Makes an authentication policy.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#create_policy).
    /// Needs `manage_projects`. A lost answer is not tried again, since a second policy could come of it.
    pub fn create_policy(
        &self,
        project_id: impl Into<ProjectId>,
        display_name: impl Into<String>,
        description: impl Into<String>,
    ) -> CreatePolicy {
        self.core
            .post("create_policy", "v2/api/policies", &[])
            .wrapped("policy")
            .field("project_id", String::from(project_id.into()))
            .field("display_name", display_name.into())
            .field("description", description.into())
            .into()
    }

    /// Changes what is given of a policy.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#update_policy).
    /// Needs `manage_projects`; fails with `NOT_FOUND` or `FORBIDDEN` when there is none that the caller manages.
    pub fn update_policy(&self, policy_id: impl Into<PolicyId>) -> UpdatePolicy {
        let id = policy_id.into();
        self.core.put("update_policy", "v2/api/policies/{policy_id}", &[id.as_str()]).wrapped("policy").into()
    }

    /// Deletes a policy, and returns its last state.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#delete_policy).
    /// Needs `manage_projects`; fails with `NOT_FOUND` or `FORBIDDEN` when there is none that the caller manages.
    pub fn delete_policy(&self, policy_id: impl Into<PolicyId>) -> Request<PolicyDocument> {
        self.core.delete("delete_policy", "v2/api/policies/{policy_id}", &[policy_id.into().as_str()]).into()
    }
}

request! {
    /// [`AuthClient::create_policy`].
    pub struct CreatePolicy => PolicyDocument {
        /// Whether it is for high assurance: a login counts for the application in which it was made. It stays as it is made.
        body high_assurance: bool as json;
        /// For how many seconds a login counts.
        body authentication_assurance_timeout: u64 as json;
        /// Whether a second factor is needed; for high assurance only.
        body required_mfa: bool as json;
        /// The domains of which an identity must be; `None` when any is good.
        body domain_constraints_include: Nullable<Texts> as json;
        /// The domains of which an identity must not be; `None` when none is bad.
        body domain_constraints_exclude: Nullable<Texts> as json;
    }
}

request! {
    /// [`AuthClient::update_policy`].
    pub struct UpdatePolicy => PolicyDocument {
        /// The project that it belongs to.
        body project_id: ProjectId as json_text;
        /// The name that is shown.
        body display_name: String as json_text;
        /// What it is for.
        body description: String as json_text;
        /// For how many seconds a login counts.
        body authentication_assurance_timeout: u64 as json;
        /// Whether a second factor is needed; for high assurance only.
        body required_mfa: bool as json;
        /// The domains of which an identity must be; `None` when any is good.
        body domain_constraints_include: Nullable<Texts> as json;
        /// The domains of which an identity must not be; `None` when none is bad.
        body domain_constraints_exclude: Nullable<Texts> as json;
    }
}
