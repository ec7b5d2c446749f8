//! Documents of groups, as an identity sees them.

use serde_json::{Map, Value, json};

use super::error::GroupsError;
use super::me::Me;
use super::model::{Group, GroupsState, Membership, Role, Status};
use super::rules::{ACTIONS, identities_that_may};
use crate::clock::rfc3339;

/// What may be asked for with `include`.
const INCLUDES: &[&str] = &["memberships", "my_memberships", "policies", "allowed_actions", "child_ids"];

impl Group {
    pub(crate) fn membership_document(&self, membership: &Membership) -> Value {
        json!({
            "group_id": self.id,
            "identity_id": membership.identity_id,
            "username": membership.username,
            "role": membership.role.as_str(),
            "status": membership.status.as_str(),
            "status_reason": membership.status_reason,
            "invite_email_address": membership.invite_email_address,
            "invite_time": membership.invited_millis.map(rfc3339),
            "updated": rfc3339(membership.updated_millis),
            "membership_fields": self.fields.get(&membership.identity_id).cloned().unwrap_or_default(),
            "provisioned": membership.provisioned,
        })
    }

    /// The document as somebody sees it.
    pub(crate) fn document(&self, me: &Me) -> Value {
        let mine: Vec<Value> = self
            .memberships_of(&me.identities)
            .map(|membership| self.membership_document(membership))
            .collect();
        json!({
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "parent_id": self.parent_id,
            "group_type": "regular",
            "enforce_session": self.policies.is_high_assurance,
            "session_limit": self.policies.authentication_assurance_timeout,
            "session_timeouts": me.timeouts(self),
            "my_memberships": mine,
            "policies": {
                "group_visibility": self.policies.visibility(),
                "group_members_visibility": self.policies.members_visibility(),
            },
            "terms_and_conditions": self.terms_and_conditions,
            "subscription_id": self.subscription_id,
            "subscription_info": self.subscription_id.as_ref().map(|_| subscription(true)),
            "subscription_admin_verified_id": self.subscription_admin_verified_id,
        })
    }

    /// How many memberships there are of each status.
    pub(crate) fn counts(&self) -> Value {
        let count = |status: Status| self.memberships.iter().filter(|member| member.status == status).count();
        let counts = Status::ALL.into_iter().map(|status| (status.as_str().to_owned(), count(status).into()));
        Value::Object(counts.collect())
    }
}

/// Adds to a document what was asked for.
pub(crate) fn include(
    groups: &GroupsState,
    group: &Group,
    me: &Me,
    what: &[String],
    document: &mut Value,
) -> Result<(), GroupsError> {
    for include in what {
        match include.as_str() {
            "memberships" => document["memberships"] = members(group, me)?,
            "policies" => document["policies"] = group.policies.document(),
            "child_ids" => {
                document["child_ids"] = children(groups, &group.id).map(|child| child.id.clone()).collect();
            }
            "allowed_actions" => document["allowed_actions"] = allowed_actions(group, me),
            "my_memberships" => {}
            other => {
                let known = INCLUDES.join(", ");
                return Err(GroupsError::invalid("include", &format!("must be among {known}, not {other}")));
            }
        }
    }
    Ok(())
}

/// All members for managers; the active ones for members, where the policy lets them see each other.
fn members(group: &Group, me: &Me) -> Result<Value, GroupsError> {
    let role = group.greatest_role(&me.identities);
    let all = role >= Some(Role::Manager);
    let open = role.is_some() && group.policies.members_visible_to_members;
    if !(all || open) {
        return Err(GroupsError::forbidden("Only managers may see the members of this group"));
    }
    let listed = group.memberships.iter().filter(|membership| all || membership.status == Status::Active);
    Ok(listed.map(|membership| group.membership_document(membership)).collect())
}

/// The groups directly below.
pub(crate) fn children<'a>(groups: &'a GroupsState, id: &'a str) -> impl Iterator<Item = &'a Group> {
    groups.groups.values().filter(move |group| group.parent_id.as_deref() == Some(id))
}

/// For each action, the identities of the caller that may do it.
fn allowed_actions(group: &Group, me: &Me) -> Value {
    let mut allowed = Map::new();
    for action in ACTIONS {
        allowed.insert(action.name().to_owned(), identities_that_may(*action, group, me).into());
    }
    allowed.into()
}

/// What is known of a subscription; names are told to members only.
pub(crate) fn subscription(with_names: bool) -> Value {
    let connector = json!({ "is_ha": true, "is_baa": false });
    let mut info = json!({
        "is_high_assurance": true,
        "is_baa": false,
        "connectors": {
            "49b00fd6-63f1-48ae-b27f-d8af4589f876": connector,
            "7643e831-5f6c-4b47-a07f-8ee90f401d23": connector,
        },
    });
    if with_names {
        info["name"] = "Emulated subscription".into();
        info["subscriber_name"] = "Example University".into();
    }
    info
}
