//! What a job has counted and not yet told.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::lock::lock;
use crate::transfer::success::Success;
use crate::transfer::task::{Counters, Task};

/// Telling takes a lock that every request takes as well.
const MOST_FILES: usize = 256;
const MOST_BYTES: u64 = 32 * 1024 * 1024;
const LONGEST: Duration = Duration::from_millis(50);
/// How often a task that takes long says so in its events.
const PROGRESS: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct Tally {
    pub(super) counters: Counters,
    pub(super) successes: Vec<Success>,
    /// Paths that a deletion has done with.
    pub(super) removed: Vec<Value>,
    since: Instant,
    /// One for all threads of a task.
    progress: Arc<Mutex<Progress>>,
}

/// When progress was last noted, and the bytes that have moved since.
#[derive(Debug)]
struct Progress {
    noted: Instant,
    moved: u64,
}

impl Tally {
    pub(super) fn new() -> Self {
        Self::with(Arc::new(Mutex::new(Progress { noted: Instant::now(), moved: 0 })))
    }

    /// For another thread of the same task.
    pub(super) fn beside(&self) -> Self {
        Self::with(Arc::clone(&self.progress))
    }

    fn with(progress: Arc<Mutex<Progress>>) -> Self {
        Self {
            counters: Counters::default(),
            successes: Vec::new(),
            removed: Vec::new(),
            since: Instant::now(),
            progress,
        }
    }

    pub(super) fn is_due(&self) -> bool {
        self.successes.len() >= MOST_FILES
            || self.counters.bytes_transferred >= MOST_BYTES
            || self.since.elapsed() >= LONGEST
    }

    /// Tells the task, and starts anew.
    pub(super) fn tell(&mut self, task: &mut Task, now: i64) {
        let new = std::mem::take(&mut self.counters);
        let all = &mut task.counters;
        for (all, new) in [
            (&mut all.files, new.files),
            (&mut all.directories, new.directories),
            (&mut all.symlinks, new.symlinks),
            (&mut all.files_skipped, new.files_skipped),
            (&mut all.files_transferred, new.files_transferred),
            (&mut all.bytes_transferred, new.bytes_transferred),
            (&mut all.bytes_checksummed, new.bytes_checksummed),
            (&mut all.total, new.total),
            (&mut all.succeeded, new.succeeded),
            (&mut all.skipped_errors, new.skipped_errors),
        ] {
            *all += new;
        }
        task.successes.append(&mut self.successes);
        task.removed.append(&mut self.removed);
        self.since = Instant::now();
        let mut progress = lock(&self.progress);
        progress.moved += new.bytes_transferred;
        let is_due = progress.noted.elapsed() >= PROGRESS;
        drop(progress);
        if is_due {
            self.note(task, now);
        }
    }

    /// An event that says how much has moved since the last one, if anything has.
    pub(super) fn note(&self, task: &mut Task, now: i64) {
        let now_noted = Progress { noted: Instant::now(), moved: 0 };
        let before = std::mem::replace(&mut *lock(&self.progress), now_noted);
        let (seconds, bytes) = (before.noted.elapsed().as_secs_f64(), before.moved);
        if bytes > 0 {
            let mbps = bytes as f64 * 8e-6 / seconds.max(1e-6);
            let details =
                json!({ "bytes_transferred": bytes, "duration": round(seconds), "mbps": round(mbps) });
            task.event(now, "PROGRESS", false, "progress", &details);
        }
    }

    /// Time in which nothing was done is none in which bytes could move.
    pub(super) fn start(&self) {
        lock(&self.progress).noted = Instant::now();
    }
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
