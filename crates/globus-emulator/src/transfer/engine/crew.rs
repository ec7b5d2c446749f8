//! Threads that help with a task.

use std::collections::VecDeque;
use std::num::NonZero;
use std::sync::{Arc, OnceLock};

use super::job::Job;
use super::moving::Buffers;
use crate::transfer::resume::Done;

/// Threads for one task, where there are as many cores.
pub(super) const MOST: usize = 4;

/// How many threads can be of use. To find out how many can run at once costs more than to copy a small file.
pub(super) fn size() -> usize {
    static SIZE: OnceLock<usize> = OnceLock::new();
    *SIZE.get_or_init(|| std::thread::available_parallelism().map_or(1, NonZero::get).min(MOST))
}

impl Job {
    /// As many helpers as can be of use. Each has handles and counts of its own; what stops the job stops them.
    pub(super) fn helpers(&self) -> Vec<Self> {
        // A rate is no faster with many, and what a killed process left in the way is cleared away by one.
        if self.app.settings.transfer_rate.is_some() || self.done.is_resumed() {
            return Vec::new();
        }
        (1..size()).map(|number| self.helper(number)).collect()
    }

    fn helper(&self, number: usize) -> Self {
        Self {
            app: Arc::clone(&self.app),
            task: self.task.clone(),
            source: self.source.anew(),
            destination: self.destination.anew(),
            options: self.options.clone(),
            tally: self.tally.beside(),
            buffers: Buffers::default(),
            looks_first: false,
            number,
            cancel: Arc::clone(&self.cancel),
            hold: Arc::clone(&self.hold),
            deadline_millis: self.deadline_millis,
            fatal: None,
            scans: VecDeque::new(),
            copies: VecDeque::new(),
            failed: Vec::new(),
            done: Done::default(),
        }
    }
}
