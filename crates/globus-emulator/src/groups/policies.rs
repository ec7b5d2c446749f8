//! What belongs to a group beside its members: policies, fields, subscription; and preferences of identities.

use std::sync::Arc;

use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::crud::{administered, ok};
use super::error::GroupsError;
use super::{Answer, caller, may_view};
use crate::app::App;
use crate::auth::{GROUPS_ALL, GROUPS_VIEW};
use crate::http::Call;
use crate::lock::lock;

pub(crate) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let me = caller(&app, &call, &[GROUPS_VIEW, GROUPS_ALL])?;
    let groups = lock(&app.groups);
    Ok(ok(&may_view(&groups, &id, &me)?.policies.clone().into()))
}

pub(crate) async fn write(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let me = caller(&app, &call, &[GROUPS_ALL])?;
    let body = call.object().ok_or_else(|| GroupsError::invalid("The body must be a JSON object"))?;
    let one_of = |name: &str, values: &[&str]| match body.get(name) {
        Some(value) if !value.as_str().is_some_and(|value| values.contains(&value)) => {
            Err(GroupsError::invalid(format!("{name} must be one of {}", values.join(", "))))
        }
        _ => Ok(()),
    };
    one_of("group_visibility", &["authenticated", "private"])?;
    one_of("group_members_visibility", &["members", "managers"])?;
    let mut groups = lock(&app.groups);
    let group = administered(&mut groups, &id, &me)?;
    for (name, value) in body {
        if group.policies.contains_key(&name) {
            group.policies.insert(name, value);
        }
    }
    Ok(ok(&group.policies.clone().into()))
}

pub(crate) async fn read_fields(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let me = caller(&app, &call, &[GROUPS_VIEW, GROUPS_ALL])?;
    let groups = lock(&app.groups);
    let group = may_view(&groups, &id, &me)?;
    Ok(ok(&group.fields.get(&me).cloned().unwrap_or_else(|| json!({}))))
}

pub(crate) async fn write_fields(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let me = caller(&app, &call, &[GROUPS_ALL])?;
    let body = call.object().ok_or_else(|| GroupsError::invalid("The body must be a JSON object"))?;
    let mut groups = lock(&app.groups);
    may_view(&groups, &id, &me)?;
    let group = groups.groups.get_mut(&id).ok_or_else(|| GroupsError::not_found(&id))?;
    let fields = Value::Object(body);
    group.fields.insert(me, fields.clone());
    Ok(ok(&fields))
}

pub(crate) async fn read_preferences(State(app): State<Arc<App>>, call: Call) -> Answer {
    let me = caller(&app, &call, &[GROUPS_VIEW, GROUPS_ALL])?;
    let groups = lock(&app.groups);
    let mine = groups.preferences.get(&me).cloned().unwrap_or_else(|| json!({ "allow_add": true }));
    Ok(ok(&json!({ me: mine })))
}

pub(crate) async fn write_preferences(State(app): State<Arc<App>>, call: Call) -> Answer {
    let me = caller(&app, &call, &[GROUPS_ALL])?;
    let body = call.object().ok_or_else(|| GroupsError::invalid("The body must be a JSON object"))?;
    let mut groups = lock(&app.groups);
    if let Some(mine) = body.get(&me) {
        groups.preferences.insert(me.clone(), mine.clone());
    }
    let mine = groups.preferences.get(&me).cloned().unwrap_or_else(|| json!({ "allow_add": true }));
    Ok(ok(&json!({ me: mine })))
}

pub(crate) async fn verify_subscription(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    call: Call,
) -> Answer {
    let me = caller(&app, &call, &[GROUPS_ALL])?;
    let body = call.object().ok_or_else(|| GroupsError::invalid("The body must be a JSON object"))?;
    let mut groups = lock(&app.groups);
    let group = administered(&mut groups, &id, &me)?;
    let subscription = body.get("subscription_admin_verified_id").and_then(Value::as_str);
    group.subscription_admin_verified_id = subscription.map(str::to_owned);
    Ok(ok(&json!({ "group_id": id, "subscription_admin_verified_id": subscription })))
}

pub(crate) async fn by_subscription(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    call: Call,
) -> Answer {
    caller(&app, &call, &[GROUPS_VIEW, GROUPS_ALL])?;
    let groups = lock(&app.groups);
    let group = groups.groups.values().find(|group| group.subscription_id.as_deref() == Some(&id));
    let group = group.ok_or_else(|| GroupsError::not_found(&id))?;
    Ok(ok(&json!({
        "group_id": group.id,
        "subscription_id": id,
        "subscription_info": { "is_high_assurance": false, "is_baa": false, "connectors": {} },
    })))
}
