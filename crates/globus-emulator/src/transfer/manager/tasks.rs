//! Everybody's tasks.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Value, json};

use super::filter::TaskFilter;
use super::keys::Key;
use super::{check_monitors, looks_after, task, viewer};
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::lock::lock;
use crate::transfer::access::account;
use crate::transfer::error::TransferError;
use crate::transfer::permission::{Role, Viewer};
use crate::transfer::state::TransferState;
use crate::transfer::success::Success;
use crate::transfer::task::{Kind, Task};
use crate::transfer::{Answer, pages, pause};

/// The page of a list whose reader says nothing.
const PAGE: usize = 100;

pub(crate) async fn list(State(app): State<Arc<App>>, call: Call) -> Answer {
    let viewer = viewer(&app, &call)?;
    let filter = TaskFilter::read(&app, &call)?;
    let (_, limit) = pages::window(&call, PAGE)?;
    let after = match call.query("last_key").filter(|key| !key.is_empty()) {
        None => None,
        Some(text) => Some(
            Key::read(text).ok_or_else(|| TransferError::invalid(format!("Invalid last_key '{text}'")))?,
        ),
    };
    let transfer = lock(&app.transfer);
    check_monitors(&transfer, &viewer)?;
    for id in &filter.ids {
        task(&transfer, id, &viewer, Role::ActivityMonitor)?;
    }
    let mut found: Vec<(Key, &Task)> = transfer
        .tasks
        .values()
        .filter(|task| looks_after(&transfer, task, &viewer, Role::ActivityMonitor))
        .filter(|task| filter.takes(&transfer, task, || account(&username(&app, &task.owner_id))))
        .map(|task| (Key::of(task), task))
        .filter(|(key, _)| after.as_ref().is_none_or(|after| key > after))
        .collect();
    found.sort_by(|(left, _), (right, _)| left.cmp(right));
    let page: Vec<Value> =
        found.iter().take(limit).map(|(_, task)| document(&app, &transfer, task, &viewer)).collect();
    Ok(reply(
        StatusCode::OK,
        &json!({
            "DATA_TYPE": "task_list",
            "length": page.len(),
            "limit": limit,
            "has_next_page": found.len() > page.len(),
            "last_key": page.len().checked_sub(1).map(|last| found[last].0.text()),
            "DATA": page,
        }),
    ))
}

pub(crate) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let viewer = viewer(&app, &call)?;
    let transfer = lock(&app.transfer);
    let task = task(&transfer, &id, &viewer, Role::ActivityMonitor)?;
    Ok(reply(StatusCode::OK, &document(&app, &transfer, task, &viewer)))
}

pub(crate) async fn events(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let viewer = viewer(&app, &call)?;
    let only_errors = call.flag("filter_is_error") == Some(true);
    let transfer = lock(&app.transfer);
    let task = task(&transfer, &id, &viewer, Role::ActivityMonitor)?;
    let events = task.events.iter().rev().filter(|event| !only_errors || event["is_error"] == true);
    pages::by_offset(&call, "event_list", events.cloned().collect())
}

pub(crate) async fn pause_info(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let viewer = viewer(&app, &call)?;
    let transfer = lock(&app.transfer);
    let task = task(&transfer, &id, &viewer, Role::ActivityMonitor)?;
    Ok(reply(StatusCode::OK, &pause::info(&transfer, task, app.clock.millis())))
}

pub(crate) async fn successful_transfers(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    call: Call,
) -> Answer {
    let viewer = viewer(&app, &call)?;
    let transfer = lock(&app.transfer);
    let task = task(&transfer, &id, &viewer, Role::ActivityMonitor)?;
    pages::by_marker(&call, "successful_transfers", task.completed_successes()?, Success::document)
}

pub(crate) async fn skipped_errors(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    call: Call,
) -> Answer {
    let viewer = viewer(&app, &call)?;
    let transfer = lock(&app.transfer);
    let task = task(&transfer, &id, &viewer, Role::ActivityMonitor)?;
    pages::by_marker(&call, "skipped_errors", task.skipped.iter(), Value::clone)
}

fn username(app: &App, identity: &str) -> String {
    lock(&app.auth).username(identity).to_owned()
}

/// What the owner sees, and who that is, and where the ends are.
fn document(app: &App, transfer: &TransferState, task: &Task, viewer: &Viewer) -> Value {
    let mut document = task.document(app.clock.millis());
    let username = username(app, &task.owner_id);
    let account = account(&username);
    document["owner_string"] = username.into();
    let deletes = task.kind == Kind::Delete;
    let ends = [("source", Some(&task.source)), ("destination", task.destination.as_ref())];
    for (side, end) in ends {
        let collection = end.and_then(|(id, _)| transfer.collections.get(id));
        let host = collection.and_then(|collection| collection.host.as_ref());
        let name = host.and_then(|(id, _)| transfer.collections.get(id)).map(|host| &host.display_name);
        let host_id = host.map(|(id, _)| id);
        let seen = collection.is_some_and(|end| end.allows(transfer, viewer, Role::ActivityMonitor));
        let status = match (seen, deletes && side == "destination") {
            (_, true) => "NO_ENDPOINT",
            (true, false) => "OK",
            (false, false) => "NO_PERMISSION",
        };
        for (field, value) in [
            ("base_path", Value::Null),
            ("host_endpoint", json!(host_id)),
            ("host_endpoint_id", json!(host_id)),
            ("host_endpoint_display_name", json!(name)),
            ("host_path", json!(host.map(|(_, path)| path))),
            ("mapped_collection_id", json!(host_id)),
            ("mapped_collection_display_name", json!(name)),
            ("local_user", json!(seen.then_some(&account))),
            ("local_user_status", status.into()),
        ] {
            document[format!("{side}_{field}")] = value;
        }
    }
    document
}
