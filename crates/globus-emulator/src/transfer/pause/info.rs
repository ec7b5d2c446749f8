//! What those who are held are told.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Value, json};

use super::rule::{Activity, PauseRule};
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::lock::lock;
use crate::transfer::Answer;
use crate::transfer::access::caller;
use crate::transfer::error::TransferError;
use crate::transfer::permission::Viewer;
use crate::transfer::state::TransferState;
use crate::transfer::task::{Status, Task};

/// Why a task is paused, as far as its owner may know.
pub(crate) fn info(transfer: &TransferState, task: &Task, now: i64) -> Value {
    let active = task.status == Status::Active;
    let rules = transfer.pause_rules.values().filter(|rule| active && rule.holds_task(transfer, task, now));
    let rules: Vec<Value> = rules.map(|rule| rule.limited(transfer)).collect();
    let mut document = json!({ "DATA_TYPE": "pause_info_limited", "pause_rules": rules });
    task.pause.write(&mut document);
    document
}

/// `GET task/{id}/pause_info`
pub(crate) async fn of_my_task(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let transfer = lock(&app.transfer);
    let task = transfer.tasks.get(&id).filter(|task| task.owner_id == grant.identity);
    let task = task.ok_or_else(|| TransferError::no_task(&id))?;
    Ok(reply(StatusCode::OK, &info(&transfer, task, app.clock.millis())))
}

/// The rules that hold the caller on a collection.
pub(crate) async fn my_rules(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let viewer = Viewer::of(&app, &grant.identity);
    let transfer = lock(&app.transfer);
    transfer.visible(&id, &viewer)?;
    let mine = effective(&transfer, &id, &grant.identity, app.clock.millis());
    let rules: Vec<Value> = mine.into_iter().map(|rule| rule.limited(&transfer)).collect();
    Ok(reply(
        StatusCode::OK,
        &json!({ "DATA_TYPE": "pause_rule_limited_list", "length": rules.len(), "DATA": rules }),
    ))
}

fn effective<'a>(transfer: &'a TransferState, id: &str, identity: &str, now: i64) -> Vec<&'a PauseRule> {
    let any = |rule: &&PauseRule| {
        Activity::ALL.into_iter().any(|activity| rule.holds(transfer, (id, activity), identity, now))
    };
    transfer.pause_rules.values().filter(any).collect()
}

/// Refuses what a rule holds at once, as it cannot wait.
pub(crate) fn refuse(app: &App, identity: &str, id: &str, activity: Activity) -> Result<(), TransferError> {
    let now = app.clock.millis();
    let transfer = lock(&app.transfer);
    match transfer.pause_rules.values().find(|rule| rule.holds(&transfer, (id, activity), identity, now)) {
        None => Ok(()),
        Some(rule) => Err(TransferError::new(StatusCode::CONFLICT, "Paused", rule.told())),
    }
}
