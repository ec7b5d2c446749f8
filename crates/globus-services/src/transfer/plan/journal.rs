//! [`PlanJournal`]: which submissions a plan has made.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{SubmissionId, TaskId};
use crate::transfer::{TaskHandle, TaskSet};

/// A submission of a plan: first as it is to be sent, then with its task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlanEntry {
    /// How many items of the plan come before.
    pub first_item: u64,
    /// How many items it has.
    pub items: u64,
    /// How many bytes they move, as far as that was said.
    pub bytes: u64,
    /// The id under which it is sent, however often.
    pub submission_id: SubmissionId,
    /// Tells whether the items are still the same when the plan is made again.
    pub fingerprint: u64,
    /// The task, once the service has said which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_id: Option<TaskId>,
}

/// The submissions that a plan has made, from which it goes on after a crash. Made of [entries](PlanEntry), such as the lines of a
/// file, of which a later one takes the place of an earlier one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<PlanEntry>", into = "Vec<PlanEntry>")]
pub struct PlanJournal(BTreeMap<u64, PlanEntry>);

impl PlanJournal {
    /// A journal without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entry, or puts it in the place of the one about the same items.
    pub fn record(&mut self, entry: PlanEntry) {
        self.0.insert(entry.first_item, entry);
    }

    /// The entries in the order of the items.
    pub fn entries(&self) -> impl Iterator<Item = &PlanEntry> {
        self.0.values()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tasks that are known, to be watched.
    pub fn tasks(&self) -> TaskSet {
        let known = self.entries().filter_map(|entry| {
            let mut handle = TaskHandle::new(entry.task_id.clone()?);
            handle.submission_id = Some(entry.submission_id.clone());
            Some(handle)
        });
        known.collect()
    }

    /// The entry that begins with the item `first`.
    pub(super) fn at(&self, first: u64) -> Option<&PlanEntry> {
        self.0.get(&first)
    }

    /// Where the next entry after the item `first` begins.
    pub(super) fn next_after(&self, first: u64) -> Option<u64> {
        self.0.range(first + 1..).next().map(|(first, _)| *first)
    }
}

impl FromIterator<PlanEntry> for PlanJournal {
    fn from_iter<I: IntoIterator<Item = PlanEntry>>(entries: I) -> Self {
        let mut journal = Self::new();
        journal.extend(entries);
        journal
    }
}

impl Extend<PlanEntry> for PlanJournal {
    fn extend<I: IntoIterator<Item = PlanEntry>>(&mut self, entries: I) {
        for entry in entries {
            self.record(entry);
        }
    }
}

impl From<Vec<PlanEntry>> for PlanJournal {
    fn from(entries: Vec<PlanEntry>) -> Self {
        entries.into_iter().collect()
    }
}

impl From<PlanJournal> for Vec<PlanEntry> {
    fn from(journal: PlanJournal) -> Self {
        journal.0.into_values().collect()
    }
}
