//! Groups and who is in them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::store::{Table, tables};

tables! {
    pub(crate) struct GroupsState {
        pub(crate) groups: Table<Group>,
        /// What each identity wants: whether and by whom it may be added.
        pub(crate) preferences: Table<Value>,
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
    pub(crate) policies: Map<String, Value>,
    pub(crate) memberships: Vec<Membership>,
    /// What members told about themselves, by identity.
    pub(crate) fields: BTreeMap<String, Value>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Membership {
    pub(crate) identity_id: String,
    pub(crate) username: String,
    pub(crate) role: Role,
    pub(crate) status: String,
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
            policies: default_policies(),
            memberships: Vec::new(),
            fields: BTreeMap::new(),
        }
    }

    pub(crate) fn membership(&self, identity: &str) -> Option<&Membership> {
        self.memberships.iter().find(|membership| membership.identity_id == identity)
    }

    /// The role of an active member.
    pub(crate) fn role(&self, identity: &str) -> Option<Role> {
        self.membership(identity)
            .filter(|membership| membership.status == "active")
            .map(|membership| membership.role)
    }

    pub(crate) fn set(&mut self, identity: &str, username: &str, role: Role, status: &str) {
        let entry = Membership {
            identity_id: identity.to_owned(),
            username: username.to_owned(),
            role,
            status: status.to_owned(),
        };
        match self.memberships.iter_mut().find(|membership| membership.identity_id == identity) {
            Some(membership) => *membership = entry,
            None => self.memberships.push(entry),
        }
    }

    pub(crate) fn policy(&self, name: &str) -> &str {
        self.policies.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub(crate) fn membership_document(&self, membership: &Membership) -> Value {
        json!({
            "group_id": self.id,
            "identity_id": membership.identity_id,
            "username": membership.username,
            "role": membership.role.as_str(),
            "status": membership.status,
        })
    }

    /// The document as an identity sees it.
    pub(crate) fn document(&self, viewer: &str) -> Value {
        let mine: Vec<Value> = self
            .memberships
            .iter()
            .filter(|membership| membership.identity_id == viewer)
            .map(|membership| self.membership_document(membership))
            .collect();
        json!({
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "parent_id": self.parent_id,
            "group_type": "regular",
            "enforce_session": self.policies.get("is_high_assurance"),
            "session_limit": 28800,
            "session_timeouts": {},
            "my_memberships": mine,
            "policies": {
                "group_visibility": self.policy("group_visibility"),
                "group_members_visibility": self.policy("group_members_visibility"),
            },
            "terms_and_conditions": self.terms_and_conditions,
            "subscription_id": self.subscription_id,
            "subscription_info": null,
            "subscription_admin_verified_id": self.subscription_admin_verified_id,
        })
    }
}

fn default_policies() -> Map<String, Value> {
    let policies = json!({
        "is_high_assurance": false,
        "authentication_assurance_timeout": 28800,
        "group_visibility": "private",
        "group_members_visibility": "managers",
        "join_requests": false,
        "signup_fields": [],
    });
    match policies {
        Value::Object(policies) => policies,
        _ => Map::new(),
    }
}
