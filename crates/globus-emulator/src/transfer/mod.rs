//! Globus Transfer (v0.10 and v2): collections over local directories, and tasks that move real bytes.

mod access;
mod bookmarks;
mod collection;
mod disk;
mod endpoints;
mod engine;
mod envelope;
mod error;
mod fault;
mod files;
mod filter;
mod gate;
mod guests;
mod listing;
mod manager;
mod operations;
mod pages;
mod paths;
mod pause;
mod permission;
mod resume;
mod roles;
mod rules;
mod search;
mod servers;
mod session;
mod shape;
mod sharing;
mod state;
mod submit;
mod subscription;
mod success;
mod task;
mod task_table;
mod tasks;
mod v2;

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use axum::routing::{get, post, put};
use http::StatusCode;
use serde_json::{Map, Value, json};

pub(crate) use self::collection::Collection;
pub(crate) use self::engine::Pace;
pub(crate) use self::error::TransferError;
pub(crate) use self::pause::watch as watch_pauses;
pub(crate) use self::resume::all as resume;
pub(crate) use self::state::TransferState;
pub(crate) use self::task::{Kind, Status, Task};
pub(crate) use self::v2::AccessPoint;
use crate::app::App;
use crate::http::Call;
use crate::lock::lock;

type Answer = Result<Response, TransferError>;

pub(crate) fn routes(app: &Arc<App>) -> Router<Arc<App>> {
    Router::new()
        .route("/v0.10/endpoint_search", get(search::search))
        .route("/v0.10/endpoint", post(endpoints::create))
        .route("/v0.10/endpoint/{id}", get(endpoints::read).put(endpoints::update).delete(endpoints::delete))
        .route("/v0.10/endpoint/{id}/subscription", put(subscription::set))
        .route("/v0.10/endpoint/{id}/subscription_admin_verified", put(subscription::verify))
        .route("/v0.10/endpoint/{id}/server_list", get(servers::list))
        .route("/v0.10/endpoint/{id}/server/{server}", get(servers::read))
        .route("/v0.10/endpoint/{id}/my_effective_pause_rule_list", get(pause::my_rules))
        .route("/v0.10/shared_endpoint", post(guests::create_guest))
        .route("/v0.10/endpoint/{id}/my_shared_endpoint_list", get(guests::my_guests))
        .route("/v0.10/endpoint/{id}/shared_endpoint_list", get(guests::all_guests))
        .route("/v0.10/endpoint/{id}/access_list", get(rules::list))
        .route("/v0.10/endpoint/{id}/access", post(rules::create))
        .route(
            "/v0.10/endpoint/{id}/access/{rule}",
            get(rules::read).put(rules::update).delete(rules::delete),
        )
        .route("/v0.10/endpoint/{id}/role_list", get(roles::list))
        .route("/v0.10/endpoint/{id}/role", post(roles::create))
        .route("/v0.10/endpoint/{id}/role/{role}", get(roles::read).delete(roles::delete))
        .route("/v0.10/bookmark_list", get(bookmarks::list))
        .route("/v0.10/bookmark", post(bookmarks::create))
        .route("/v0.10/bookmark/{id}", get(bookmarks::read).put(bookmarks::update).delete(bookmarks::delete))
        .route("/v0.10/operation/endpoint/{id}/ls", get(gate::ls))
        .route("/v0.10/operation/endpoint/{id}/stat", get(gate::stat))
        .route("/v0.10/operation/endpoint/{id}/mkdir", post(gate::mkdir))
        .route("/v0.10/operation/endpoint/{id}/rename", post(gate::rename))
        .route("/v0.10/submission_id", get(submit::submission_id))
        .route("/v0.10/transfer", post(submit::transfer))
        .route("/v0.10/delete", post(submit::delete))
        .route("/v0.10/task_list", get(tasks::list))
        .route("/v0.10/task/{id}", get(tasks::read).put(tasks::update))
        .route("/v0.10/task/{id}/cancel", post(tasks::cancel))
        .route("/v0.10/task/{id}/event_list", get(tasks::events))
        .route("/v0.10/task/{id}/successful_transfers", get(tasks::successful_transfers))
        .route("/v0.10/task/{id}/skipped_errors", get(tasks::skipped_errors))
        .route("/v0.10/task/{id}/pause_info", get(pause::of_my_task))
        .merge(manager::routes())
        .merge(v2::routes())
        .route_layer(axum::middleware::from_fn_with_state(Arc::clone(app), envelope::complete))
}

/// The body, which must be a JSON object.
fn body(call: &Call) -> Result<Map<String, Value>, TransferError> {
    call.object().ok_or_else(|| TransferError::invalid("The body must be a JSON object"))
}

/// A text that a body must have.
fn required<'a>(body: &'a Map<String, Value>, field: &str) -> Result<&'a str, TransferError> {
    let text = body.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
    text.ok_or_else(|| TransferError::invalid(format!("Missing required field '{field}'")))
}

/// A result document; the envelope adds the rest.
fn result(status: StatusCode, data_type: &str, code: &str, message: &str) -> Response {
    crate::http::json(status, &json!({ "DATA_TYPE": data_type, "code": code, "message": message }))
}

/// A query parameter that counts.
fn number(call: &Call, name: &str, default: usize) -> Result<usize, TransferError> {
    match call.query(name) {
        None | Some("") => Ok(default),
        Some(text) => text
            .parse()
            .map_err(|_| TransferError::invalid(format!("'{name}' must be a number, not '{text}'"))),
    }
}

/// Runs what touches the disk beside the server's own thread.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, TransferError> + Send + 'static,
) -> Result<T, TransferError> {
    let crashed = || {
        TransferError::new(StatusCode::INTERNAL_SERVER_ERROR, "ServiceUnavailable", "The operation broke off")
    };
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(crashed()))
}

/// Remembers that an identity used a collection.
fn note_use(app: &App, identity: &str, collection: &str) {
    let mut transfer = lock(&app.transfer);
    if transfer.recent.get(identity).and_then(|recent| recent.last()).is_some_and(|last| last == collection) {
        return;
    }
    let recent = transfer.recent.or_default(identity);
    recent.retain(|id| id != collection);
    recent.push(collection.to_owned());
}
