//! [`BatchMembershipActions`].

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{GroupRole, MembershipAction};
use crate::model::IdentityId;

/// What is to be done to members of a group, all in one request. Each method adds to what was there.
///
/// ```
/// use globus_services::groups::{BatchMembershipActions, GroupRole};
///
/// let actions = BatchMembershipActions::new()
///     .add_members(["ae332d86-d274-11e5-b885-b31714a110e9"], GroupRole::Member)
///     .invite_members(["c699d42e-d274-11e5-bf75-1fc5bf53bb24"], GroupRole::Manager);
/// assert_eq!(actions.len(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
#[must_use = "actions do nothing until they are sent"]
pub struct BatchMembershipActions(Map<String, Value>);

/// The methods for actions: on identities as they are, or on identities with a role.
macro_rules! actions {
    ($( $(#[$meta:meta])* $method:ident = $action:ident $(, $role:ident)?; )*) => { $(
        $(#[$meta])*
        ///
        /// [Service documentation](https://groups.api.globus.org/redoc#tag/membership/operation/group_membership_post_actions_v2_groups__group_id__post)
        pub fn $method<I: Into<IdentityId>>(
            self,
            identity_ids: impl IntoIterator<Item = I>,
            $($role: impl Into<GroupRole>)?
        ) -> Self {
            actions!(@add self, $action, identity_ids $(, $role)?)
        }
    )* };
    (@add $self:ident, $action:ident, $ids:ident) => {
        $self.with(&MembershipAction::$action, $ids, None)
    };
    (@add $self:ident, $action:ident, $ids:ident, $role:ident) => {
        $self.with(&MembershipAction::$action, $ids, Some($role.into()))
    };
}

impl BatchMembershipActions {
    /// Nothing to do yet.
    pub fn new() -> Self {
        Self::default()
    }

    actions! {
        /// Accepts invitations of the caller's own identities.
        accept_invites = Accept;
        /// Adds members with this role (`member` as a rule), without asking them, where their preferences allow it.
        add_members = Add, role;
        /// Lets in those who have asked to join.
        approve_pending = Approve;
        /// Gives members another role.
        change_roles = ChangeRole, role;
        /// Declines invitations of the caller's own identities.
        decline_invites = Decline;
        /// Invites identities to become members with this role (`member` as a rule).
        invite_members = Invite, role;
        /// Joins with the caller's own identities, where the group lets anyone in.
        join = Join;
        /// Leaves with the caller's own identities.
        leave = Leave;
        /// Turns down those who have asked to join.
        reject_join_requests = Reject;
        /// Removes members.
        remove_members = Remove;
        /// Asks to join with the caller's own identities.
        request_join = RequestJoin;
    }

    /// How many identities something is to be done to; one that is in two actions counts twice.
    pub fn len(&self) -> usize {
        self.0.values().filter_map(Value::as_array).map(Vec::len).sum()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn with<I: Into<IdentityId>>(
        mut self,
        action: &MembershipAction,
        identity_ids: impl IntoIterator<Item = I>,
        role: Option<GroupRole>,
    ) -> Self {
        let items = identity_ids.into_iter().map(|id| {
            let mut item = json!({"identity_id": id.into()});
            if let Some(role) = &role {
                item["role"] = role.as_str().into();
            }
            item
        });
        match self.0.entry(action.as_str()).or_insert_with(|| Value::Array(Vec::new())) {
            Value::Array(list) => list.extend(items),
            // A document made by hand may hold anything; what is asked for here takes its place.
            other => *other = items.collect(),
        }
        self
    }
}

/// Actions as they are sent, for whoever has them as JSON.
impl From<Map<String, Value>> for BatchMembershipActions {
    fn from(document: Map<String, Value>) -> Self {
        Self(document)
    }
}
