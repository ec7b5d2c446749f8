//! Submitting tasks.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::access::{Opened, caller, open};
use super::engine::{self, Job};
use super::error::TransferError;
use super::pause::{self, AdminPause};
use super::task::{Counters, Kind, Status, Task};
use super::{Answer, blocking, body, required, session, shape};
use crate::app::App;
use crate::auth::Grant;
use crate::http::{Call, json as reply};
use crate::ids::is_uuid;
use crate::lock::lock;
use crate::store::{Log, key};

/// Without a deadline a task is given up after a day.
const DAY_MILLIS: i64 = 24 * 3600 * 1000;

pub(crate) async fn submission_id(State(app): State<Arc<App>>, call: Call) -> Answer {
    caller(&app, &call)?;
    Ok(reply(StatusCode::OK, &json!({ "DATA_TYPE": "submission_id", "value": app.ids.uuid() })))
}

pub(crate) async fn transfer(State(app): State<Arc<App>>, call: Call) -> Answer {
    submit(app, call, Kind::Transfer).await
}

pub(crate) async fn delete(State(app): State<Arc<App>>, call: Call) -> Answer {
    submit(app, call, Kind::Delete).await
}

async fn submit(app: Arc<App>, call: Call, kind: Kind) -> Answer {
    let grant = caller(&app, &call)?;
    let request = body(&call)?;
    shape::check(&request, kind)?;
    let submission = required(&request, "submission_id")?.to_owned();
    if !is_uuid(&submission) {
        return Err(TransferError::invalid("submission_id must be a UUID"));
    }
    let key = key(&[&grant.identity, &submission]);
    if let Some(task) = lock(&app.transfer).submissions.get(&key) {
        return Ok(accepted(kind, StatusCode::OK, "Duplicate", task, &submission));
    }
    let opener = Arc::clone(&app);
    let (source, destination, request) = {
        let grant = Arc::clone(&grant);
        blocking(move || {
            check_sessions(&opener, &grant, &request, kind)?;
            let (source, destination) = open_both(&opener, &grant, &request, kind)?;
            Ok((source, destination, request))
        })
        .await?
    };
    let mut task = build(&app, &grant, kind, request, &source, destination.as_ref())?;
    let job = Job::new(Arc::clone(&app), &task, source, destination)?;
    let id = task.id.clone();
    {
        let mut transfer = lock(&app.transfer);
        // The same submission may have arrived twice at once.
        if let Some(task) = transfer.submissions.get(&key) {
            return Ok(accepted(kind, StatusCode::OK, "Duplicate", task, &submission));
        }
        if transfer.tasks.values().any(|other| is_same_work(other, &task)) {
            return Err(TransferError::new(
                StatusCode::CONFLICT,
                "Conflict",
                "A transfer with identical paths has not yet completed",
            ));
        }
        pause::begin(&app, &transfer, &mut task);
        transfer.submissions.insert(key, id.clone());
        transfer.tasks.insert(id.clone(), task);
    }
    engine::start(job);
    Ok(accepted(kind, StatusCode::ACCEPTED, "Accepted", &id, &submission))
}

/// A login must be good enough when a task is submitted; the task goes on when it no longer is.
fn check_sessions(
    app: &App,
    grant: &Grant,
    request: &Map<String, Value>,
    kind: Kind,
) -> Result<(), TransferError> {
    let fields: &[&str] = match kind {
        Kind::Transfer => &["source_endpoint", "destination_endpoint"],
        Kind::Delete => &["endpoint"],
    };
    fields.iter().try_for_each(|field| session::demand(app, grant, required(request, field)?))
}

pub(crate) fn open_both(
    app: &App,
    grant: &Grant,
    request: &Map<String, Value>,
    kind: Kind,
) -> Result<(Opened, Option<Opened>), TransferError> {
    if kind == Kind::Delete {
        return Ok((open_used(app, grant, required(request, "endpoint")?)?, None));
    }
    let source = open_used(app, grant, required(request, "source_endpoint")?)?;
    let destination = open_used(app, grant, required(request, "destination_endpoint")?)?;
    Ok((source, Some(destination)))
}

fn open_used(app: &App, grant: &Grant, id: &str) -> Result<Opened, TransferError> {
    let opened = open(app, grant, id)?;
    super::note_use(app, &grant.identity, id);
    Ok(opened)
}

fn is_same_work(other: &Task, new: &Task) -> bool {
    other.status == Status::Active
        && other.kind == new.kind
        && other.owner_id == new.owner_id
        && other.source.0 == new.source.0
        && other.destination.as_ref().map(|(id, _)| id) == new.destination.as_ref().map(|(id, _)| id)
        && other.request.get("DATA") == new.request.get("DATA")
}

fn build(
    app: &App,
    grant: &Arc<Grant>,
    kind: Kind,
    request: Map<String, Value>,
    source: &Opened,
    destination: Option<&Opened>,
) -> Result<Task, TransferError> {
    if request.get("DATA").and_then(Value::as_array).is_none_or(Vec::is_empty) {
        let (code, message) = match kind {
            Kind::Transfer => {
                ("ClientError.BadRequest.NoTransferItems", "A transfer requires at least one item")
            }
            Kind::Delete => ("ClientError.BadRequest.NoDeleteItems", "A delete requires at least one item"),
        };
        return Err(TransferError::new(StatusCode::BAD_REQUEST, code, message));
    }
    let now = app.clock.millis();
    let deadline_millis = match request.get("deadline").and_then(Value::as_str) {
        None => now + DAY_MILLIS,
        Some(text) => {
            let deadline = crate::clock::parse(text);
            deadline.ok_or_else(|| TransferError::invalid(format!("Invalid deadline '{text}'")))?
        }
    };
    let named = |opened: &Opened| (opened.id.clone(), opened.name.clone());
    Ok(Task {
        id: app.ids.uuid(),
        kind,
        owner_id: grant.identity.clone(),
        grant: Arc::clone(grant),
        label: label(&request)?,
        source: named(source),
        destination: destination.map(named),
        requested_millis: now,
        deadline_millis,
        completed_millis: None,
        status: Status::Active,
        counters: Counters::default(),
        trouble: None,
        fatal: None,
        events: Log::default(),
        successes: Log::default(),
        success_order: OnceLock::new(),
        skipped: Log::default(),
        removed: Log::default(),
        cancel: Arc::new(AtomicBool::new(false)),
        hold: Arc::new(AtomicBool::new(false)),
        pause: AdminPause::default(),
        canceled_by_admin: None,
        request: Arc::new(request),
        request_written: false,
    })
}

/// Labels go into mails and pages: 128 characters, of a small set.
pub(crate) fn label(request: &Map<String, Value>) -> Result<Option<String>, TransferError> {
    let Some(label) = request.get("label").and_then(Value::as_str) else { return Ok(None) };
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | ',');
    if label.chars().count() > 128 || !label.chars().all(plain) {
        return Err(TransferError::invalid(
            "A label has at most 128 letters, digits, spaces, dashes, underscores and commas",
        ));
    }
    Ok(Some(label.to_owned()))
}

fn accepted(kind: Kind, status: StatusCode, code: &str, task: &str, submission: &str) -> Response {
    let (name, data_type) = match kind {
        Kind::Transfer => ("transfer", "transfer_result"),
        Kind::Delete => ("delete", "delete_result"),
    };
    let message = if code == "Duplicate" {
        format!("The {name} was already submitted with this submission_id")
    } else {
        format!("The {name} has been accepted and a task has been created and queued for execution")
    };
    reply(
        status,
        &json!({
            "DATA_TYPE": data_type,
            "code": code,
            "message": message,
            "task_id": task,
            "submission_id": submission,
            "task_link": {
                "DATA_TYPE": "link",
                "href": format!("/v0.10/task/{task}?format=json"),
                "rel": "related",
                "resource": "task",
                "title": "related task",
            },
        }),
    )
}
