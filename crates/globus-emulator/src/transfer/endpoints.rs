//! Documents of collections: read, update, delete.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;

use super::access::caller;
use super::collection::Collection;
use super::error::TransferError;
use super::permission::{Role, Viewer};
use super::state::TransferState;
use super::{Answer, body, pause, result};
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
    "user_message",
    "user_message_link",
];

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
    for (field, value) in body {
        if MUTABLE.contains(&field.as_str()) {
            collection.more.insert(field, value);
        }
    }
    Ok(updated())
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
