//! Collections as those see them who monitor them.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::Value;

use super::{check_monitors, viewer};
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::lock::lock;
use crate::transfer::collection::Collection;
use crate::transfer::error::TransferError;
use crate::transfer::permission::{Role, Viewer};
use crate::transfer::state::TransferState;
use crate::transfer::{Answer, pages};

fn documents(transfer: &TransferState, viewer: &Viewer, wanted: impl Fn(&Collection) -> bool) -> Vec<Value> {
    let wanted = transfer.collections.values().filter(|collection| wanted(collection));
    wanted.map(|collection| collection.document(transfer, viewer)).collect()
}

pub(crate) async fn monitored(State(app): State<Arc<App>>, call: Call) -> Answer {
    let viewer = viewer(&app, &call)?;
    let transfer = lock(&app.transfer);
    check_monitors(&transfer, &viewer)?;
    let mine = documents(&transfer, &viewer, |collection| {
        collection.allows(&transfer, &viewer, Role::ActivityMonitor)
    });
    Ok(reply(StatusCode::OK, &pages::whole("monitored_endpoints", &mine)))
}

pub(crate) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let viewer = viewer(&app, &call)?;
    let transfer = lock(&app.transfer);
    let collection = transfer.with_role(&id, &viewer, Role::ActivityMonitor)?;
    Ok(reply(StatusCode::OK, &collection.document(&transfer, &viewer)))
}

/// The guest collections that one hosts.
pub(crate) async fn hosted(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let viewer = viewer(&app, &call)?;
    let transfer = lock(&app.transfer);
    transfer.with_role(&id, &viewer, Role::ActivityMonitor)?;
    let hosted =
        documents(&transfer, &viewer, |guest| guest.host.as_ref().is_some_and(|(host, _)| *host == id));
    Ok(reply(StatusCode::OK, &pages::whole("hosted_endpoint_list", &hosted)))
}

/// The access rules of a guest collection, for those who manage its host.
pub(crate) async fn access_list(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let viewer = viewer(&app, &call)?;
    let transfer = lock(&app.transfer);
    let guest = transfer.collections.get(&id).ok_or_else(|| TransferError::no_endpoint(&id))?;
    let Some((host, _)) = &guest.host else {
        let message = "Only guest collections have access rules";
        return Err(TransferError::new(StatusCode::CONFLICT, "ClientError.NotSupported", message));
    };
    transfer.with_role(host, &viewer, Role::ActivityManager)?;
    let mut document = pages::whole("access_list", &guest.access_list(app.clock.millis()));
    document["endpoint"] = id.into();
    Ok(reply(StatusCode::OK, &document))
}
