//! What the library can do, for programs in other languages, under `/__emulator/`: faults, the clock, the journal, the way back.
//!
//! Pages from elsewhere get nowhere here: a browser names them. What changes something must be declared as JSON, which no page
//! can send without asking first.

mod journal;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use http::{StatusCode, header};
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::error::Error;
use crate::faults::Fault;
use crate::http::{Call, json as reply};
use crate::lock::lock;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/__emulator/faults", get(faults).post(inject).delete(clear_faults))
        .route("/__emulator/faults/{id}", get(fault).delete(remove_fault))
        .route("/__emulator/clock", get(clock).post(set_clock))
        .route("/__emulator/requests", get(journal::requests).delete(journal::clear))
        .route("/__emulator/state", get(state))
        .route("/__emulator/reset", post(reset))
}

/// Whether the path is one of these. They have no faults, and are not in the journal.
pub(crate) fn is_at(path: &str) -> bool {
    path.starts_with("/__emulator/")
}

fn ok(document: &Value) -> Response {
    reply(StatusCode::OK, document)
}

fn no(status: StatusCode, code: &str, message: &str) -> Response {
    reply(status, &json!({ "code": code, "message": message }))
}

fn wrong(message: &str) -> Response {
    no(StatusCode::BAD_REQUEST, "BadRequest", message)
}

const NOT_JSON: &str = "The request must have the header Content-Type: application/json";

fn is_json(call: &Call) -> bool {
    let kind = call.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/json"))
}

async fn faults(State(app): State<Arc<App>>) -> Response {
    ok(&json!({ "faults": app.faults.documents() }))
}

/// One fault, or a list of them; all are added or none. The answer has the documents as they are now, with their ids.
async fn inject(State(app): State<Arc<App>>, call: Call) -> Response {
    if !is_json(&call) {
        return wrong(NOT_JSON);
    }
    let text = String::from_utf8_lossy(&call.body);
    let added = Fault::list_from_json(&text).and_then(|faults| {
        faults.into_iter().map(|fault| app.faults.add(fault)).collect::<Result<Vec<String>, Error>>()
    });
    match added {
        Ok(ids) => {
            let documents = app.faults.documents();
            let added = |document: &&Value| ids.iter().any(|id| document["id"] == id.as_str());
            let added: Vec<&Value> = documents.iter().filter(added).collect();
            reply(StatusCode::CREATED, &json!({ "faults": added }))
        }
        Err(error) => wrong(&error.to_string()),
    }
}

async fn fault(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    let documents = app.faults.documents();
    let found = documents.iter().find(|document| document["id"] == id.as_str());
    found.map_or_else(|| no_fault(&id), ok)
}

async fn remove_fault(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    if app.faults.remove(&id) { done() } else { no_fault(&id) }
}

fn no_fault(id: &str) -> Response {
    let message = format!("There is no fault '{id}'; it may have happened as often as it should");
    no(StatusCode::NOT_FOUND, "NotFound", &message)
}

async fn clear_faults(State(app): State<Arc<App>>) -> Response {
    app.faults.clear();
    done()
}

fn done() -> Response {
    ok(&json!({ "ok": true }))
}

fn now(app: &App) -> Map<String, Value> {
    let (now, offset) = (app.clock.millis(), app.clock.offset_millis());
    #[expect(clippy::cast_precision_loss, reason = "exact for all times that there are")]
    let offset = offset as f64 / 1000.0;
    Map::from_iter([
        ("now".to_owned(), crate::clock::rfc3339(now).into()),
        ("offset_seconds".to_owned(), offset.into()),
    ])
}

async fn clock(State(app): State<Arc<App>>) -> Response {
    ok(&now(&app).into())
}

/// `{"advance_seconds": N}` or `{"offset_seconds": N}`
async fn set_clock(State(app): State<Arc<App>>, call: Call) -> Response {
    if !is_json(&call) {
        return wrong(NOT_JSON);
    }
    let body = call.object().unwrap_or_default();
    let number = |name: &str| body.get(name)?.as_f64().filter(|seconds| seconds.abs() < 1e12);
    match (number("advance_seconds").map(Duration::try_from_secs_f64), number("offset_seconds")) {
        (Some(Ok(by)), None) => app.move_clock(|clock| clock.advance(by)),
        #[expect(clippy::cast_possible_truncation, reason = "looked at above")]
        (None, Some(seconds)) => app.move_clock(|clock| clock.set_offset((seconds * 1000.0) as i64)),
        _ => {
            return wrong(
                "The body must be {\"advance_seconds\": N}, with N of 0 or more, or {\"offset_seconds\": N}",
            );
        }
    }
    ok(&now(&app).into())
}

/// How many there are of what.
async fn state(State(app): State<Arc<App>>) -> Response {
    let mut state = now(&app);
    let mut add = |name: &str, value: Value| state.insert(name.to_owned(), value);
    add("url", format!("{}/", app.origin).into());
    add("faults", app.faults.documents().len().into());
    add("last_request", app.journal.last().into());
    add("groups", lock(&app.groups).groups.len().into());
    {
        let auth = lock(&app.auth);
        add("clients", auth.clients.len().into());
        add("identities", auth.identities.len().into());
        add("access_tokens", auth.access.len().into());
        add("refresh_tokens", auth.refresh.len().into());
    }
    {
        let transfer = lock(&app.transfer);
        let mut tasks =
            Map::from_iter(["ACTIVE", "SUCCEEDED", "FAILED"].map(|status| (status.to_owned(), 0.into())));
        for task in transfer.tasks.values() {
            let count = tasks.entry(task.status.as_str()).or_insert(0.into());
            *count = (count.as_u64().unwrap_or(0) + 1).into();
        }
        add("tasks", tasks.into());
        add("collections", transfer.collections.len().into());
    }
    ok(&state.into())
}

async fn reset(State(app): State<Arc<App>>, call: Call) -> Response {
    if !is_json(&call) {
        return wrong(NOT_JSON);
    }
    match crate::reset::reset(&app).await {
        Ok(()) => done(),
        Err(error) => no(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", &error.to_string()),
    }
}
