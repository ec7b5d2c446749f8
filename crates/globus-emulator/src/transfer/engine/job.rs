//! A task's list of what is left to do.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use super::options::Options;
use crate::app::App;
use crate::lock::{alone, lock, shared};
use crate::transfer::access::{Opened, path_error};
use crate::transfer::error::TransferError;
use crate::transfer::fault::Fault;
use crate::transfer::paths;
use crate::transfer::task::{Counters, Kind, Task};

/// Paths are absolute in their collections.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// What was submitted: a file or a directory, to be found out.
    Item {
        from: String,
        to: String,
        shape: Shape,
    },
    Directory {
        from: String,
        to: String,
    },
    File {
        from: String,
        to: String,
    },
    Link {
        from: String,
        to: String,
    },
    Remove {
        path: String,
    },
}

/// What an item says about the kind of its source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) recursive: Option<bool>,
    /// The destination was written with a slash at its end, so it cannot become a file.
    pub(crate) into_directory: bool,
}

impl Step {
    /// Directories are read before files are copied, so that the totals are known early.
    fn is_scan(&self) -> bool {
        matches!(self, Self::Item { .. } | Self::Directory { .. })
    }

    fn paths(&self) -> (&str, &str) {
        match self {
            Self::Item { from, to, .. }
            | Self::Directory { from, to }
            | Self::File { from, to }
            | Self::Link { from, to } => (from, to),
            Self::Remove { path } => (path, path),
        }
    }
}

/// Why a step did not get to its end.
#[derive(Debug)]
pub(crate) enum Stop {
    Fault(Fault),
    /// The task was cancelled, is held, has expired, or the emulator stops.
    Interrupted,
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

#[derive(Debug)]
pub(crate) struct Job {
    app: Arc<App>,
    task: String,
    pub(crate) source: Opened,
    pub(crate) destination: Opened,
    pub(crate) options: Options,
    cancel: Arc<AtomicBool>,
    hold: Arc<AtomicBool>,
    scans: VecDeque<Step>,
    copies: VecDeque<Step>,
    failed: Vec<Step>,
}

impl Job {
    pub(crate) fn new(
        app: Arc<App>,
        task: &Task,
        source: Opened,
        destination: Option<Opened>,
    ) -> Result<Self, TransferError> {
        let destination = destination.unwrap_or_else(|| source.clone());
        let mut job = Self {
            app,
            task: task.id.clone(),
            source,
            destination,
            options: Options::read(&task.request)?,
            cancel: Arc::clone(&task.cancel),
            hold: Arc::clone(&task.hold),
            scans: VecDeque::new(),
            copies: VecDeque::new(),
            failed: Vec::new(),
        };
        for item in task.request.get("DATA").and_then(Value::as_array).into_iter().flatten() {
            let step = job.first_step(task.kind, item)?;
            job.queue(step);
        }
        Ok(job)
    }

    fn first_step(&self, kind: Kind, item: &Value) -> Result<Step, TransferError> {
        let path = |field: &str, home: &str| {
            let text = item[field].as_str().filter(|text| !text.is_empty());
            let text = text.ok_or_else(|| TransferError::invalid(format!("An item needs '{field}'")))?;
            paths::absolute(text, home).map_err(|error| path_error(error, text))
        };
        if kind == Kind::Delete {
            return Ok(Step::Remove { path: path("path", &self.source.home)? });
        }
        let from = path("source_path", &self.source.home)?;
        let to = path("destination_path", &self.destination.home)?;
        if item["DATA_TYPE"] == "transfer_symlink_item" {
            return Ok(Step::Link { from, to });
        }
        let into_directory = item["destination_path"].as_str().is_some_and(|path| path.ends_with('/'));
        Ok(Step::Item { from, to, shape: Shape { recursive: item["recursive"].as_bool(), into_directory } })
    }

    pub(crate) fn app(&self) -> Arc<App> {
        Arc::clone(&self.app)
    }

    pub(crate) fn task_id(&self) -> &str {
        &self.task
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::SeqCst)
    }

    pub(crate) fn is_done(&self) -> bool {
        self.scans.is_empty() && self.copies.is_empty() && self.failed.is_empty()
    }

    pub(crate) fn is_expired(&self) -> bool {
        let deadline = lock(&self.app.transfer).tasks.get(&self.task).map(|task| task.deadline_millis);
        deadline.is_none_or(|deadline| deadline <= self.app.clock.millis())
    }

    /// Whether work must stop at once. What is only held goes on later.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.is_cancelled() || self.hold.load(Ordering::SeqCst) || self.app.is_stopping()
    }

    pub(crate) fn queue(&mut self, step: Step) {
        self.update(|task| task.counters.total += 1);
        if step.is_scan() { self.scans.push_back(step) } else { self.copies.push_back(step) }
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut Task)) {
        if let Some(task) = lock(&self.app.transfer).tasks.get_mut_soon(&self.task) {
            change(task);
        }
    }

    pub(crate) fn count(&self, change: impl FnOnce(&mut Counters)) {
        self.update(|task| change(&mut task.counters));
    }

    /// Tries everything that is left once.
    pub(crate) fn pass(&mut self) {
        // The queue was filled before the task was recorded; what is queued later counts itself.
        let waiting = (self.scans.len() + self.copies.len() + self.failed.len()) as u64;
        self.update(|task| {
            if task.counters.total == 0 {
                task.counters.total = waiting;
            }
            task.counters.retrying = 0;
        });
        for step in std::mem::take(&mut self.failed) {
            if step.is_scan() { self.scans.push_back(step) } else { self.copies.push_back(step) }
        }
        let before = self.transferred();
        while let Some(step) = self.scans.pop_front().or_else(|| self.copies.pop_front()) {
            let stopped = self.is_interrupted() || self.is_expired();
            match if stopped { Err(Stop::Interrupted) } else { self.run(&step) } {
                Ok(()) => self.count(|counters| counters.succeeded += 1),
                Err(Stop::Interrupted) => {
                    self.failed.push(step);
                    break;
                }
                Err(Stop::Fault(fault)) => self.trouble(step, fault),
            }
        }
        let moved = self.transferred() - before;
        let (now, retrying) = (self.app.clock.millis(), self.failed.len() as u64);
        self.update(|task| {
            task.counters.retrying = retrying;
            if retrying == 0 {
                task.trouble = None;
            }
            if moved > 0 {
                task.event(now, "PROGRESS", false, "progress", &json!({ "bytes_transferred": moved }));
            }
        });
    }

    fn transferred(&self) -> u64 {
        let transfer = lock(&self.app.transfer);
        transfer.tasks.get(&self.task).map_or(0, |task| task.counters.bytes_transferred)
    }

    fn run(&mut self, step: &Step) -> Result<(), Stop> {
        let app = self.app();
        let still = || shared(&app.tree);
        match step {
            // It takes long, so it opens its files and lets go.
            Step::File { from, to } => self.file(from, to),
            Step::Item { from, to, shape } => {
                let _still = still();
                self.item(from, to, *shape)
            }
            Step::Directory { from, to } => {
                let _still = still();
                self.directory(from, to)
            }
            Step::Remove { path } => {
                let _still = still();
                self.remove(path)
            }
            Step::Link { from, to } => {
                let _alone = alone(&app.tree);
                Ok(self.link(from, to)?)
            }
        }
    }

    /// Records the trouble; the step is tried again unless such errors are to be skipped.
    fn trouble(&mut self, step: Step, fault: Fault) {
        let skip = self.options.skip_source_errors
            && fault.at_source
            && matches!(fault.code, "FILE_NOT_FOUND" | "PERMISSION_DENIED");
        let (from, to) = step.paths();
        let now = self.app.clock.millis();
        if skip {
            let entry = json!({
                "DATA_TYPE": "skipped_error",
                "source_path": from,
                "destination_path": to,
                "error_code": fault.code,
                "error_details": fault.detail,
                "error_time": crate::clock::rfc3339(now),
                "is_directory": matches!(step, Step::Directory { .. }),
                "is_symlink": matches!(step, Step::Link { .. }),
                "is_delete_destination_extra": false,
                "external_checksum": null,
                "checksum_algorithm": null,
            });
            self.update(|task| {
                task.counters.skipped_errors += 1;
                task.skipped.push(entry);
            });
        } else {
            self.update(|task| task.fault(now, fault));
            self.failed.push(step);
        }
    }
}
