//! The policies of a group: who may see it, and who may join.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::error::GroupsError;

/// What members may be asked for when they join.
const SIGNUP_FIELDS: &[&str] = &[
    "institution",
    "current_project_name",
    "address",
    "city",
    "state",
    "country",
    "address1",
    "address2",
    "zip",
    "phone",
    "department",
    "field_of_science",
];

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Policies {
    /// Whether only those may use the group who logged in a short time ago.
    pub(crate) is_high_assurance: bool,
    /// How short, in seconds.
    pub(crate) authentication_assurance_timeout: i64,
    /// Whether everybody may see the group, and not only its members.
    pub(crate) visible_to_all: bool,
    /// Whether members may see each other, and not only managers.
    pub(crate) members_visible_to_members: bool,
    /// Whether people may ask to join.
    pub(crate) join_requests: bool,
    /// What they must tell before.
    pub(crate) signup_fields: Vec<String>,
}

/// Eight hours.
const TIMEOUT: i64 = 28_800;

impl Default for Policies {
    fn default() -> Self {
        Self {
            is_high_assurance: false,
            authentication_assurance_timeout: TIMEOUT,
            visible_to_all: false,
            members_visible_to_members: false,
            join_requests: false,
            signup_fields: Vec::new(),
        }
    }
}

impl Policies {
    pub(crate) fn visibility(&self) -> &'static str {
        if self.visible_to_all { "authenticated" } else { "private" }
    }

    pub(crate) fn members_visibility(&self) -> &'static str {
        if self.members_visible_to_members { "members" } else { "managers" }
    }

    pub(crate) fn document(&self) -> Value {
        json!({
            "is_high_assurance": self.is_high_assurance,
            "authentication_assurance_timeout": self.authentication_assurance_timeout,
            "group_visibility": self.visibility(),
            "group_members_visibility": self.members_visibility(),
            "join_requests": self.join_requests,
            "signup_fields": self.signup_fields,
        })
    }

    /// Changes what the document names; null leaves a policy as it is, but for the timeout, where it stands for the default.
    pub(crate) fn change(&mut self, document: &Map<String, Value>) -> Result<(), GroupsError> {
        let given = |name: &str| document.get(name).filter(|value| !value.is_null());
        let flag = |name: &'static str| {
            given(name)
                .map(|value| {
                    value.as_bool().ok_or_else(|| GroupsError::invalid(name, "must be true or false"))
                })
                .transpose()
        };
        let choice = |name: &'static str, yes: &str, no: &str| {
            given(name)
                .map(|value| match value.as_str() {
                    Some(chosen) if chosen == yes => Ok(true),
                    Some(chosen) if chosen == no => Ok(false),
                    _ => Err(GroupsError::invalid(name, &format!("must be {yes} or {no}"))),
                })
                .transpose()
        };
        if let Some(high_assurance) = flag("is_high_assurance")? {
            self.is_high_assurance = high_assurance;
        }
        if let Some(requests) = flag("join_requests")? {
            self.join_requests = requests;
        }
        if let Some(all) = choice("group_visibility", "authenticated", "private")? {
            self.visible_to_all = all;
        }
        if let Some(members) = choice("group_members_visibility", "members", "managers")? {
            self.members_visible_to_members = members;
        }
        if let Some(timeout) = document.get("authentication_assurance_timeout") {
            self.authentication_assurance_timeout = match timeout {
                Value::Null => TIMEOUT,
                value => value.as_i64().filter(|seconds| *seconds > 0).ok_or_else(|| {
                    GroupsError::invalid(
                        "authentication_assurance_timeout",
                        "must be a positive number of seconds",
                    )
                })?,
            };
        }
        if let Some(fields) = given("signup_fields") {
            self.signup_fields = signup_fields(fields)?;
        }
        Ok(())
    }
}

fn signup_fields(given: &Value) -> Result<Vec<String>, GroupsError> {
    let known = |field: &Value| {
        let field = field.as_str().filter(|field| SIGNUP_FIELDS.contains(field));
        field.map(str::to_owned).ok_or_else(|| {
            GroupsError::invalid("signup_fields", &format!("must be among {}", SIGNUP_FIELDS.join(", ")))
        })
    };
    let list = given.as_array().ok_or_else(|| GroupsError::invalid("signup_fields", "must be a list"))?;
    list.iter().map(known).collect()
}
