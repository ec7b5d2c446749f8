//! What managers see and do on the collections that they look after: everybody's tasks, pauses, and pause rules.

mod actions;
mod endpoints;
mod filter;
mod keys;
mod pause_rules;
mod tasks;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

pub(crate) use self::actions::AdminCancel;
use super::access::caller;
use super::error::TransferError;
use super::permission::{Role, Viewer};
use super::state::TransferState;
use super::task::Task;
use crate::app::App;
use crate::http::Call;

pub(crate) fn routes() -> Router<Arc<App>> {
    let at = |path: &str| format!("/v0.10/endpoint_manager/{path}");
    Router::new()
        .route(&at("monitored_endpoints"), get(endpoints::monitored))
        .route(&at("endpoint/{id}"), get(endpoints::read))
        .route(&at("endpoint/{id}/hosted_endpoint_list"), get(endpoints::hosted))
        .route(&at("endpoint/{id}/access_list"), get(endpoints::access_list))
        .route(&at("task_list"), get(tasks::list))
        .route(&at("task/{id}"), get(tasks::read))
        .route(&at("task/{id}/event_list"), get(tasks::events))
        .route(&at("task/{id}/pause_info"), get(tasks::pause_info))
        .route(&at("task/{id}/successful_transfers"), get(tasks::successful_transfers))
        .route(&at("task/{id}/skipped_errors"), get(tasks::skipped_errors))
        .route(&at("admin_cancel"), post(actions::cancel))
        .route(&at("admin_cancel/{id}"), get(actions::cancel_status))
        .route(&at("admin_pause"), post(actions::pause))
        .route(&at("admin_resume"), post(actions::resume))
        .route(&at("pause_rule_list"), get(pause_rules::list))
        .route(&at("pause_rule"), post(pause_rules::create))
        .route(
            &at("pause_rule/{id}"),
            get(pause_rules::read).put(pause_rules::update).delete(pause_rules::delete),
        )
}

fn viewer(app: &App, call: &Call) -> Result<Viewer, TransferError> {
    Ok(Viewer::of(app, &caller(app, call)?.identity))
}

/// Lets those in who monitor anything at all.
fn check_monitors(transfer: &TransferState, viewer: &Viewer) -> Result<(), TransferError> {
    let monitors = |collection: &super::collection::Collection| {
        collection.allows(transfer, viewer, Role::ActivityMonitor)
    };
    if transfer.collections.values().any(monitors) {
        Ok(())
    } else {
        Err(TransferError::forbidden("This needs the role activity_monitor on some endpoint"))
    }
}

/// Whether the viewer has the role on one of the ends of a task.
fn looks_after(transfer: &TransferState, task: &Task, viewer: &Viewer, role: Role) -> bool {
    let ends = [Some(&task.source), task.destination.as_ref()];
    let mut collections = ends.into_iter().flatten().filter_map(|(id, _)| transfer.collections.get(id));
    collections.any(|collection| collection.allows(transfer, viewer, role))
}

/// The task, if the viewer has the role on one of its ends.
fn task<'a>(
    transfer: &'a TransferState,
    id: &str,
    viewer: &Viewer,
    role: Role,
) -> Result<&'a Task, TransferError> {
    check_monitors(transfer, viewer)?;
    let task = transfer.tasks.get(id).ok_or_else(|| TransferError::no_task(id))?;
    if looks_after(transfer, task, viewer, role) {
        Ok(task)
    } else {
        let message = format!("This needs the role {} on an endpoint of the task", role.as_str());
        Err(TransferError::forbidden(message))
    }
}
