//! Who belongs to a group.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{GroupRequiredSignupFields, GroupRole, MembershipStatus};
use crate::model::{GroupId, IdentityId, model};

model! {
    /// How an identity belongs to a group.
    pub struct Membership {
        /// The identity.
        identity_id: IdentityId = key,
        /// The group.
        group_id: Option<GroupId>,
        /// The identity's username.
        username: Option<String>,
        /// What it may do.
        role: Option<GroupRole>,
        /// How it belongs.
        status: Option<MembershipStatus>,
        /// Whether the identity has yet to log in for the first time.
        provisioned: Option<bool>,
        /// The mail address that was invited; when asked for.
        invite_email_address: Option<String>,
        /// What it has told the group about itself.
        membership_fields: Option<MembershipFields>,
    }
}

/// What one member tells a group about itself, by the [name of the field](GroupRequiredSignupFields).
///
/// ```
/// use globus_services::groups::{GroupRequiredSignupFields, MembershipFields};
///
/// let fields = MembershipFields::new().set(GroupRequiredSignupFields::Institution, "University of Nowhere");
/// assert_eq!(fields.get("institution"), Some("University of Nowhere"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MembershipFields(Map<String, Value>);

impl MembershipFields {
    /// No fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with this field.
    #[must_use]
    pub fn set(mut self, field: impl Into<GroupRequiredSignupFields>, text: impl Into<String>) -> Self {
        self.0.insert(field.into().into(), Value::String(text.into()));
        self
    }

    /// The text of a field; `None` when it is not there, or is no text.
    pub fn get(&self, field: impl Into<GroupRequiredSignupFields>) -> Option<&str> {
        self.0.get(field.into().as_str())?.as_str()
    }

    /// The document as it is on the wire.
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }
}

/// Fields as they are on the wire, for whoever has them as JSON.
impl From<Map<String, Value>> for MembershipFields {
    fn from(fields: Map<String, Value>) -> Self {
        Self(fields)
    }
}

/// What identities tell a group about themselves, both as it comes and as it is sent: the fields of each, by its id.
///
/// ```
/// use globus_services::groups::{GroupRequiredSignupFields, IdentityMembershipFields, MembershipFields};
///
/// let fields = MembershipFields::new().set(GroupRequiredSignupFields::Institution, "University of Nowhere");
/// let told = IdentityMembershipFields::new().set("ae332d86-d274-11e5-b885-b31714a110e9", fields.clone());
/// assert_eq!(told.of("ae332d86-d274-11e5-b885-b31714a110e9"), Some(fields));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IdentityMembershipFields(Map<String, Value>);

impl IdentityMembershipFields {
    /// Nothing is told.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with these fields for an identity, in place of those that it had.
    #[must_use]
    pub fn set(mut self, identity_id: impl Into<IdentityId>, fields: MembershipFields) -> Self {
        self.0.insert(identity_id.into().into(), Value::Object(fields.0));
        self
    }

    /// What the identity tells; `None` when it is not named.
    pub fn of(&self, identity_id: impl AsRef<str>) -> Option<MembershipFields> {
        self.0.get(identity_id.as_ref())?.as_object().cloned().map(MembershipFields)
    }

    /// The identities that are named.
    pub fn identities(&self) -> impl Iterator<Item = IdentityId> {
        self.0.iter().filter(|(_, fields)| fields.is_object()).map(|(id, _)| id.into())
    }

    /// The fields that are told without an identity, as simple answers do: they are those of the caller.
    pub fn unnamed(&self) -> MembershipFields {
        let fields = self.0.iter().filter(|(_, field)| !field.is_object());
        MembershipFields(fields.map(|(name, field)| (name.clone(), field.clone())).collect())
    }

    /// The document as it is on the wire.
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }
}

/// Fields as they are on the wire, for whoever has them as JSON.
impl From<Map<String, Value>> for IdentityMembershipFields {
    fn from(fields: Map<String, Value>) -> Self {
        Self(fields)
    }
}
