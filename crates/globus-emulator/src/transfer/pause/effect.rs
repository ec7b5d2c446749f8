//! Lets rules and pauses take effect on tasks.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;

use super::rule::PauseRule;
use crate::app::App;
use crate::lock::lock;
use crate::transfer::state::TransferState;
use crate::transfer::task::{Status, Task};

/// Brings the running tasks in line with the rules and pauses that there are now.
pub(crate) fn settle(app: &App, transfer: &mut TransferState) {
    let now = app.clock.millis();
    let running = transfer.tasks.values().filter(|task| task.status == Status::Active);
    let changes: Vec<(String, bool)> = running
        .map(|task| (task, is_held(transfer, task, now)))
        .filter(|(task, held)| task.is_held() != *held)
        .map(|(task, held)| (task.id.clone(), held))
        .collect();
    for (id, held) in &changes {
        if let Some(task) = transfer.tasks.get_mut(id) {
            task.set_held(now, *held);
        }
    }
    if !changes.is_empty() {
        app.wake.notify_waiters();
    }
}

/// Holds a task that is about to start, if it has to wait.
pub(crate) fn begin(app: &App, transfer: &TransferState, task: &mut Task) {
    let now = app.clock.millis();
    if is_held(transfer, task, now) {
        task.event(now, "STARTED", false, "started", &json!({}));
        task.set_held(now, true);
    }
}

/// Holds what an earlier process held, and cancels what a manager had cancelled there.
pub(crate) fn restore(app: &App, transfer: &TransferState) {
    let now = app.clock.millis();
    for task in transfer.tasks.values().filter(|task| task.status == Status::Active) {
        task.hold.store(is_held(transfer, task, now), Ordering::SeqCst);
        task.cancel.fetch_or(task.canceled_by_admin.is_some(), Ordering::SeqCst);
    }
}

fn is_held(transfer: &TransferState, task: &Task, now: i64) -> bool {
    task.pause.is_set() || transfer.pause_rules.values().any(|rule| rule.holds_task(transfer, task, now))
}

/// Longer than anybody waits for a rule; a clock that is moved wakes it anyway.
const LOOK_AGAIN: Duration = Duration::from_secs(3600);

/// Sees to it that rules with a time of their own begin to hold then, until the emulator stops.
pub(crate) async fn watch(app: Arc<App>) {
    while !app.is_stopping() {
        // Registered before looking, so that nothing that happens meanwhile is missed.
        let woken = app.wake.notified();
        tokio::pin!(woken);
        woken.as_mut().enable();
        let now = app.clock.millis();
        let next = {
            let mut transfer = lock(&app.transfer);
            settle(&app, &mut transfer);
            transfer.pause_rules.values().map(PauseRule::starts_millis).filter(|start| *start > now).min()
        };
        let wait = next.map_or(LOOK_AGAIN, |start| {
            Duration::from_millis(start.saturating_sub(now).unsigned_abs()).min(LOOK_AGAIN)
        });
        let _ = tokio::time::timeout(wait, woken).await;
    }
}
