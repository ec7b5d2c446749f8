//! Documents of collections: read, update, delete.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::access::caller;
use super::collection::Collection;
use super::error::TransferError;
use super::state::TransferState;
use super::{Answer, body, result};
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::lock::lock;

/// What an owner may change.
const MUTABLE: &[&str] = &[
    "contact_email",
    "contact_info",
    "default_directory",
    "department",
    "description",
    "disable_anonymous_writes",
    "disable_verify",
    "force_encryption",
    "force_verify",
    "info_link",
    "keywords",
    "location",
    "network_use",
    "organization",
    "public",
    "subscription_id",
    "user_message",
    "user_message_link",
];

pub(crate) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let transfer = lock(&app.transfer);
    let collection = transfer.collections.get(&id).ok_or_else(|| TransferError::no_endpoint(&id))?;
    let document = collection.document(&grant.identity);
    let fields = call.list("fields");
    if fields.is_empty() {
        return Ok(reply(StatusCode::OK, &document));
    }
    let chosen: Map<String, Value> = match document {
        Value::Object(document) => {
            document.into_iter().filter(|(name, _)| name == "DATA_TYPE" || fields.contains(name)).collect()
        }
        _ => Map::new(),
    };
    Ok(reply(StatusCode::OK, &chosen.into()))
}

pub(crate) async fn update(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let body = body(&call)?;
    let mut transfer = lock(&app.transfer);
    let collection = managed(&mut transfer, &id, &grant.identity)?;
    if let Some(name) = body.get("display_name") {
        let name = name.as_str().filter(|name| !name.trim().is_empty());
        let name = name.ok_or_else(|| TransferError::invalid("display_name must be a text"))?;
        name.clone_into(&mut collection.display_name);
    }
    for (field, value) in body {
        if MUTABLE.contains(&field.as_str()) {
            collection.more.insert(field, value);
        }
    }
    Ok(updated())
}

pub(crate) async fn delete(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let mut transfer = lock(&app.transfer);
    managed(&mut transfer, &id, &grant.identity)?;
    transfer.collections.remove(&id);
    // What was shared from it goes with it.
    transfer.collections.retain(|_, guest| guest.host.as_ref().is_none_or(|(host, _)| *host != id));
    Ok(result(StatusCode::OK, "result", "Deleted", "Endpoint deleted successfully"))
}

/// Sets the subscription a collection belongs to.
pub(crate) async fn subscription(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    set_one(&app, &id, &call, "subscription_id")
}

pub(crate) async fn subscription_verified(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    call: Call,
) -> Answer {
    set_one(&app, &id, &call, "subscription_admin_verified")
}

fn set_one(app: &App, id: &str, call: &Call, field: &str) -> Answer {
    let grant = caller(app, call)?;
    let value = body(call)?.remove(field);
    let value = value.ok_or_else(|| TransferError::invalid(format!("Missing required field '{field}'")))?;
    let mut transfer = lock(&app.transfer);
    managed(&mut transfer, id, &grant.identity)?.more.insert(field.to_owned(), value);
    Ok(updated())
}

/// The servers behind an endpoint; a local directory has none.
pub(crate) async fn servers(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    caller(&app, &call)?;
    if !lock(&app.transfer).collections.contains_key(&id) {
        return Err(TransferError::no_endpoint(&id));
    }
    Ok(reply(StatusCode::OK, &json!({ "DATA_TYPE": "endpoint_server_list", "endpoint": id, "DATA": [] })))
}

fn updated() -> axum::response::Response {
    result(StatusCode::OK, "result", "Updated", "Endpoint updated successfully")
}

fn managed<'a>(
    transfer: &'a mut TransferState,
    id: &str,
    identity: &str,
) -> Result<&'a mut Collection, TransferError> {
    let collection = transfer.collections.get_mut(id).ok_or_else(|| TransferError::no_endpoint(id))?;
    if collection.is_managed_by(identity) {
        Ok(collection)
    } else {
        Err(TransferError::forbidden("Only an administrator of the endpoint may do this"))
    }
}
