//! Cancelling, pausing and resuming the tasks of others.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::{Path, State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{task, viewer};
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::lock::lock;
use crate::transfer::error::TransferError;
use crate::transfer::pause::{Slot, settle};
use crate::transfer::permission::{Role, Viewer};
use crate::transfer::state::TransferState;
use crate::transfer::task::{Status, Task};
use crate::transfer::{Answer, body, required, result};

/// As many tasks at once.
const MOST: usize = 50;

/// A request to cancel tasks, which takes its time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AdminCancel {
    id: String,
    /// Who asked.
    identity_id: String,
    message: String,
    task_ids: Vec<String>,
}

impl AdminCancel {
    fn is_done(&self, transfer: &TransferState) -> bool {
        let mut tasks = self.task_ids.iter().filter_map(|id| transfer.tasks.get(id));
        tasks.all(|task| task.status != Status::Active)
    }
}

pub(crate) async fn cancel(State(app): State<Arc<App>>, call: Call) -> Answer {
    let viewer = viewer(&app, &call)?;
    let body = body(&call)?;
    let message = required(&body, "message")?;
    let mut transfer = lock(&app.transfer);
    let running = running(&transfer, &body, &viewer)?;
    for (id, slots) in &running {
        if let Some(task) = transfer.tasks.get_mut(id) {
            task.canceled_by_admin = Some((side(slots).to_owned(), message.to_owned()));
            task.cancel.store(true, Ordering::SeqCst);
        }
    }
    let cancel = AdminCancel {
        id: app.ids.uuid(),
        identity_id: viewer.identity,
        message: message.to_owned(),
        task_ids: ids(&body)?.into_iter().map(str::to_owned).collect(),
    };
    let answer = json!({ "DATA_TYPE": "admin_cancel", "id": cancel.id, "done": cancel.is_done(&transfer) });
    transfer.admin_cancels.insert(cancel.id.clone(), cancel);
    drop(transfer);
    app.wake.notify_waiters();
    Ok(reply(StatusCode::OK, &answer))
}

/// On whose side the one stood who cancelled.
fn side(slots: &[Slot]) -> &'static str {
    match (slots.iter().any(|slot| slot.is_source()), slots.iter().any(|slot| !slot.is_source())) {
        (true, true) => "BOTH",
        (true, false) => "SOURCE",
        _ => "DESTINATION",
    }
}

pub(crate) async fn cancel_status(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let viewer = viewer(&app, &call)?;
    let transfer = lock(&app.transfer);
    let cancel = transfer.admin_cancels.get(&id).filter(|cancel| cancel.identity_id == viewer.identity);
    let cancel = cancel.ok_or_else(|| {
        let message = format!("No such admin cancel '{id}'");
        TransferError::new(StatusCode::NOT_FOUND, "AdminCancelNotFound", message)
    })?;
    Ok(reply(
        StatusCode::OK,
        &json!({
            "DATA_TYPE": "admin_cancel",
            "id": cancel.id,
            "message": cancel.message,
            "task_id_list": cancel.task_ids,
            "done": cancel.is_done(&transfer),
        }),
    ))
}

pub(crate) async fn pause(State(app): State<Arc<App>>, call: Call) -> Answer {
    let body = body(&call)?;
    let message = required(&body, "message")?;
    change(&app, &call, &body, |task, slots| task.pause.set(slots, message))?;
    Ok(result(StatusCode::OK, "result", "PauseAccepted", "The tasks are paused"))
}

pub(crate) async fn resume(State(app): State<Arc<App>>, call: Call) -> Answer {
    change(&app, &call, &body(&call)?, |task, slots| task.pause.clear(slots))?;
    Ok(result(StatusCode::OK, "result", "ResumeAccepted", "The tasks go on, unless others hold them"))
}

/// Changes what the viewer says to each of the running tasks, and lets it take effect.
fn change(
    app: &App,
    call: &Call,
    body: &Map<String, Value>,
    act: impl Fn(&mut Task, &[Slot]),
) -> Result<(), TransferError> {
    let viewer = viewer(app, call)?;
    let mut transfer = lock(&app.transfer);
    for (id, slots) in running(&transfer, body, &viewer)? {
        if let Some(task) = transfer.tasks.get_mut(&id) {
            act(task, &slots);
        }
    }
    settle(app, &mut transfer);
    Ok(())
}

/// Those of the tasks named in the body that are still running, each with the places in which the viewer speaks. All of them
/// must be for the viewer to manage.
fn running(
    transfer: &TransferState,
    body: &Map<String, Value>,
    viewer: &Viewer,
) -> Result<Vec<(String, Vec<Slot>)>, TransferError> {
    let mut running = Vec::new();
    for id in ids(body)? {
        let task = task(transfer, id, viewer, Role::ActivityManager)?;
        if task.status == Status::Active {
            running.push((id.to_owned(), Slot::of(transfer, task, viewer)));
        }
    }
    Ok(running)
}

fn ids(body: &Map<String, Value>) -> Result<Vec<&str>, TransferError> {
    let ids = body.get("task_id_list").and_then(Value::as_array).filter(|ids| !ids.is_empty());
    let ids = ids.ok_or_else(|| TransferError::invalid("task_id_list must be a list of task ids"))?;
    if ids.len() > MOST {
        let message = format!("At most {MOST} tasks at once");
        return Err(TransferError::new(StatusCode::CONFLICT, "LimitExceeded", message));
    }
    ids.iter()
        .map(Value::as_str)
        .collect::<Option<_>>()
        .ok_or_else(|| TransferError::invalid("task_id_list must be a list of task ids"))
}
