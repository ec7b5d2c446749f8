//! Roles: who helps to run a collection.

use crate::model::{model, open_enum};
use crate::request::payload;

open_enum! {
    /// To whom a role is given.
    pub enum RolePrincipalType {
        /// An identity.
        Identity = "identity",
        /// All members of a group.
        Group = "group",
    }
}

open_enum! {
    /// What a role allows.
    pub enum EndpointRole {
        /// Everything.
        Administrator = "administrator",
        /// To manage access rules.
        AccessManager = "access_manager",
        /// To see, pause and cancel tasks.
        ActivityManager = "activity_manager",
        /// To see tasks.
        ActivityMonitor = "activity_monitor",
    }
}

model! {
    /// A role that an identity or group has on a collection.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/roles/#role_document)
    pub struct Role {
        /// Its id; the role of the owner has none.
        id: Option<String>,
        /// To whom it is given.
        principal_type: Option<RolePrincipalType>,
        /// The id of the identity or group.
        principal: Option<String>,
        /// What it allows.
        role: Option<EndpointRole>,
        /// The kind of document.
        data_type as "DATA_TYPE": Option<String>,
    }
}

payload! {
    /// A role to give.
    pub struct RoleData("DATA_TYPE" = "role") {
        new(principal_type: RolePrincipalType as json; principal: String as json; role: EndpointRole as json);
    }
}
