//! Groups and who is in them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::policy::Policies;
use crate::store::{Table, tables};

tables! {
    pub(crate) struct GroupsState {
        pub(crate) groups: Table<Group>,
        /// What each identity wants, by its id.
        pub(crate) preferences: Table<Preferences>,
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) parent_id: Option<String>,
    pub(crate) terms_and_conditions: Option<String>,
    pub(crate) subscription_id: Option<String>,
    pub(crate) subscription_admin_verified_id: Option<String>,
    pub(crate) policies: Policies,
    pub(crate) memberships: Vec<Membership>,
    /// What members told about themselves, by identity.
    pub(crate) fields: BTreeMap<String, Map<String, Value>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Membership {
    pub(crate) identity_id: String,
    pub(crate) username: String,
    pub(crate) role: Role,
    pub(crate) status: Status,
    /// Why the status is what it is, as far as anybody said.
    pub(crate) status_reason: Option<String>,
    pub(crate) invite_email_address: Option<String>,
    /// In milliseconds since 1970.
    pub(crate) invited_millis: Option<i64>,
    pub(crate) updated_millis: i64,
    /// Whether nobody had logged in as the identity when it was named.
    pub(crate) provisioned: bool,
}

/// What an identity wants of groups.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Preferences {
    /// Whether administrators may add it without asking.
    pub(crate) allow_add: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { allow_add: true }
    }
}

/// What a member may do; the later the more.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    Member,
    Manager,
    Admin,
}

impl Role {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "member" => Some(Self::Member),
            "manager" => Some(Self::Manager),
            "admin" => Some(Self::Admin),
            _ => None,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Manager => "manager",
            Self::Admin => "admin",
        }
    }
}

/// How somebody stands to a group.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    Active,
    Invited,
    Pending,
    Rejected,
    Removed,
    Left,
    Declined,
}

impl Status {
    pub(crate) const ALL: [Self; 7] = [
        Self::Active,
        Self::Invited,
        Self::Pending,
        Self::Rejected,
        Self::Removed,
        Self::Left,
        Self::Declined,
    ];

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Invited => "invited",
            Self::Pending => "pending",
            Self::Rejected => "rejected",
            Self::Removed => "removed",
            Self::Left => "left",
            Self::Declined => "declined",
        }
    }
}

impl Membership {
    pub(crate) fn new(identity: &str, username: &str, role: Role, status: Status, now: i64) -> Self {
        Self {
            identity_id: identity.to_owned(),
            username: username.to_owned(),
            role,
            status,
            status_reason: None,
            invite_email_address: None,
            invited_millis: (status == Status::Invited).then_some(now),
            updated_millis: now,
            provisioned: false,
        }
    }
}

impl Group {
    pub(crate) fn new(id: String, name: &str, description: Option<&str>) -> Self {
        Self {
            id,
            name: name.to_owned(),
            description: description.map(str::to_owned),
            parent_id: None,
            terms_and_conditions: None,
            subscription_id: None,
            subscription_admin_verified_id: None,
            policies: Policies::default(),
            memberships: Vec::new(),
            fields: BTreeMap::new(),
        }
    }

    pub(crate) fn membership(&self, identity: &str) -> Option<&Membership> {
        self.memberships.iter().find(|membership| membership.identity_id == identity)
    }

    /// The memberships of some identities.
    pub(crate) fn memberships_of<'a>(
        &'a self,
        identities: &'a [String],
    ) -> impl Iterator<Item = &'a Membership> {
        self.memberships.iter().filter(|membership| identities.contains(&membership.identity_id))
    }

    /// The role of an active member.
    pub(crate) fn role(&self, identity: &str) -> Option<Role> {
        self.membership(identity)
            .filter(|membership| membership.status == Status::Active)
            .map(|membership| membership.role)
    }

    /// The greatest role that any of the identities has as an active member.
    pub(crate) fn greatest_role(&self, identities: &[String]) -> Option<Role> {
        let active = self.memberships_of(identities).filter(|membership| membership.status == Status::Active);
        active.map(|membership| membership.role).max()
    }

    /// Adds a membership, or replaces that of the same identity.
    pub(crate) fn set(&mut self, membership: Membership) {
        match self.memberships.iter_mut().find(|known| known.identity_id == membership.identity_id) {
            Some(known) => *known = membership,
            None => self.memberships.push(membership),
        }
    }

    /// How many administrators there are.
    pub(crate) fn admins(&self) -> usize {
        let is_admin = |member: &&Membership| (member.status, member.role) == (Status::Active, Role::Admin);
        self.memberships.iter().filter(is_admin).count()
    }
}

impl GroupsState {
    /// The ids of the groups in which one of the identities is an active member.
    pub(crate) fn joined_by(&self, identities: &[String]) -> Vec<String> {
        let joined = self.groups.values().filter(|group| group.greatest_role(identities).is_some());
        joined.map(|group| group.id.clone()).collect()
    }

    /// The ids and names of all groups.
    pub(crate) fn names(&self) -> Vec<(String, String)> {
        self.groups.values().map(|group| (group.id.clone(), group.name.clone())).collect()
    }
}
