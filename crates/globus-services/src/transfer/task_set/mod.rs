//! [`TaskSet`]: many tasks, watched together.

mod handle;
mod look;
mod watch;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::handle::TaskHandle;
pub use self::watch::{TaskEnd, TaskSetWatch};
use super::TransferClient;
use crate::model::TaskId;

/// Tasks that are watched together, with one list of a hundred tasks where [`TransferClient::task_wait`] would look a hundred times.
///
/// It can be stored in any format that serde knows, and be watched again after a restart: what ended in the meantime is told at once.
///
/// ```no_run
/// use globus_services::transfer::{TaskSet, TransferClient};
///
/// # async fn example(transfer: TransferClient, stored: &str) -> Result<(), Box<dyn std::error::Error>> {
/// let tasks: TaskSet = serde_json::from_str(stored)?;
/// let mut watch = tasks.watch(&transfer);
/// while let Some(end) = watch.try_next().await? {
///     match end.outcome {
///         Ok(outcome) => println!("{outcome}"),
///         Err(error) => eprintln!("{}: {error}", end.handle.task_id),
///     }
///     println!("to be stored: {}", serde_json::to_string(watch.tasks())?);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<TaskHandle>", into = "Vec<TaskHandle>")]
pub struct TaskSet(BTreeMap<TaskId, TaskHandle>);

impl TaskSet {
    /// A set without tasks.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a task, by its id, what the service said of its submission, or a handle; in place of the handle that it had.
    pub fn insert(&mut self, task: impl Into<TaskHandle>) {
        let handle = task.into();
        self.0.insert(handle.task_id.clone(), handle);
    }

    /// Takes a task out.
    pub fn remove(&mut self, task_id: &TaskId) -> Option<TaskHandle> {
        self.0.remove(task_id)
    }

    /// The handle of a task.
    pub fn get(&self, task_id: &TaskId) -> Option<&TaskHandle> {
        self.0.get(task_id)
    }

    /// How many tasks there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The handles.
    pub fn iter(&self) -> impl Iterator<Item = &TaskHandle> {
        self.0.values()
    }

    /// Watches the tasks until each has come to its end, and tells the ends as they come.
    pub fn watch(self, transfer: &TransferClient) -> TaskSetWatch {
        TaskSetWatch::new(self, transfer.clone())
    }
}

impl<H: Into<TaskHandle>> FromIterator<H> for TaskSet {
    fn from_iter<I: IntoIterator<Item = H>>(tasks: I) -> Self {
        let mut set = Self::new();
        set.extend(tasks);
        set
    }
}

impl<H: Into<TaskHandle>> Extend<H> for TaskSet {
    fn extend<I: IntoIterator<Item = H>>(&mut self, tasks: I) {
        for task in tasks {
            self.insert(task);
        }
    }
}

impl From<Vec<TaskHandle>> for TaskSet {
    fn from(handles: Vec<TaskHandle>) -> Self {
        handles.into_iter().collect()
    }
}

impl From<TaskSet> for Vec<TaskHandle> {
    fn from(set: TaskSet) -> Self {
        set.0.into_values().collect()
    }
}
