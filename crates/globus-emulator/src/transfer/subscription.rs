//! Which subscription a collection belongs to, and whether the administrators of that say so.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::Value;

use super::access::caller;
use super::error::TransferError;
use super::permission::{Role, Viewer};
use super::{Answer, body, result};
use crate::app::App;
use crate::groups::Role as GroupRole;
use crate::http::Call;
use crate::lock::lock;

const ID: &str = "subscription_id";
const VERIFIED: &str = "subscription_admin_verified";

/// The subscriptions whose groups the identity is an active member of, and whether it administers them.
fn mine(app: &App, identity: &str) -> Vec<(String, bool)> {
    let groups = lock(&app.groups);
    let mine = groups.groups.values().filter_map(|group| Some((group.role(identity)?, group)));
    mine.filter_map(|(role, group)| Some((group.subscription_id.clone()?, role == GroupRole::Admin)))
        .collect()
}

/// Puts a collection under a subscription, for administrators of the collection who are in the subscription's group; `null`
/// takes it out, `DEFAULT` is the only one that the caller has.
pub(crate) async fn set(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let viewer = Viewer::of(&app, &grant.identity);
    let mine = mine(&app, &grant.identity);
    let wanted = field(&call, ID)?;
    let mut transfer = lock(&app.transfer);
    transfer.with_role(&id, &viewer, Role::Administrator)?;
    let subscription = match (wanted.as_str(), &mine[..]) {
        _ if wanted.is_null() => None,
        (Some("DEFAULT"), [(only, _)]) => Some(only.clone()),
        (Some("DEFAULT"), []) => return Err(TransferError::forbidden("User has no subscription")),
        (Some("DEFAULT"), _) => return Err(TransferError::invalid("User has more than one subscription")),
        (Some(id), all) if all.iter().any(|(known, _)| known == id) => Some(id.to_owned()),
        (Some(id), _) => {
            let message = format!("User is not a member of the group of the subscription '{id}'");
            return Err(TransferError::forbidden(message));
        }
        (None, _) => return Err(TransferError::invalid("subscription_id must be an id, DEFAULT or null")),
    };
    let collection = transfer.collections.get_mut(&id).ok_or_else(|| TransferError::no_endpoint(&id))?;
    let before = collection.more.insert(ID.to_owned(), subscription.clone().into());
    if before.as_ref().and_then(Value::as_str) != subscription.as_deref() {
        collection.more.insert(VERIFIED.to_owned(), false.into());
    }
    Ok(result(StatusCode::OK, "result", "Updated", "Endpoint updated successfully"))
}

/// Says that a collection belongs to its subscription indeed, for administrators of that.
pub(crate) async fn verify(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let mine = mine(&app, &grant.identity);
    let verified = field(&call, VERIFIED)?;
    if !verified.is_boolean() {
        return Err(TransferError::invalid("subscription_admin_verified must be true or false"));
    }
    let mut transfer = lock(&app.transfer);
    let collection = transfer.collections.get(&id).ok_or_else(|| TransferError::no_endpoint(&id))?;
    let subscription = collection.more.get(ID).and_then(Value::as_str);
    if !mine.iter().any(|(known, administers)| Some(known.as_str()) == subscription && *administers) {
        let message =
            format!("User does not have an admin role on the collection's subscription to set {VERIFIED}");
        return Err(TransferError::forbidden(message));
    }
    if let Some(collection) = transfer.collections.get_mut(&id) {
        collection.more.insert(VERIFIED.to_owned(), verified);
    }
    Ok(result(StatusCode::OK, "result", "Updated", "Endpoint updated successfully"))
}

fn field(call: &Call, name: &str) -> Result<Value, TransferError> {
    let value = body(call)?.remove(name);
    value.ok_or_else(|| TransferError::invalid(format!("Missing required field '{name}'")))
}
