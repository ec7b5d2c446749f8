//! Runs tasks: what fails is tried again until it works, the task is cancelled, or its deadline passes.

mod at;
mod bytes;
mod checksum;
mod copy;
mod crew;
mod job;
mod moving;
mod options;
mod pace;
mod pass;
mod remove;
mod scan;
mod side;
mod sync;
mod tally;

use std::time::Duration;

use serde_json::json;

pub(crate) use self::job::{Act, Job, Step};
pub(crate) use self::pace::Pace;
use super::task::Status;
use crate::app::App;
use crate::lock::lock;

/// Starts a task that has been recorded already.
pub(crate) fn start(job: Job) {
    tokio::spawn(drive(job));
}

/// However often it failed, a task looks again at least this many times its first interval later.
const LONGEST_WAIT: u32 = 30;

async fn drive(mut job: Job) {
    let app = job.app();
    let id = job.task_id().to_owned();
    let first = app.settings.retry_interval;
    let mut wait = first;
    // Nothing is done for a task that a killed emulator would not know of.
    while app.settle().await.is_err() && !app.is_stopping() {
        tokio::time::sleep(wait).await;
    }
    started(&app, &id);
    loop {
        // Registered before looking, so that nothing that happens meanwhile is missed.
        let woken = app.wake.notified();
        tokio::pin!(woken);
        woken.as_mut().enable();
        let Ok(back) = tokio::task::spawn_blocking(move || {
            job.pass();
            job
        })
        .await
        else {
            finish(&app, &id, Status::Failed, "INTERNAL_ERROR", "The task broke off");
            return;
        };
        job = back;
        if job.is_cancelled() {
            finish(&app, &id, Status::Failed, "CANCELED", "The task was canceled by its owner");
            return;
        }
        if let Some(fault) = job.fatal() {
            finish(&app, &id, Status::Failed, fault.code, &fault.detail);
            return;
        }
        if job.is_done() {
            finish(&app, &id, Status::Succeeded, "SUCCEEDED", "succeeded");
            return;
        }
        if job.is_expired() {
            finish(&app, &id, Status::Failed, "EXPIRED", "The deadline of the task has passed");
            return;
        }
        if app.is_stopping() {
            return;
        }
        let _ = tokio::time::timeout(wait, woken).await;
        wait = (wait * 2).min(first * LONGEST_WAIT).max(Duration::from_millis(1));
    }
}

fn started(app: &App, id: &str) {
    let now = app.clock.millis();
    if let Some(task) = lock(&app.transfer).tasks.get_mut_soon(id).filter(|task| task.events.is_empty()) {
        task.event(now, "STARTED", false, "started", &json!({}));
    }
}

pub(crate) fn finish(app: &App, id: &str, status: Status, code: &str, description: &str) {
    let now = app.clock.millis();
    let mut transfer = lock(&app.transfer);
    let Some(task) = transfer.tasks.get_mut(id) else { return };
    let counters = &mut task.counters;
    let open = counters.total.saturating_sub(counters.succeeded + counters.skipped_errors);
    match code {
        "CANCELED" => counters.canceled = open,
        "EXPIRED" => counters.expired = open,
        _ => {}
    }
    if counters.skipped_errors > 0 {
        let details = json!({ "skipped_errors": counters.skipped_errors });
        task.event(now, "SKIPPED_ERRORS", false, "errors at the source were skipped", &details);
    }
    if status == Status::Failed {
        task.fatal = Some((code.to_owned(), description.to_owned()));
    }
    let counters = task.counters;
    let details = json!({
        "files_succeeded": counters.files_transferred,
        "bytes_transferred": counters.bytes_transferred,
    });
    task.event(now, code, status == Status::Failed && code != "CANCELED", description, &details);
    task.finish(now, status);
}
