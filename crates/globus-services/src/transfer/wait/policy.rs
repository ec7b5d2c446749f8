//! [`Policy`]: when there is nothing left to wait for.

use globus_transport::Error;
use tokio::time::Instant;

use super::deadline::left;
use crate::model::TaskId;
use crate::transfer::{Task, TaskEvent, TaskOutcome, TaskStatus, TransferClient};

/// Faults that do not heal by themselves: codes that a task shows in `nice_status` while it keeps trying.
const FATAL_FAULTS: [&str; 10] = [
    "FILE_NOT_FOUND",
    "PATH_NOT_FOUND",
    "NOT_FOUND",
    "PERMISSION_DENIED",
    "QUOTA_EXCEEDED",
    "NO_SPACE_LEFT",
    "NOT_A_DIRECTORY",
    "IS_A_DIRECTORY",
    "INVALID_PATH",
    "INVALID_PATH_NAME",
];

/// When a task counts as one for which waiting does not help.
#[derive(Clone, Copy, Debug)]
pub(in crate::transfer) struct Policy {
    pub(in crate::transfer) stall_after_faults: u64,
    pub(in crate::transfer) cancel_when_stalled: bool,
    pub(in crate::transfer) wait_while_paused: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self { stall_after_faults: 1, cancel_when_stalled: false, wait_while_paused: false }
    }
}

impl Policy {
    /// What has become of `task`; the task back, when it is to be waited for.
    pub(in crate::transfer) async fn judge(
        self,
        client: &TransferClient,
        task: Box<Task>,
        deadline: Option<Instant>,
    ) -> Result<TaskOutcome, Box<Task>> {
        match &task.status {
            Some(TaskStatus::Succeeded) => Ok(TaskOutcome::Succeeded(task)),
            Some(TaskStatus::Failed) => Ok(TaskOutcome::Failed(task)),
            Some(TaskStatus::Inactive) => Ok(TaskOutcome::Inactive(task)),
            _ if task.is_paused == Some(true) && !self.wait_while_paused => Ok(TaskOutcome::Paused(task)),
            _ if self.is_stalled(&task) => {
                let fault = last_fault(client, &task.task_id, deadline).await.ok().flatten().map(Box::new);
                let canceled = self.cancel_when_stalled && cancel(client, &task.task_id, deadline).await;
                Ok(TaskOutcome::Stalled { task, fault, canceled })
            }
            _ => Err(task),
        }
    }

    fn is_stalled(self, task: &Task) -> bool {
        let fatal = |status: &String| FATAL_FAULTS.contains(&status.as_str());
        task.faults.unwrap_or(0) >= self.stall_after_faults && task.nice_status.as_ref().is_some_and(fatal)
    }
}

/// What the task's owner wants to read; the verdict stands without it.
async fn last_fault(
    client: &TransferClient,
    task_id: &TaskId,
    deadline: Option<Instant>,
) -> Result<Option<TaskEvent>, Error> {
    let mut request = client.task_event_list(task_id).filter("is_error:1").limit(1);
    if let Some(left) = left(deadline) {
        request = request.with_timeout(left);
    }
    Ok(request.await?.into_iter().next())
}

/// Whether the service has taken it.
async fn cancel(client: &TransferClient, task_id: &TaskId, deadline: Option<Instant>) -> bool {
    let mut request = client.cancel_task(task_id);
    if let Some(left) = left(deadline) {
        request = request.with_timeout(left);
    }
    let result = request.await;
    if let Err(error) = &result {
        tracing::warn!(%task_id, %error, "a task that makes no progress could not be cancelled");
    }
    result.is_ok()
}
