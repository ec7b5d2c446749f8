//! Watching and ending tasks.

use globus_transport::Idempotency;

use super::{
    OperationResult, PauseInfo, SkippedError, SuccessfulTransfer, Task, TaskEvent, TaskFilter, TaskUpdate,
    TransferClient, TransferList,
};
use crate::model::TaskId;
use crate::paging::{End, Paging};
use crate::request::{Request, request};

impl TransferClient {
    /// Looks up one task.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/task/#get_task_by_id).
    /// Scope `all`. Fails with `TaskNotFound` when there is none; the service forgets old tasks.
    pub fn get_task(&self, task_id: impl Into<TaskId>) -> Request<Task> {
        self.core.get("get_task", "v0.10/task/{task_id}", &[task_id.into().as_str()]).into()
    }

    /// Lists the caller's tasks, the latest first; at most 1000.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/task/#get_task_list). Scope `all`.
    pub fn task_list(&self) -> TaskList {
        self.core.get("task_list", "v0.10/task_list", &[]).into()
    }

    /// Lists what happened during a task, the latest first; at most 1000. An empty list is normal.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/task/#get_event_list).
    /// Scope `all`. Fails with `TaskNotFound`.
    pub fn task_event_list(&self, task_id: impl Into<TaskId>) -> TaskEventList {
        self.core.get("task_event_list", "v0.10/task/{task_id}/event_list", &[task_id.into().as_str()]).into()
    }

    /// Lists the files that a transfer has copied, once it has ended; directories are not among them.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/task/#get_task_successful_transfers).
    /// Scope `all`. Fails with `ClientError` codes while the task is going on.
    pub fn task_successful_transfers(&self, task_id: impl Into<TaskId>) -> TaskSuccessfulTransfers {
        let id = task_id.into();
        self.core
            .get("task_successful_transfers", "v0.10/task/{task_id}/successful_transfers", &[id.as_str()])
            .into()
    }

    /// Lists the files that a transfer with `skip_source_errors` has left out, with the reason for each.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/task/#get_task_skipped_errors).
    /// Scope `all`. Fails with `TaskNotFound`.
    pub fn task_skipped_errors(&self, task_id: impl Into<TaskId>) -> TaskSkippedErrors {
        let id = task_id.into();
        self.core.get("task_skipped_errors", "v0.10/task/{task_id}/skipped_errors", &[id.as_str()]).into()
    }

    /// Changes a task that is not over: its name, or when it is given up.
    ///
    /// ```no_run
    /// use std::time::{Duration, SystemTime};
    /// use globus_services::transfer::{TaskUpdate, TransferClient};
    ///
    /// # async fn example(transfer: TransferClient, task_id: &str) -> Result<(), globus_transport::Error> {
    /// let tomorrow = SystemTime::now() + Duration::from_secs(24 * 60 * 60);
    /// transfer.update_task(task_id, TaskUpdate::new().deadline(tomorrow)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/task/#update_task_by_id).
    /// Scope `all`. Fails with `TaskNotFound`, and with `Conflict` when the task is over.
    pub fn update_task(&self, task_id: impl Into<TaskId>, data: TaskUpdate) -> Request<OperationResult> {
        let id = task_id.into();
        self.core.put("update_task", "v0.10/task/{task_id}", &[id.as_str()]).json(&data).into()
    }

    /// Says why a task is paused: by which rules, and what the managers of its collections say.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/task/#get_task_pause_info).
    /// Scope `all`. Fails with `TaskNotFound`.
    pub fn task_pause_info(&self, task_id: impl Into<TaskId>) -> Request<PauseInfo> {
        self.core.get("task_pause_info", "v0.10/task/{task_id}/pause_info", &[task_id.into().as_str()]).into()
    }

    /// Cancels a task. `Canceled` and `TaskComplete` are the result of an end, `CancelAccepted` of one that is coming.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/task/#cancel_task_by_id).
    /// Scope `all`. Fails with `TaskNotFound`. Cancelling twice does no harm, so it is tried again after a passing failure.
    pub fn cancel_task(&self, task_id: impl Into<TaskId>) -> Request<OperationResult> {
        let call = self.core.post("cancel_task", "v0.10/task/{task_id}/cancel", &[task_id.into().as_str()]);
        call.idempotency(Idempotency::Safe).into()
    }
}

const PAGING: Paging = Paging::offset(End::Total, 1000).capped(1000);

request! {
    /// [`TransferClient::task_list`].
    pub struct TaskList => TransferList<Task>, paged by PAGING {
        /// Only tasks that pass this filter: a [`TaskFilter`], or text such as `status:ACTIVE,INACTIVE/label:~nightly*`.
        query filter: TaskFilter as text;
        /// By which fields it is sorted, such as `request_time DESC`.
        query orderby: many as comma_joined;
        /// At most so many: in one page with `.await`, over all pages with `.pages()` and `.items()`.
        query limit: u64 as number;
        /// Skips so many.
        query offset: u64 as number;
    }
}

request! {
    /// [`TransferClient::task_event_list`].
    pub struct TaskEventList => TransferList<TaskEvent>, paged by PAGING {
        /// Only events that pass this filter, such as `is_error:1`.
        query filter: String as text;
        /// At most so many: in one page with `.await`, over all pages with `.pages()` and `.items()`.
        query limit: u64 as number;
        /// Skips so many.
        query offset: u64 as number;
    }
}

const MARKED: Paging = Paging::marker("marker", End::NoMarker);

request! {
    /// [`TransferClient::task_successful_transfers`].
    pub struct TaskSuccessfulTransfers => TransferList<SuccessfulTransfer>, paged by MARKED {
        /// Starts where a page has said that the next one starts.
        query marker: String as text;
    }
}

request! {
    /// [`TransferClient::task_skipped_errors`].
    pub struct TaskSkippedErrors => TransferList<SkippedError>, paged by MARKED {
        /// Starts where a page has said that the next one starts.
        query marker: String as text;
    }
}
