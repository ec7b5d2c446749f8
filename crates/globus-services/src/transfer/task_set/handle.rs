//! [`TaskHandle`]: a task that can be stored and found again.

use serde::{Deserialize, Serialize};

use crate::model::{SubmissionId, TaskId};
use crate::transfer::requests::TaskWait;
use crate::transfer::{SubmissionResponse, TransferClient};

/// What is needed to find a task again, after a restart for instance. It can be stored in any format that serde knows.
///
/// ```no_run
/// use globus_services::transfer::{TaskHandle, TransferClient};
///
/// # async fn example(transfer: TransferClient, stored: &str) -> Result<(), Box<dyn std::error::Error>> {
/// let handle: TaskHandle = serde_json::from_str(stored)?;
/// println!("{}", handle.attach(&transfer).await?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TaskHandle {
    /// The task.
    pub task_id: TaskId,
    /// The submission that made it, when it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submission_id: Option<SubmissionId>,
    /// What the caller calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl TaskHandle {
    /// A handle of a task by its id.
    pub fn new(task_id: impl Into<TaskId>) -> Self {
        Self { task_id: task_id.into(), submission_id: None, name: None }
    }

    /// The same with a name of the caller's own; the service does not see it.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Waits for the task, as [`TransferClient::task_wait`] does.
    pub fn attach(&self, transfer: &TransferClient) -> TaskWait {
        transfer.task_wait(&self.task_id)
    }
}

impl From<TaskId> for TaskHandle {
    fn from(task_id: TaskId) -> Self {
        Self::new(task_id)
    }
}

impl From<&TaskId> for TaskHandle {
    fn from(task_id: &TaskId) -> Self {
        Self::new(task_id)
    }
}

impl From<&SubmissionResponse> for TaskHandle {
    fn from(response: &SubmissionResponse) -> Self {
        Self { submission_id: response.submission_id.clone(), ..Self::new(&response.task_id) }
    }
}

impl From<SubmissionResponse> for TaskHandle {
    fn from(response: SubmissionResponse) -> Self {
        Self { submission_id: response.submission_id, ..Self::new(response.task_id) }
    }
}
