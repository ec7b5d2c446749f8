//! Looking after tasks: read, list, change, cancel, and what happened in them.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::Value;

use super::access::caller;
use super::error::TransferError;
use super::filter::{Fields, Filter, sort};
use super::state::TransferState;
use super::submit::label;
use super::success::Success;
use super::task::{Status, Task};
use super::{Answer, body, pages, result};
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::lock::lock;

/// By what tasks can be filtered and ordered.
const TASK_FIELDS: Fields = &[
    "task_id",
    "type",
    "status",
    "is_ok",
    "is_paused",
    "label",
    "username",
    "owner_id",
    "request_time",
    "completion_time",
    "deadline",
    "source_endpoint",
    "source_endpoint_id",
    "source_endpoint_display_name",
    "destination_endpoint",
    "destination_endpoint_id",
    "destination_endpoint_display_name",
    "nice_status",
    "sync_level",
    "files",
    "directories",
    "bytes_transferred",
    "faults",
];
/// The same for events.
const EVENT_FIELDS: Fields = &["code", "is_error", "time", "description", "details"];

fn own<'a>(transfer: &'a TransferState, id: &str, me: &str) -> Result<&'a Task, TransferError> {
    let task = transfer.tasks.get(id).filter(|task| task.owner_id == me);
    task.ok_or_else(|| TransferError::no_task(id))
}

/// The same, to be changed.
fn own_mut<'a>(transfer: &'a mut TransferState, id: &str, me: &str) -> Result<&'a mut Task, TransferError> {
    own(transfer, id, me)?;
    transfer.tasks.get_mut(id).ok_or_else(|| TransferError::no_task(id))
}

pub(crate) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let now = app.clock.millis();
    let document = own(&lock(&app.transfer), &id, &grant.identity)?.document(now);
    Ok(reply(StatusCode::OK, &document))
}

pub(crate) async fn update(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let body = body(&call)?;
    let mut transfer = lock(&app.transfer);
    let task = own_mut(&mut transfer, &id, &grant.identity)?;
    if task.status != Status::Active && body.contains_key("deadline") {
        return Err(TransferError::new(
            StatusCode::CONFLICT,
            "Conflict",
            "The deadline of a completed task cannot be changed",
        ));
    }
    if body.contains_key("label") {
        task.label = label(&body)?;
    }
    if let Some(text) = body.get("deadline").and_then(Value::as_str) {
        let deadline = crate::clock::parse(text);
        task.deadline_millis =
            deadline.ok_or_else(|| TransferError::invalid(format!("Invalid deadline '{text}'")))?;
    }
    drop(transfer);
    app.wake.notify_waiters();
    Ok(result(StatusCode::OK, "result", "Updated", "Updated task successfully"))
}

/// How long a cancellation waits for the task to stop before it says that it will.
const CANCEL_WAIT: Duration = Duration::from_secs(2);

pub(crate) async fn cancel(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    {
        let mut transfer = lock(&app.transfer);
        let task = own_mut(&mut transfer, &id, &grant.identity)?;
        if task.status != Status::Active {
            return Ok(result(
                StatusCode::OK,
                "result",
                "TaskComplete",
                "The task completed before the cancel request was processed.",
            ));
        }
        task.cancel.store(true, Ordering::SeqCst);
    }
    app.wake.notify_waiters();
    let started = tokio::time::Instant::now();
    while started.elapsed() < CANCEL_WAIT {
        if lock(&app.transfer).tasks.get(&id).is_none_or(|task| task.status != Status::Active) {
            return Ok(result(
                StatusCode::OK,
                "result",
                "Canceled",
                "The task has been cancelled successfully.",
            ));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(result(
        StatusCode::ACCEPTED,
        "result",
        "CancelAccepted",
        "The task cancel is in progress. Check the task status to see when it completes.",
    ))
}

pub(crate) async fn list(State(app): State<Arc<App>>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let filters = Filter::all(&call, TASK_FIELDS)?;
    let now = app.clock.millis();
    let mut documents: Vec<Value> = lock(&app.transfer)
        .tasks
        .values()
        .filter(|task| task.owner_id == grant.identity)
        .map(|task| task.document(now))
        .filter(|document| filters.iter().all(|filter| filter.accepts(document)))
        .collect();
    sort(&mut documents, call.query("orderby").unwrap_or("request_time DESC"), TASK_FIELDS)?;
    pages::by_offset(&call, "task_list", documents)
}

pub(crate) async fn events(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let filter = Filter::parse(call.query("filter").unwrap_or_default(), EVENT_FIELDS)?;
    let events: Vec<Value> = own(&lock(&app.transfer), &id, &grant.identity)?
        .events
        .iter()
        .rev()
        .filter(|event| filter.accepts(event))
        .cloned()
        .collect();
    pages::by_offset(&call, "event_list", events)
}

pub(crate) async fn successful_transfers(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    call: Call,
) -> Answer {
    let grant = caller(&app, &call)?;
    let transfer = lock(&app.transfer);
    let task = own(&transfer, &id, &grant.identity)?;
    pages::by_marker(&call, "successful_transfers", task.completed_successes()?, Success::document)
}

pub(crate) async fn skipped_errors(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    call: Call,
) -> Answer {
    let grant = caller(&app, &call)?;
    let transfer = lock(&app.transfer);
    let task = own(&transfer, &id, &grant.identity)?;
    pages::by_marker(&call, "skipped_errors", task.skipped.iter(), Value::clone)
}
