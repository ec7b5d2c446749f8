//! Going on with the tasks of an earlier process.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use super::blocking;
use super::engine::{self, Act, Job, Step};
use super::error::TransferError;
use super::pause;
use super::submit::open_both;
use super::task::{Counters, Kind, Status, Task};
use crate::app::App;
use crate::lock::lock;

/// Starts every task that was not done.
pub(crate) fn all(app: &Arc<App>) {
    let active: Vec<String> = {
        let transfer = lock(&app.transfer);
        pause::restore(app, &transfer);
        let active = transfer.tasks.values().filter(|task| task.status == Status::Active);
        active.map(|task| task.id.clone()).collect()
    };
    for id in active {
        tokio::spawn(one(Arc::clone(app), id));
    }
}

async fn one(app: Arc<App>, id: String) {
    let Some(task) = recount(&app, &id) else { return };
    let opener = Arc::clone(&app);
    let opened = blocking(move || {
        let (source, destination) = open_both(&opener, &task.grant, &task.request, task.kind)?;
        let mut job = Job::new(opener, &task, source, destination)?;
        job.done = Done::of(&task);
        Ok(job)
    });
    match opened.await {
        Ok(job) => engine::start(job),
        Err(TransferError { code, message, .. }) => {
            engine::finish(&app, &id, Status::Failed, &code, &message);
        }
    }
}

/// The task, with what a second look at everything will count again taken back.
fn recount(app: &App, id: &str) -> Option<Task> {
    let mut transfer = lock(&app.transfer);
    let task = transfer.tasks.get_mut_soon(id)?;
    let before = task.counters;
    task.counters = match task.kind {
        Kind::Delete => Counters { total: 0, succeeded: 0, retrying: 0, ..before },
        Kind::Transfer => {
            let bytes = task.successes.iter().map(|success| success.size).sum();
            Counters {
                files_transferred: task.successes.len() as u64,
                // Of files that were not finished nothing counts: they begin anew.
                bytes_transferred: bytes,
                bytes_checksummed: before.bytes_checksummed.min(bytes),
                faults: before.faults,
                ..Counters::default()
            }
        }
    };
    Some(task.clone())
}

/// What need not be done again.
#[derive(Debug, Default)]
pub(crate) struct Done {
    copied: HashSet<String>,
    skipped: HashSet<String>,
    removed: HashSet<String>,
    /// What a deletion did not find before: whoever waits for it to come shall not be told that it is gone.
    missing: HashSet<String>,
    is_resumed: bool,
}

/// How a step ended before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Succeeded,
    Skipped,
}

impl Done {
    fn of(task: &Task) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let copied = task.successes.iter().map(|file| pair(&file.source_path, &file.destination_path));
        let skipped = task
            .skipped
            .iter()
            .map(|entry| pair(&text(&entry["source_path"]), &text(&entry["destination_path"])));
        let missing = task.events.iter().filter(|event| event["code"] == "FILE_NOT_FOUND");
        Self {
            copied: copied.collect(),
            skipped: skipped.collect(),
            removed: task.removed.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            missing: missing.filter_map(event_path).collect(),
            is_resumed: true,
        }
    }

    /// Whether an earlier process has worked on the task.
    pub(crate) fn is_resumed(&self) -> bool {
        self.is_resumed
    }

    /// How the step ended, if it did.
    pub(crate) fn outcome(&self, step: &Step) -> Option<Outcome> {
        if !self.is_resumed {
            return None;
        }
        let is_done = match step.act {
            Act::File(_) => self.copied.contains(&pair(&step.from, &step.to)),
            Act::Remove => self.removed.contains(&step.from),
            _ => false,
        };
        let is_skipped = || self.skipped.contains(&pair(&step.from, &step.to)).then_some(Outcome::Skipped);
        is_done.then_some(Outcome::Succeeded).or_else(is_skipped)
    }

    /// Whether what is not there may have been removed just before the emulator was killed.
    pub(crate) fn may_have_removed(&self, path: &str) -> bool {
        self.is_resumed && !self.missing.contains(path)
    }
}

/// Two paths as one text; neither holds a zero.
fn pair(from: &str, to: &str) -> String {
    format!("{from}\0{to}")
}

/// The path that an event of a fault is about.
fn event_path(event: &Value) -> Option<String> {
    let details: Value = serde_json::from_str(event["details"].as_str()?).ok()?;
    details["context"][0]["path"].as_str().map(str::to_owned)
}
