//! What belongs to a group beside its members: policies, and subscriptions.

use std::sync::Arc;

use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::crud::{administered, object, ok};
use super::documents::subscription;
use super::error::GroupsError;
use super::me::Me;
use super::model::Role;
use super::{Answer, may_view};
use crate::app::App;
use crate::auth::{GROUPS_ALL, GROUPS_VIEW};
use crate::http::Call;
use crate::lock::lock;

pub(crate) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let me = Me::of(&app, &call, &[GROUPS_VIEW, GROUPS_ALL])?;
    let groups = lock(&app.groups);
    Ok(ok(&may_view(&groups, &id, &me)?.policies.document()))
}

pub(crate) async fn write(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let me = Me::of(&app, &call, &[GROUPS_ALL])?;
    let body = object(&call)?;
    let mut groups = lock(&app.groups);
    let mut group = administered(&groups, &id, &me)?.clone();
    group.policies.change(&body)?;
    let document = group.policies.document();
    groups.groups.insert(id, group);
    Ok(ok(&document))
}

/// Says that a group may use a subscription: for those who administer the group of the subscription. Null takes it back.
pub(crate) async fn verify_subscription(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    call: Call,
) -> Answer {
    let me = Me::of(&app, &call, &[GROUPS_ALL])?;
    let body = object(&call)?;
    let wanted = match body.get("subscription_admin_verified_id") {
        Some(Value::String(subscription)) => Some(subscription.clone()),
        Some(Value::Null) => None,
        _ => return Err(GroupsError::invalid("subscription_admin_verified_id", "must be an id or null")),
    };
    let mut groups = lock(&app.groups);
    let mut group = groups.groups.get(&id).ok_or_else(|| GroupsError::not_found(&id))?.clone();
    let concerned = wanted.as_ref().or(group.subscription_admin_verified_id.as_ref());
    let owner = groups
        .groups
        .values()
        .find(|owner| owner.subscription_id.is_some() && owner.subscription_id.as_ref() == concerned);
    let may = owner.unwrap_or(&group).greatest_role(&me.identities) == Some(Role::Admin);
    if (owner.is_none() && wanted.is_some()) || !may {
        return Err(GroupsError::forbidden("Only an administrator of the subscription may do this"));
    }
    group.subscription_admin_verified_id.clone_from(&wanted);
    groups.groups.insert(id.clone(), group);
    Ok(ok(&json!({ "group_id": id, "subscription_admin_verified_id": wanted })))
}

/// The group of a subscription; anybody may ask, and is told no names.
pub(crate) async fn by_subscription(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    call: Call,
) -> Answer {
    Me::of(&app, &call, &[GROUPS_VIEW, GROUPS_ALL])?;
    let groups = lock(&app.groups);
    let group = groups.groups.values().find(|group| group.subscription_id.as_deref() == Some(&id));
    let group = group.ok_or_else(|| GroupsError::not_found(&id))?;
    Ok(ok(&json!({
        "group_id": group.id,
        "subscription_id": id,
        "subscription_info": subscription(false),
    })))
}
