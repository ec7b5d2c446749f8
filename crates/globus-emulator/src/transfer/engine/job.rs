//! A task's list of what is left to do.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use super::checksum::Check;
use super::moving::Buffers;
use super::options::Options;
use super::side::Side;
use super::tally::Tally;
use crate::app::App;
use crate::lock::lock;
use crate::transfer::access::{Opened, path_error};
use crate::transfer::error::TransferError;
use crate::transfer::fault::Fault;
use crate::transfer::paths;
use crate::transfer::resume::Done;
use crate::transfer::task::{Kind, Task};

/// What is left to do of one path. Paths are absolute in their collections.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// Which item of the document it is part of.
    pub(crate) item: usize,
    pub(crate) from: String,
    /// The same as `from` where something is removed.
    pub(crate) to: String,
    pub(crate) act: Act,
}

#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// What was submitted is a file or a directory, to be found out.
    Find(Shape),
    Directory(Option<Check>),
    File(Option<Check>),
    Link,
    Remove,
}

/// What an item says about its source.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) recursive: Option<bool>,
    /// The destination was written with a slash at its end, so it cannot become a file.
    pub(crate) into_directory: bool,
    pub(crate) check: Option<Check>,
}

impl Step {
    /// Directories are read before files are copied, so that the totals are known early.
    fn is_scan(&self) -> bool {
        matches!(self.act, Act::Find(_) | Act::Directory(_))
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
    pub(super) app: Arc<App>,
    pub(super) task: String,
    pub(super) source: Side,
    pub(super) destination: Side,
    pub(super) options: Options,
    pub(super) tally: Tally,
    pub(super) buffers: Buffers,
    /// Whether the last file was there already, so that it pays to look before the next one is copied.
    pub(super) looks_first: bool,
    /// Which of the threads that work on the task this is; 0 is the one that leads.
    pub(super) number: usize,
    pub(super) cancel: Arc<AtomicBool>,
    pub(super) hold: Arc<AtomicBool>,
    /// As it was when the tally was last told.
    pub(super) deadline_millis: i64,
    pub(super) fatal: Option<Fault>,
    pub(super) scans: VecDeque<Step>,
    pub(super) copies: VecDeque<Step>,
    pub(super) failed: Vec<Step>,
    /// What an earlier process did of the task.
    pub(crate) done: Done,
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
            source: Side::new(source),
            destination: Side::new(destination),
            options: Options::read(&task.request)?,
            tally: Tally::new(),
            buffers: Buffers::default(),
            looks_first: false,
            number: 0,
            cancel: Arc::clone(&task.cancel),
            hold: Arc::clone(&task.hold),
            deadline_millis: task.deadline_millis,
            fatal: None,
            scans: VecDeque::new(),
            copies: VecDeque::new(),
            failed: Vec::new(),
            done: Done::default(),
        };
        let items = task.request.get("DATA").and_then(Value::as_array).into_iter().flatten();
        for (number, item) in items.enumerate() {
            let step = job.first_step(task.kind, number, item)?;
            job.push(step);
        }
        Ok(job)
    }

    fn first_step(&self, kind: Kind, number: usize, item: &Value) -> Result<Step, TransferError> {
        let path = |field: &str, home: &str| {
            let text = item[field].as_str().filter(|text| !text.is_empty());
            let text = text.ok_or_else(|| TransferError::invalid(format!("An item needs '{field}'")))?;
            paths::absolute(text, home).map_err(|error| path_error(error, text))
        };
        if kind == Kind::Delete {
            let path = path("path", self.source.home())?;
            return Ok(Step { item: number, from: path.clone(), to: path, act: Act::Remove });
        }
        let from = path("source_path", self.source.home())?;
        let to = path("destination_path", self.destination.home())?;
        let act = if item["DATA_TYPE"] == "transfer_symlink_item" {
            Act::Link
        } else {
            let into_directory = item["destination_path"].as_str().is_some_and(|path| path.ends_with('/'));
            let recursive = item["recursive"].as_bool();
            Act::Find(Shape { recursive, into_directory, check: Check::read(item)? })
        };
        Ok(Step { item: number, from, to, act })
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
        self.deadline_millis <= self.app.clock.millis()
    }

    /// What made it senseless to go on.
    pub(crate) fn fatal(&self) -> Option<&Fault> {
        self.fatal.as_ref()
    }

    /// Whether work must stop at once. What is only held goes on later.
    pub(super) fn is_interrupted(&self) -> bool {
        self.is_cancelled() || self.hold.load(Ordering::SeqCst) || self.app.is_stopping() || self.is_expired()
    }

    pub(super) fn push(&mut self, step: Step) {
        if step.is_scan() { self.scans.push_back(step) } else { self.copies.push_back(step) }
    }

    pub(super) fn queue(&mut self, step: Step) {
        self.tally.counters.total += 1;
        self.push(step);
    }

    /// Tells the task what was counted, and hears whether its deadline was moved.
    pub(super) fn tell(&mut self, and: impl FnOnce(&mut Task, &mut Tally)) {
        if let Some(task) = lock(&self.app.transfer).tasks.get_mut_soon(&self.task) {
            self.tally.tell(task, self.app.clock.millis());
            self.deadline_millis = task.deadline_millis;
            and(task, &mut self.tally);
        }
    }

    pub(super) fn tell_if_due(&mut self) {
        if self.tally.is_due() {
            self.tell(|_, _| ());
        }
    }
}
