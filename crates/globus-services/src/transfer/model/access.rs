//! Access rules: who may read and write what on a guest collection.

use crate::model::{Nullable, Timestamp, model, open_enum};
use crate::request::payload;

open_enum! {
    /// To whom an access rule applies.
    pub enum AccessPrincipalType {
        /// An identity.
        Identity = "identity",
        /// All members of a group.
        Group = "group",
        /// Everybody who is logged in.
        AllAuthenticatedUsers = "all_authenticated_users",
        /// Everybody, without a login.
        Anonymous = "anonymous",
    }
}

open_enum! {
    /// What an access rule allows.
    pub enum AccessPermissions {
        /// To read.
        Read = "r",
        /// To read and to write.
        ReadWrite = "rw",
    }
}

model! {
    /// An access rule.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/acl/#access_document)
    pub struct AccessRule {
        /// Its id. Rules that come with a role have none of their own.
        id: Option<String>,
        /// To whom it applies.
        principal_type: Option<AccessPrincipalType>,
        /// The id of the identity or group; empty for everybody.
        principal: Option<String>,
        /// The directory that it is about, with a slash at the end.
        path: Option<String>,
        /// What it allows.
        permissions: Option<AccessPermissions>,
        /// The role that it comes from, when it comes from one.
        role_id: Option<String>,
        /// The kind of that role.
        role_type: Option<String>,
        /// When it was made.
        create_time: Option<Timestamp>,
        /// When it ends.
        expiration_date: Option<Timestamp>,
        /// The kind of document.
        data_type as "DATA_TYPE": Option<String>,
    }
}

model! {
    /// What the service says of an access rule that it has made.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/acl/#rest_access_create)
    pub struct AccessRuleCreated {
        /// The id of the rule.
        access_id: String = key,
        /// What became of it: `Created`, or `Exists` when the same rule was there.
        code: Option<String>,
        /// The same in words.
        message: Option<String>,
        /// The id under which the service's support finds the request.
        request_id: Option<String>,
        /// The route that was called.
        resource: Option<String>,
        /// The kind of document.
        data_type as "DATA_TYPE": Option<String>,
    }
}

payload! {
    /// An access rule to make.
    ///
    /// ```
    /// use globus_services::transfer::{AccessPermissions, AccessPrincipalType, AccessRuleData};
    ///
    /// let rule = AccessRuleData::new(
    ///     AccessPrincipalType::Identity,
    ///     "46bd0f56-e24f-11e5-a510-131bef46955c",
    ///     "/results/",
    ///     AccessPermissions::Read,
    /// );
    /// let everybody = AccessRuleData::new("all_authenticated_users", "", "/public/", "r");
    /// # assert_ne!(rule, everybody);
    /// ```
    pub struct AccessRuleData("DATA_TYPE" = "access") {
        new(
            principal_type: AccessPrincipalType as json;
            principal: String as json;
            path: String as json;
            permissions: AccessPermissions as json
        );
        /// An address that is told of the rule by email.
        notify_email: String as json;
        /// What that email says.
        notify_message: String as json;
        /// When the rule ends; never, when `None`.
        expiration_date: Nullable<Timestamp> as json;
    }
}

payload! {
    /// What to change of an access rule.
    pub struct AccessRuleUpdate {
        new();
        /// What it allows.
        permissions: AccessPermissions as json;
        /// When it ends; never, when `None`.
        expiration_date: Nullable<Timestamp> as json;
    }
}
