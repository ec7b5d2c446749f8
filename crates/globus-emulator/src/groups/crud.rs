//! Reading, making, changing and deleting groups.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::documents::{children, include};
use super::error::GroupsError;
use super::me::Me;
use super::model::{Group, GroupsState, Membership, Role, Status};
use super::{Answer, may_view};
use crate::app::App;
use crate::auth::{GROUPS_ALL, GROUPS_VIEW};
use crate::http::{Call, json as reply};
use crate::lock::lock;

const VIEW: &[&str] = &[GROUPS_VIEW, GROUPS_ALL];

/// The groups in which the caller has a membership of one of the `statuses`, which are `active` unless said.
pub(crate) async fn my_groups(State(app): State<Arc<App>>, call: Call) -> Answer {
    let me = Me::of(&app, &call, VIEW)?;
    let mut statuses = Vec::new();
    for status in call.list("statuses") {
        let status = Status::parse(&status)
            .ok_or_else(|| GroupsError::invalid("statuses", &format!("must not contain {status}")))?;
        statuses.push(status);
    }
    if statuses.is_empty() {
        statuses.push(Status::Active);
    }
    let groups = lock(&app.groups);
    let is_mine = |group: &&Group| {
        group.memberships_of(&me.identities).any(|membership| statuses.contains(&membership.status))
    };
    let mine: Vec<Value> = groups.groups.values().filter(is_mine).map(|group| group.document(&me)).collect();
    Ok(ok(&mine.into()))
}

/// For each group that the caller manages, how many memberships there are of each status.
pub(crate) async fn statuses(State(app): State<Arc<App>>, call: Call) -> Answer {
    let me = Me::of(&app, &call, VIEW)?;
    let groups = lock(&app.groups);
    let managed =
        groups.groups.values().filter(|group| group.greatest_role(&me.identities) >= Some(Role::Manager));
    let counts: Map<String, Value> = managed.map(|group| (group.id.clone(), group.counts())).collect();
    Ok(ok(&counts.into()))
}

pub(crate) async fn create(State(app): State<Arc<App>>, call: Call) -> Answer {
    let me = Me::of(&app, &call, &[GROUPS_ALL])?;
    let body = object(&call)?;
    let name = body.get("name").and_then(Value::as_str).filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| GroupsError::invalid("name", "must be a text that is not empty"))?;
    let mut group = Group::new(app.ids.uuid(), name, None);
    let mut groups = lock(&app.groups);
    if let Some(parent) = body.get("parent_id").and_then(Value::as_str) {
        let parent = groups.groups.get(parent).ok_or_else(|| GroupsError::not_found(parent))?;
        me.assured_for(parent)?;
        if parent.greatest_role(&me.identities) != Some(Role::Admin) {
            return Err(GroupsError::forbidden("Only an administrator may make subgroups"));
        }
        group.parent_id = Some(parent.id.clone());
    }
    change(&mut group, &body)?;
    if let Some(Value::Object(policies)) = body.get("policies") {
        group.policies.change(policies)?;
    }
    group.set(Membership::new(&me.id, &me.username, Role::Admin, Status::Active, app.clock.millis()));
    let document = group.document(&me);
    groups.groups.insert(group.id.clone(), group);
    Ok(reply(StatusCode::CREATED, &document))
}

pub(crate) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let me = Me::of(&app, &call, VIEW)?;
    let groups = lock(&app.groups);
    let group = may_view(&groups, &id, &me)?;
    let mut document = group.document(&me);
    include(&groups, group, &me, &call.list("include"), &mut document)?;
    Ok(ok(&document))
}

/// The subgroups that the caller may see.
pub(crate) async fn read_children(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let me = Me::of(&app, &call, VIEW)?;
    let groups = lock(&app.groups);
    may_view(&groups, &id, &me)?;
    let mut documents = Vec::new();
    for child in children(&groups, &id).filter(|child| may_view(&groups, &child.id, &me).is_ok()) {
        let mut document = child.document(&me);
        include(&groups, child, &me, &call.list("include"), &mut document)?;
        documents.push(document);
    }
    Ok(ok(&json!({ "children": documents })))
}

pub(crate) async fn update(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let me = Me::of(&app, &call, &[GROUPS_ALL])?;
    let body = object(&call)?;
    let mut groups = lock(&app.groups);
    let mut group = administered(&groups, &id, &me)?.clone();
    change(&mut group, &body)?;
    let document = group.document(&me);
    groups.groups.insert(id, group);
    Ok(ok(&document))
}

pub(crate) async fn delete(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let me = Me::of(&app, &call, &[GROUPS_ALL])?;
    let mut groups = lock(&app.groups);
    let document = administered(&groups, &id, &me)?.document(&me);
    if children(&groups, &id).next().is_some() {
        return Err(GroupsError::conflict("A group with subgroups cannot be deleted"));
    }
    groups.groups.remove(&id);
    Ok(ok(&document))
}

/// The group, if the caller is one of its administrators.
pub(crate) fn administered<'a>(groups: &'a GroupsState, id: &str, me: &Me) -> Result<&'a Group, GroupsError> {
    let group = groups.groups.get(id).ok_or_else(|| GroupsError::not_found(id))?;
    me.assured_for(group)?;
    if group.greatest_role(&me.identities) == Some(Role::Admin) {
        Ok(group)
    } else {
        Err(GroupsError::forbidden("Only an administrator of the group may do this"))
    }
}

/// The body as an object.
pub(crate) fn object(call: &Call) -> Result<Map<String, Value>, GroupsError> {
    call.object().ok_or_else(|| GroupsError::bad_request("The body must be a JSON object"))
}

fn change(group: &mut Group, body: &Map<String, Value>) -> Result<(), GroupsError> {
    match body.get("name") {
        None | Some(Value::Null) => {}
        Some(Value::String(name)) if !name.trim().is_empty() => group.name.clone_from(name),
        Some(_) => return Err(GroupsError::invalid("name", "must be a text that is not empty")),
    }
    for (name, field) in
        [("description", &mut group.description), ("terms_and_conditions", &mut group.terms_and_conditions)]
    {
        match body.get(name) {
            None => {}
            Some(Value::Null) => *field = None,
            Some(Value::String(text)) => *field = Some(text.clone()),
            Some(_) => return Err(GroupsError::invalid(name, "must be a text or null")),
        }
    }
    Ok(())
}

pub(crate) fn ok(document: &Value) -> Response {
    reply(StatusCode::OK, document)
}
