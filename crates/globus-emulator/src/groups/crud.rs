//! Reading, making, changing and deleting groups.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value};

use super::error::GroupsError;
use super::model::{Group, GroupsState, Role};
use super::{Answer, caller, may_view, username};
use crate::app::App;
use crate::auth::{GROUPS_ALL, GROUPS_VIEW};
use crate::http::{Call, json as reply};
use crate::lock::lock;

pub(crate) async fn my_groups(State(app): State<Arc<App>>, call: Call) -> Answer {
    let me = caller(&app, &call, &[GROUPS_VIEW, GROUPS_ALL])?;
    let mut statuses = call.list("statuses");
    if statuses.is_empty() {
        statuses.push("active".to_owned());
    }
    let groups = lock(&app.groups);
    let mine: Vec<Value> = groups
        .groups
        .values()
        .filter(|group| group.membership(&me).is_some_and(|mine| statuses.contains(&mine.status)))
        .map(|group| group.document(&me))
        .collect();
    Ok(reply(StatusCode::OK, &mine.into()))
}

pub(crate) async fn create(State(app): State<Arc<App>>, call: Call) -> Answer {
    let me = caller(&app, &call, &[GROUPS_ALL])?;
    let body = call.object().ok_or_else(|| GroupsError::invalid("The body must be a JSON object"))?;
    let name = body.get("name").and_then(Value::as_str).filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| GroupsError::invalid("A group needs a name"))?;
    let mut group = Group::new(app.ids.uuid(), name, None);
    let username = username(&app, &me);
    let mut groups = lock(&app.groups);
    if let Some(parent) = body.get("parent_id").and_then(Value::as_str) {
        let parent = groups.groups.get(parent).ok_or_else(|| GroupsError::not_found(parent))?;
        if parent.role(&me) != Some(Role::Admin) {
            return Err(GroupsError::forbidden("Only an administrator may make subgroups"));
        }
        group.parent_id = Some(parent.id.clone());
    }
    change(&mut group, &body)?;
    group.set(&me, &username, Role::Admin, "active");
    let document = group.document(&me);
    groups.groups.insert(group.id.clone(), group);
    Ok(reply(StatusCode::CREATED, &document))
}

pub(crate) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let me = caller(&app, &call, &[GROUPS_VIEW, GROUPS_ALL])?;
    let groups = lock(&app.groups);
    let group = may_view(&groups, &id, &me)?;
    let mut document = group.document(&me);
    for include in call.list("include") {
        match include.as_str() {
            "memberships" => document["memberships"] = members(group, &me)?,
            "policies" => document["policies"] = group.policies.clone().into(),
            "child_ids" => document["child_ids"] = children(&groups, &id),
            "allowed_actions" => document["allowed_actions"] = allowed_actions(group, &me),
            _ => {}
        }
    }
    Ok(reply(StatusCode::OK, &document))
}

fn members(group: &Group, me: &str) -> Result<Value, GroupsError> {
    let role = group.role(me);
    let all = role >= Some(Role::Manager);
    let open = role.is_some() && group.policy("group_members_visibility") == "members";
    if !(all || open) {
        return Err(GroupsError::forbidden("Only managers may see the members of this group"));
    }
    let listed = group.memberships.iter().filter(|membership| all || membership.status == "active");
    Ok(listed.map(|membership| group.membership_document(membership)).collect())
}

fn children(groups: &GroupsState, id: &str) -> Value {
    let children = groups.groups.values().filter(|group| group.parent_id.as_deref() == Some(id));
    children.map(|group| Value::from(group.id.as_str())).collect()
}

fn allowed_actions(group: &Group, me: &str) -> Value {
    let actions: &[&str] = match group.role(me) {
        Some(Role::Admin) => &["add", "approve", "change_role", "invite", "leave", "reject", "remove"],
        Some(Role::Manager) => &["add", "approve", "invite", "leave", "reject", "remove"],
        Some(Role::Member) => &["leave"],
        None => match group.membership(me).map(|mine| mine.status.as_str()) {
            Some("invited") => &["accept", "decline"],
            Some("pending") => &[],
            _ => &["join", "request_join"],
        },
    };
    actions.iter().map(|&action| Value::from(action)).collect()
}

pub(crate) async fn update(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let me = caller(&app, &call, &[GROUPS_ALL])?;
    let body = call.object().ok_or_else(|| GroupsError::invalid("The body must be a JSON object"))?;
    let mut groups = lock(&app.groups);
    let group = administered(&mut groups, &id, &me)?;
    change(group, &body)?;
    Ok(reply(StatusCode::OK, &group.document(&me)))
}

pub(crate) async fn delete(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let me = caller(&app, &call, &[GROUPS_ALL])?;
    let mut groups = lock(&app.groups);
    let document = administered(&mut groups, &id, &me)?.document(&me);
    if groups.groups.values().any(|group| group.parent_id.as_deref() == Some(&id)) {
        return Err(GroupsError::conflict("A group with subgroups cannot be deleted"));
    }
    groups.groups.remove(&id);
    Ok(reply(StatusCode::OK, &document))
}

/// The group, if the caller is one of its administrators.
pub(crate) fn administered<'a>(
    groups: &'a mut GroupsState,
    id: &str,
    me: &str,
) -> Result<&'a mut Group, GroupsError> {
    let group = groups.groups.get_mut(id).ok_or_else(|| GroupsError::not_found(id))?;
    if group.role(me) == Some(Role::Admin) {
        Ok(group)
    } else {
        Err(GroupsError::forbidden("Only an administrator of the group may do this"))
    }
}

fn change(group: &mut Group, body: &Map<String, Value>) -> Result<(), GroupsError> {
    match body.get("name") {
        None => {}
        Some(Value::String(name)) if !name.trim().is_empty() => group.name.clone_from(name),
        Some(_) => return Err(GroupsError::invalid("A group needs a name")),
    }
    if let Some(description) = body.get("description") {
        group.description = description.as_str().map(str::to_owned);
    }
    if let Some(terms) = body.get("terms_and_conditions") {
        group.terms_and_conditions = terms.as_str().map(str::to_owned);
    }
    Ok(())
}

/// The answer of a call that sets a single field.
pub(crate) fn ok(document: &Value) -> Response {
    reply(StatusCode::OK, document)
}
