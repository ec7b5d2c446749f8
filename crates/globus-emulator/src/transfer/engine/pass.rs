//! One attempt at everything that is left.

use std::collections::{HashSet, VecDeque};
use std::ops::ControlFlow;
use std::sync::Mutex;

use serde_json::{Value, json};

use super::job::{Act, Job, Step, Stop};
use crate::lock::lock;
use crate::transfer::fault::Fault;
use crate::transfer::resume::Outcome;

/// Fewer steps are done before a second thread has begun.
const MANY: usize = 64;

impl Job {
    /// Tries everything that is left once.
    pub(crate) fn pass(&mut self) {
        // The queue was filled before the task was recorded; what is queued later counts itself.
        let waiting = (self.scans.len() + self.copies.len() + self.failed.len()) as u64;
        self.source.forget();
        self.destination.forget();
        self.tell(|task, tally| {
            if task.counters.total == 0 {
                task.counters.total = waiting;
            }
            tally.start();
        });
        for step in std::mem::take(&mut self.failed) {
            self.push(step);
        }
        let mut going = ControlFlow::Continue(());
        while going.is_continue()
            && let Some(step) = self.scans.pop_front()
        {
            going = self.attempt(step);
        }
        if going.is_continue() {
            self.copy_all();
        }
        let (now, retrying) = (self.app.clock.millis(), self.failed.len() as u64);
        self.tell(|task, tally| {
            task.counters.retrying = retrying;
            if retrying == 0 {
                task.trouble = None;
            }
            tally.note(task, now);
        });
    }

    /// What the scans have found, by several threads where there is much of it. A deletion has steps that depend on each other.
    fn copy_all(&mut self) {
        let mut copies = std::mem::take(&mut self.copies);
        // Where two items lead to one place, the later one has the last word.
        copies.make_contiguous().sort_by_key(|step| step.item);
        let is_much = copies.len() >= MANY && !matches!(copies[0].act, Act::Remove);
        let mut helpers = if is_much { self.helpers() } else { Vec::new() };
        let again = if helpers.is_empty() { VecDeque::new() } else { take_repeated(&mut copies) };
        let copies = Mutex::new(copies);
        std::thread::scope(|scope| {
            for helper in &mut helpers {
                // Where no thread is to be had, there is one less.
                let _ = std::thread::Builder::new().spawn_scoped(scope, || {
                    helper.work_off(&copies);
                    helper.tell(|_, _| ());
                });
            }
            self.work_off(&copies);
        });
        for mut helper in helpers {
            self.failed.append(&mut helper.failed);
            self.fatal = self.fatal.take().or(helper.fatal);
        }
        if !again.is_empty() && self.fatal.is_none() {
            lock(&copies).extend(again);
            self.work_off(&copies);
        }
        self.copies = std::mem::take(&mut lock(&copies));
    }

    /// Threads begin at different ends, so that they meet in a directory as late as can be.
    fn work_off(&mut self, steps: &Mutex<VecDeque<Step>>) {
        let is_first = self.number.is_multiple_of(2);
        let next = || if is_first { lock(steps).pop_front() } else { lock(steps).pop_back() };
        while let Some(step) = next() {
            if self.attempt(step).is_break() {
                break;
            }
        }
        if self.fatal.is_some() {
            lock(steps).clear();
        }
    }

    /// Does a step, or notes why not. It breaks when there is no sense in going on now.
    fn attempt(&mut self, step: Step) -> ControlFlow<()> {
        match self.done.outcome(&step) {
            Some(Outcome::Succeeded) => {
                self.tally.counters.succeeded += 1;
                return ControlFlow::Continue(());
            }
            Some(Outcome::Skipped) => {
                self.tally.counters.skipped_errors += 1;
                return ControlFlow::Continue(());
            }
            None => {}
        }
        match if self.is_interrupted() { Err(Stop::Interrupted) } else { self.run(&step) } {
            Ok(()) => {
                self.tally.counters.succeeded += 1;
                self.tell_if_due();
            }
            Err(Stop::Interrupted) => {
                self.failed.push(step);
                return ControlFlow::Break(());
            }
            Err(Stop::Fault(fault)) => self.trouble(step, fault),
        }
        if self.fatal.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn run(&mut self, step: &Step) -> Result<(), Stop> {
        match &step.act {
            Act::File(check) => self.file(step, check.as_ref()),
            Act::Find(shape) => self.find(step, shape),
            Act::Directory(check) => self.directory(step, check.as_ref()),
            Act::Remove => {
                let path = step.from.as_str();
                match self.remove(path) {
                    Err(Stop::Fault(fault))
                        if fault.code == "FILE_NOT_FOUND" && self.done.may_have_removed(path) => {}
                    removed => removed?,
                }
                self.tally.removed.push(path.into());
                Ok(())
            }
            Act::Link => self.link(step),
        }
    }

    /// Records the trouble; the step is tried again unless such errors are to be skipped.
    fn trouble(&mut self, step: Step, fault: Fault) {
        // What was opened may be what is wrong.
        self.source.forget();
        self.destination.forget();
        let now = self.app.clock.millis();
        if self.options.skip_source_errors && fault.is_skippable() {
            let entry = skipped(&step, &fault, now);
            let no_extra = self.options.delete_extra && matches!(step.act, Act::Directory(_));
            self.tally.counters.skipped_errors += 1;
            self.tell(|task, _| {
                task.skipped.push(entry);
                if no_extra {
                    let details = json!({ "path": step.to });
                    let text = "extra files at the destination are kept";
                    task.event(now, "DELETE_DESTINATION_EXTRA_SKIPPED", false, text, &details);
                }
            });
            return;
        }
        if self.options.fail_on_quota_errors && fault.is_quota() {
            self.fatal = Some(fault.clone());
        }
        self.tell(|task, _| task.fault(now, fault));
        self.failed.push(step);
    }
}

/// Takes out the steps that lead to where another one leads before them.
fn take_repeated(steps: &mut VecDeque<Step>) -> VecDeque<Step> {
    if steps.front().map(|step| step.item) == steps.back().map(|step| step.item) {
        // The paths of one item are all different.
        return VecDeque::new();
    }
    let mut seen = HashSet::new();
    let is_new: Vec<bool> = steps.iter().map(|step| seen.insert(step.to.as_str())).collect();
    drop(seen);
    let (mut first, mut again) = (VecDeque::with_capacity(steps.len()), VecDeque::new());
    for (step, is_new) in std::mem::take(steps).into_iter().zip(is_new) {
        if is_new { first.push_back(step) } else { again.push_back(step) }
    }
    *steps = first;
    again
}

fn skipped(step: &Step, fault: &Fault, now: i64) -> Value {
    let check = match &step.act {
        Act::File(check) | Act::Directory(check) => check.as_ref(),
        Act::Find(shape) => shape.check.as_ref(),
        Act::Link | Act::Remove => None,
    };
    json!({
        "DATA_TYPE": "skipped_error",
        "source_path": step.from,
        "destination_path": step.to,
        "error_code": fault.code,
        "error_details": fault.detail,
        "error_time": crate::clock::rfc3339(now),
        "is_directory": matches!(step.act, Act::Directory(_)),
        "is_symlink": matches!(step.act, Act::Link),
        "is_delete_destination_extra": false,
        "external_checksum": check.and_then(|check| check.external.as_deref()),
        "checksum_algorithm": check.map(|check| check.algorithm.as_str()),
    })
}
