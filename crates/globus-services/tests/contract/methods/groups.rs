//! `GroupsClient`.

use globus_services::groups::{
    BatchMembershipActions, GroupPolicies, GroupRequiredSignupFields, GroupsClient, IdentityMembershipFields,
    IdentityPreferences, MembershipFields,
};
use globus_services::{GroupId, Nullable, SubscriptionId};
use serde_json::{Map, Value};

use super::groups_batch::with_call;
use super::{Adapter, Clients, build, call, unsayable};
use crate::args::{Args, text};

pub(super) fn client(c: &Clients) -> GroupsClient {
    c.service()
}

/// An id or `null`, where one was given.
pub(super) fn nullable<T: From<String>>(given: Option<Option<String>>) -> Option<Nullable<T>> {
    given.map(|given| given.map(T::from).into())
}

/// The policies of a helper object, or of plain arguments.
pub(super) fn policies(d: &Args) -> GroupPolicies {
    let flag = |name| d.flag(name).unwrap_or_default();
    let fields = d.texts("signup_fields").unwrap_or_default();
    let policies = GroupPolicies::new(
        flag("is_high_assurance"),
        d.id("group_visibility"),
        d.id("group_members_visibility"),
        flag("join_requests"),
        fields.into_iter().map(GroupRequiredSignupFields::from).collect::<Vec<_>>(),
    );
    match d.nullable("authentication_assurance_timeout") {
        Some(timeout) => policies.authentication_assurance_timeout(timeout.as_u64()),
        None => policies,
    }
}

/// The fields of each identity; where none is named, the plain document.
fn fields_by_identity(given: Map<String, Value>) -> IdentityMembershipFields {
    if !given.values().all(Value::is_object) {
        return given.into();
    }
    given.iter().fold(IdentityMembershipFields::new(), |told, (identity, fields)| {
        let fields = fields.as_object().into_iter().flatten();
        let fields = fields
            .fold(MembershipFields::new(), |known, (name, value)| known.set(name.as_str(), text(value)));
        told.set(identity, fields)
    })
}

/// Actions that were added one by one, or a plain document.
fn actions(given: &Value) -> BatchMembershipActions {
    if given.get("$new").is_none() {
        return given.as_object().cloned().unwrap_or_default().into();
    }
    let calls = given["calls"].as_array().into_iter().flatten();
    calls.fold(BatchMembershipActions::new(), |actions, call| {
        let args = call["args"].as_object().map(Args::new);
        let method = call["method"].as_str().unwrap_or_default();
        args.map_or_else(BatchMembershipActions::new, |args| with_call(actions, method, &args))
    })
}

pub(super) const METHODS: &[(&str, Adapter)] = &[
    ("get_my_groups", |c, a| call!(a, client(c).get_my_groups(); statuses: texts)),
    ("get_group", |c, a| call!(a, client(c).get_group(a.id("group_id")); include: texts)),
    ("get_group_by_subscription_id", |c, a| {
        call!(a, client(c).get_group_by_subscription_id(a.id("subscription_id")))
    }),
    ("create_group", |c, a| {
        let Some(data) = a.object("data") else { return unsayable("a group has a name") };
        let parent = nullable::<GroupId>(data.nullable_text("parent_id"));
        let mut request = build!(data, |d| client(c).create_group(d.id("name"));
            description: nullable_text, terms_and_conditions: nullable_text);
        if let Some(parent) = parent {
            request = request.parent_id(parent);
        }
        call!(a, request)
    }),
    ("update_group", |c, a| {
        let Some(data) = a.object("data") else { return unsayable("a document is an object") };
        let request = build!(data, |d| client(c).update_group(a.id("group_id"));
            name: text, description: nullable_text, terms_and_conditions: nullable_text);
        call!(a, request)
    }),
    ("delete_group", |c, a| call!(a, client(c).delete_group(a.id("group_id")))),
    ("set_subscription_admin_verified", |c, a| {
        let id = a.nullable_text("subscription_id").flatten();
        let id = id.map_or(Nullable::Null, |id| SubscriptionId::from(id).into());
        call!(a, client(c).set_subscription_admin_verified(a.id("group_id"), id))
    }),
    ("get_group_policies", |c, a| call!(a, client(c).get_group_policies(a.id("group_id")))),
    ("set_group_policies", |c, a| {
        let Some(data) = a.object("data") else { return unsayable("policies are an object") };
        data.value("$new");
        let policies = policies(&data.object("args").unwrap_or_else(|| Args::new(&data.take())));
        call!(a, client(c).set_group_policies(a.id("group_id"), policies))
    }),
    ("get_identity_preferences", |c, a| call!(a, client(c).get_identity_preferences())),
    ("set_identity_preferences", |c, a| {
        let given = a.value("data").unwrap_or_default();
        let said = given.as_object().into_iter().flatten();
        let said = said.filter_map(|(id, said)| Some((id.as_str(), said["allow_add"].as_bool()?)));
        let preferences =
            said.fold(IdentityPreferences::new(), |known, (id, allow)| known.allow_add(id, allow));
        call!(a, client(c).set_identity_preferences(preferences))
    }),
    ("get_membership_fields", |c, a| call!(a, client(c).get_membership_fields(a.id("group_id")))),
    ("set_membership_fields", |c, a| {
        let given = a.value("data").unwrap_or_default();
        let told = fields_by_identity(given.as_object().cloned().unwrap_or_default());
        call!(a, client(c).set_membership_fields(a.id("group_id"), told))
    }),
    ("batch_membership_action", |c, a| {
        let actions = actions(&a.value("actions").unwrap_or_default());
        call!(a, client(c).batch_membership_action(a.id("group_id"), actions))
    }),
];
