//! `BatchMembershipActions`: each method is sent to a group alone.

use globus_services::groups::BatchMembershipActions;

use super::groups::client;
use super::groups_manager::role;
use super::{Adapter, Clients, Making, call};
use crate::args::Args;

/// The group to which recorded actions were sent; their arguments do not name it.
const GROUP: &str = "67bb2273-ed50-5052-9c70-17523468a3d9";

fn alone<'a>(c: &'a Clients, a: &'a Args, method: &str) -> Making<'a> {
    let group_id = a.text("group_id").unwrap_or_else(|| GROUP.to_owned());
    let actions = with_call(BatchMembershipActions::new(), method, a);
    call!(a, client(c).batch_membership_action(group_id, actions))
}

/// `actions` after the call of `method`.
pub(super) fn with_call(actions: BatchMembershipActions, method: &str, a: &Args) -> BatchMembershipActions {
    let ids = a.texts("identity_ids").unwrap_or_default();
    match method {
        "accept_invites" => actions.accept_invites(ids),
        "approve_pending" => actions.approve_pending(ids),
        "decline_invites" => actions.decline_invites(ids),
        "join" => actions.join(ids),
        "leave" => actions.leave(ids),
        "reject_join_requests" => actions.reject_join_requests(ids),
        "remove_members" => actions.remove_members(ids),
        "request_join" => actions.request_join(ids),
        "add_members" => actions.add_members(ids, role(a)),
        "change_roles" => actions.change_roles(ids, role(a)),
        "invite_members" => actions.invite_members(ids, role(a)),
        _ => actions,
    }
}

pub(super) const METHODS: &[(&str, Adapter)] = &[
    ("accept_invites", |c, a| alone(c, a, "accept_invites")),
    ("add_members", |c, a| alone(c, a, "add_members")),
    ("approve_pending", |c, a| alone(c, a, "approve_pending")),
    ("change_roles", |c, a| alone(c, a, "change_roles")),
    ("decline_invites", |c, a| alone(c, a, "decline_invites")),
    ("invite_members", |c, a| alone(c, a, "invite_members")),
    ("join", |c, a| alone(c, a, "join")),
    ("leave", |c, a| alone(c, a, "leave")),
    ("reject_join_requests", |c, a| alone(c, a, "reject_join_requests")),
    ("remove_members", |c, a| alone(c, a, "remove_members")),
    ("request_join", |c, a| alone(c, a, "request_join")),
];
