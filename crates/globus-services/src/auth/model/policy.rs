//! Authentication policies.

use crate::model::{PolicyId, ProjectId, model};

model! {
    /// An authentication policy: how one must have logged in.
    ///
    /// Every field may be missing: the answer to a change may hold no id.
    pub struct Policy {
        /// Its id.
        id: Option<PolicyId>,
        /// The project that it belongs to.
        project_id: Option<ProjectId>,
        /// The name that is shown.
        display_name: Option<String>,
        /// What it is for.
        description: Option<String>,
        /// Whether it is for high assurance: a login counts for the application in which it was made.
        high_assurance: Option<bool>,
        /// For how many seconds a login counts.
        authentication_assurance_timeout: Option<u64>,
        /// Whether a second factor is needed.
        required_mfa: Option<bool>,
        /// The domains of which an identity must be; `None` when any is good.
        domain_constraints_include: Option<Vec<String>>,
        /// The domains of which an identity must not be; `None` when none is bad.
        domain_constraints_exclude: Option<Vec<String>>,
    }
}

model! {
    /// The answer that is one policy.
    pub struct PolicyDocument {
        /// The policy.
        policy: Policy = key,
    }
}

model! {
    /// Policies.
    pub struct PolicyList {
        /// The policies.
        policies: Vec<Policy> = list,
    }
}
