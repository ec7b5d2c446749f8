//! What the library can do, for programs in other languages: faults, the clock, the journal, under `/emulator/`.
//!
//! Bodies must be declared as JSON: a page from elsewhere cannot send that without asking first, and is told no.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use http::{StatusCode, header};
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::faults::{Fault, FaultAction};
use crate::http::{Call, json as reply};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/emulator/faults", post(inject).delete(clear_faults))
        .route("/emulator/clock", post(advance))
        .route("/emulator/requests", get(requests).delete(clear_requests))
}

fn body(call: &Call) -> Option<Map<String, Value>> {
    let kind = call.headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    kind.starts_with("application/json").then(|| call.object()).flatten()
}

fn done() -> Response {
    reply(StatusCode::OK, &json!({ "ok": true }))
}

fn wrong(what: &str) -> Response {
    reply(StatusCode::BAD_REQUEST, &json!({ "code": "BadRequest", "message": what }))
}

/// `{"path_prefix", "method"?, "times"?, "action": "drop" | "truncate" | {"delay_seconds"} | {"status", "headers"?,
/// "body"?, "content_type"?}}`
async fn inject(State(app): State<Arc<App>>, call: Call) -> Response {
    match body(&call).as_ref().and_then(fault) {
        Some(fault) => {
            app.faults.add(fault);
            done()
        }
        None => wrong("A fault is a JSON object with path_prefix and action"),
    }
}

fn fault(body: &Map<String, Value>) -> Option<Fault> {
    let mut fault = Fault::new(body.get("path_prefix")?.as_str()?, action(body.get("action")?)?);
    if let Some(times) = body.get("times") {
        fault = fault.times(u32::try_from(times.as_u64()?).unwrap_or(u32::MAX));
    }
    if let Some(method) = body.get("method") {
        fault = fault.method(method.as_str()?);
    }
    Some(fault)
}

fn action(action: &Value) -> Option<FaultAction> {
    match action.as_str() {
        Some("drop") => return Some(FaultAction::Drop),
        Some("truncate") => return Some(FaultAction::Truncate),
        _ => {}
    }
    if let Some(seconds) = action["delay_seconds"].as_f64() {
        return Duration::try_from_secs_f64(seconds).ok().map(FaultAction::Delay);
    }
    let mut made = FaultAction::status(u16::try_from(action["status"].as_u64()?).ok()?);
    for (name, value) in action["headers"].as_object().into_iter().flatten() {
        made = made.header(name, value.as_str()?);
    }
    Some(match &action["body"] {
        Value::Null => made,
        Value::String(text) => made.body(action["content_type"].as_str().unwrap_or("text/plain"), text),
        document => made.json(document.to_string()),
    })
}

async fn clear_faults(State(app): State<Arc<App>>) -> Response {
    app.faults.clear();
    done()
}

/// `{"advance_seconds": N}`
async fn advance(State(app): State<Arc<App>>, call: Call) -> Response {
    let seconds = body(&call).and_then(|body| body.get("advance_seconds")?.as_f64());
    match seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()) {
        Some(by) => {
            app.clock.advance(by);
            app.wake.notify_waiters();
            reply(StatusCode::OK, &json!({ "now": crate::clock::rfc3339(app.clock.millis()) }))
        }
        None => wrong("The body must be {\"advance_seconds\": N}"),
    }
}

async fn requests(State(app): State<Arc<App>>) -> Response {
    let all: Vec<Value> = app
        .journal
        .all()
        .into_iter()
        .map(|record| {
            json!({
                "method": record.method,
                "path": record.path,
                "query": record.query,
                "status": record.status,
                "authorization": record.authorization,
                "content_type": record.content_type,
                "user_agent": record.user_agent,
                "client_info": record.client_info,
                "body": record.body,
            })
        })
        .collect();
    reply(StatusCode::OK, &json!({ "requests": all }))
}

async fn clear_requests(State(app): State<Arc<App>>) -> Response {
    app.journal.clear();
    done()
}
