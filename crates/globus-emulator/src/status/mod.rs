//! The pages for people: what there is, what happens, and how to point programs at it. Plain HTML, without script.

mod overview;
mod parts;
mod task;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::app::App;

/// Their paths are none of a service's.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/", get(overview::page)).route("/tasks/{id}", get(task::page))
}

/// Whether the path is that of a page for people, which programs do not ask for.
fn is_page(path: &str) -> bool {
    path == "/" || path == "/favicon.ico" || path.starts_with("/tasks/")
}
