//! Documents of collections: create, read, update, delete.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Value, json};

use super::access::caller;
use super::collection::Collection;
use super::error::TransferError;
use super::permission::{Role, Viewer};
use super::state::TransferState;
use super::{Answer, body, pause, result};
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::lock::lock;

pub(crate) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let viewer = Viewer::of(&app, &grant.identity);
    let transfer = lock(&app.transfer);
    let document = transfer.visible(&id, &viewer)?.document(&transfer, &viewer);
    Ok(reply(StatusCode::OK, &document))
}

pub(crate) async fn update(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let body = body(&call)?;
    let viewer = Viewer::of(&app, &grant.identity);
    let mut transfer = lock(&app.transfer);
    let collection = managed(&mut transfer, &id, &viewer)?;
    if let Some(name) = body.get("display_name") {
        let name = name.as_str().filter(|name| !name.trim().is_empty());
        let name = name.ok_or_else(|| TransferError::invalid("display_name must be a text"))?;
        name.clone_into(&mut collection.display_name);
    }
    collection.describe(&body);
    Ok(updated())
}

/// Registers a Globus Connect Personal: a mapped collection of a computer that is not connected yet.
pub(crate) async fn create(State(app): State<Arc<App>>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let body = body(&call)?;
    if body.get("is_globus_connect") != Some(&Value::Bool(true)) {
        return Err(TransferError::invalid(
            "Only Globus Connect Personal is registered here: is_globus_connect",
        ));
    }
    let name = body.get("display_name").and_then(Value::as_str).filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| TransferError::invalid("Missing required field 'display_name'"))?;
    let username = lock(&app.auth).username(&grant.identity).to_owned();
    let owner = (grant.identity.as_str(), username.as_str());
    let mut collection = Collection::new(&app.ids.uuid(), name, "GCP_mapped_collection", owner);
    collection.describe(&body);
    let id = collection.id.clone();
    lock(&app.transfer).collections.insert(id.clone(), collection);
    Ok(reply(
        StatusCode::CREATED,
        &json!({
            "DATA_TYPE": "endpoint_create_result",
            "code": "Created",
            "message": "Endpoint created successfully",
            "id": id,
            "globus_connect_setup_key": app.ids.uuid(),
        }),
    ))
}

pub(crate) async fn delete(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let viewer = Viewer::of(&app, &grant.identity);
    let mut transfer = lock(&app.transfer);
    managed(&mut transfer, &id, &viewer)?;
    // What was shared from it goes with it.
    transfer.collections.retain(|known, collection| {
        *known != id && collection.host.as_ref().is_none_or(|(host, _)| *host != id)
    });
    let TransferState { collections, pause_rules, .. } = &mut *transfer;
    pause_rules.retain(|_, rule| collections.contains_key(&rule.endpoint_id));
    pause::settle(&app, &mut transfer);
    Ok(result(StatusCode::OK, "result", "Deleted", "Endpoint deleted successfully"))
}

fn updated() -> axum::response::Response {
    result(StatusCode::OK, "result", "Updated", "Endpoint updated successfully")
}

fn managed<'a>(
    transfer: &'a mut TransferState,
    id: &str,
    viewer: &Viewer,
) -> Result<&'a mut Collection, TransferError> {
    transfer.with_role(id, viewer, Role::Administrator)?;
    transfer.collections.get_mut(id).ok_or_else(|| TransferError::no_endpoint(id))
}
