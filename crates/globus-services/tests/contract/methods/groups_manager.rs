//! `GroupsManager`.

use globus_services::GroupId;
use globus_services::groups::GroupsManager;

use super::groups::{client, nullable, policies};
use super::{Adapter, Clients, call};
use crate::args::Args;

fn manager(c: &Clients) -> GroupsManager {
    GroupsManager::new(client(c))
}

/// The role, which the recorded methods need not be given.
pub(super) fn role(a: &Args) -> String {
    a.text("role").unwrap_or_else(|| "member".to_owned())
}

pub(super) const METHODS: &[(&str, Adapter)] = &[
    ("create_group", |c, a| {
        let parent = nullable::<GroupId>(a.nullable_text("parent_id"));
        let mut request = manager(c).create_group(a.id("name"), a.id("description"));
        if let Some(parent) = parent {
            request = request.parent_id(parent);
        }
        call!(a, request)
    }),
    ("set_group_policies", |c, a| call!(a, manager(c).set_group_policies(a.id("group_id"), policies(a)))),
    ("accept_invite", |c, a| call!(a, manager(c).accept_invite(a.id("group_id"), a.id("identity_id")))),
    ("approve_pending", |c, a| call!(a, manager(c).approve_pending(a.id("group_id"), a.id("identity_id")))),
    ("decline_invite", |c, a| call!(a, manager(c).decline_invite(a.id("group_id"), a.id("identity_id")))),
    ("join", |c, a| call!(a, manager(c).join(a.id("group_id"), a.id("identity_id")))),
    ("leave", |c, a| call!(a, manager(c).leave(a.id("group_id"), a.id("identity_id")))),
    ("reject_join_request", |c, a| {
        call!(a, manager(c).reject_join_request(a.id("group_id"), a.id("identity_id")))
    }),
    ("remove_member", |c, a| call!(a, manager(c).remove_member(a.id("group_id"), a.id("identity_id")))),
    ("request_join", |c, a| call!(a, manager(c).request_join(a.id("group_id"), a.id("identity_id")))),
    ("add_member", |c, a| call!(a, manager(c).add_member(a.id("group_id"), a.id("identity_id"), role(a)))),
    ("change_role", |c, a| call!(a, manager(c).change_role(a.id("group_id"), a.id("identity_id"), role(a)))),
    ("invite_member", |c, a| {
        call!(a, manager(c).invite_member(a.id("group_id"), a.id("identity_id"), role(a)))
    }),
];
