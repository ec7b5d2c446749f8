//! Looking after tasks: read, list, change, cancel, and what happened in them.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Value, json};

use super::access::caller;
use super::error::TransferError;
use super::filter::{Filter, sort};
use super::state::TransferState;
use super::submit::label;
use super::task::{Kind, Status, Task};
use super::{Answer, body, number, result};
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::lock::lock;

/// Pages are no longer than this.
const MOST: usize = 1000;
const SUCCESSES_PAGE: usize = 100;

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
        let transfer = lock(&app.transfer);
        let task = own(&transfer, &id, &grant.identity)?;
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
    let filters: Vec<Filter> = call.queries("filter").map(Filter::parse).collect();
    let now = app.clock.millis();
    let mut documents: Vec<Value> = lock(&app.transfer)
        .tasks
        .values()
        .filter(|task| task.owner_id == grant.identity)
        .map(|task| task.document(now))
        .filter(|document| filters.iter().all(|filter| filter.accepts(document)))
        .collect();
    sort(&mut documents, call.query("orderby").unwrap_or("request_time DESC"));
    page(&call, "task_list", documents)
}

pub(crate) async fn events(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let filter = Filter::parse(call.query("filter").unwrap_or_default());
    let events: Vec<Value> = own(&lock(&app.transfer), &id, &grant.identity)?
        .events
        .iter()
        .rev()
        .filter(|event| filter.accepts(event))
        .cloned()
        .collect();
    page(&call, "event_list", events)
}

/// A page by `limit` and `offset`.
fn page(call: &Call, data_type: &str, documents: Vec<Value>) -> Answer {
    let (offset, limit) = (number(call, "offset", 0)?, number(call, "limit", 10)?);
    if limit > MOST {
        return Err(TransferError::invalid(format!("'limit' must not be more than {MOST}")));
    }
    let total = documents.len();
    let page: Vec<Value> = documents.into_iter().skip(offset).take(limit).collect();
    Ok(reply(
        StatusCode::OK,
        &json!({
            "DATA_TYPE": data_type,
            "length": page.len(),
            "limit": limit,
            "offset": offset,
            "total": total,
            "DATA": page,
        }),
    ))
}

pub(crate) async fn successful_transfers(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    call: Call,
) -> Answer {
    let grant = caller(&app, &call)?;
    let transfer = lock(&app.transfer);
    let task = own(&transfer, &id, &grant.identity)?;
    if task.kind == Kind::Delete || task.status == Status::Active {
        return Err(TransferError::invalid("Only completed transfers have a list of successful transfers"));
    }
    marked(&call, "successful_transfers", &task.successes)
}

pub(crate) async fn skipped_errors(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    call: Call,
) -> Answer {
    let grant = caller(&app, &call)?;
    marked(&call, "skipped_errors", &own(&lock(&app.transfer), &id, &grant.identity)?.skipped)
}

/// A page by `marker`, which is the place of its first entry.
fn marked(call: &Call, data_type: &str, documents: &[Value]) -> Answer {
    let start = number(call, "marker", 0)?.min(documents.len());
    let end = (start + SUCCESSES_PAGE).min(documents.len());
    let next = (end < documents.len()).then(|| end.to_string());
    Ok(reply(
        StatusCode::OK,
        &json!({
            "DATA_TYPE": data_type,
            "marker": start.to_string(),
            "next_marker": next,
            "DATA": documents[start..end],
        }),
    ))
}

/// Nobody pauses tasks here.
pub(crate) async fn pause_info(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    own(&lock(&app.transfer), &id, &grant.identity)?;
    Ok(reply(
        StatusCode::OK,
        &json!({
            "DATA_TYPE": "pause_info_limited",
            "pause_rules": [],
            "source_pause_message": null,
            "source_pause_message_share": null,
            "destination_pause_message": null,
            "destination_pause_message_share": null,
        }),
    ))
}
