//! Tasks as the managers of their endpoints see them.

use crate::model::{CollectionId, IdentityId, TaskId, open_enum};
use crate::paging::{End, Paging};
use crate::request::{Request, request};
use crate::transfer::{
    PauseInfo, SkippedError, SuccessfulTransfer, Task, TaskEvent, TimeRange, TransferClient, TransferList,
};

open_enum! {
    /// How a task uses an endpoint.
    pub enum EndpointUse {
        /// It takes files from there.
        Source = "source",
        /// It brings files there, or deletes them there.
        Destination = "destination",
    }
}

impl TransferClient {
    /// Lists the tasks on the endpoints that the caller monitors, of all users: first those that go on, then those that ended lately.
    ///
    /// ```no_run
    /// use globus_services::transfer::{TaskStatus, TransferClient};
    ///
    /// # async fn example(transfer: TransferClient, endpoint: &str) -> Result<(), globus_transport::Error> {
    /// let mut tasks = transfer
    ///     .endpoint_manager_task_list()
    ///     .filter_endpoint(endpoint)
    ///     .filter_status([TaskStatus::Failed])
    ///     .filter_completion_time(("2026-06-01", "2026-07-01"))
    ///     .items();
    /// while let Some(task) = tasks.try_next().await? {
    ///     println!("{}: {}", task.task_id, task.failure().unwrap_or_default());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/advanced_collection_management/#get_tasks).
    /// Scope `all`, and the activity monitor role. Fails with `PermissionDenied`, and with `BadRequest` for filters that do not go together.
    pub fn endpoint_manager_task_list(&self) -> EndpointManagerTaskList {
        let call = self.core.get("endpoint_manager_task_list", "v0.10/endpoint_manager/task_list", &[]);
        call.needing("filter_endpoint_use", "filter_endpoint").into()
    }

    /// Looks up a task of another user.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/advanced_collection_management/#get_task).
    /// Scope `all`, and the activity monitor role on one of its endpoints. Fails with `PermissionDenied` and `TaskNotFound`.
    pub fn endpoint_manager_get_task(&self, task_id: impl Into<TaskId>) -> Request<Task> {
        let template = "v0.10/endpoint_manager/task/{task_id}";
        self.core.get("endpoint_manager_get_task", template, &[task_id.into().as_str()]).into()
    }

    /// Lists what happened during a task of another user, the latest first; at most 1000.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/advanced_collection_management/#get_task_events).
    /// Scope and errors as for [`Self::endpoint_manager_get_task`].
    pub fn endpoint_manager_task_event_list(
        &self,
        task_id: impl Into<TaskId>,
    ) -> EndpointManagerTaskEventList {
        let template = "v0.10/endpoint_manager/task/{task_id}/event_list";
        self.core.get("endpoint_manager_task_event_list", template, &[task_id.into().as_str()]).into()
    }

    /// Says why a task of another user is paused.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/advanced_collection_management/#get_task_pause_info_as_admin).
    /// Scope and errors as for [`Self::endpoint_manager_get_task`].
    pub fn endpoint_manager_task_pause_info(&self, task_id: impl Into<TaskId>) -> Request<PauseInfo> {
        let template = "v0.10/endpoint_manager/task/{task_id}/pause_info";
        self.core.get("endpoint_manager_task_pause_info", template, &[task_id.into().as_str()]).into()
    }

    /// Lists the files that a transfer of another user has copied.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/advanced_collection_management/#get_task_successful_transfers_as_admin).
    /// Scope and errors as for [`Self::endpoint_manager_get_task`].
    pub fn endpoint_manager_task_successful_transfers(
        &self,
        task_id: impl Into<TaskId>,
    ) -> EndpointManagerTaskSuccessfulTransfers {
        let template = "v0.10/endpoint_manager/task/{task_id}/successful_transfers";
        self.core
            .get("endpoint_manager_task_successful_transfers", template, &[task_id.into().as_str()])
            .into()
    }

    /// Lists the files that a transfer of another user has left out, with the reason for each.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/advanced_collection_management/#get_task_skipped_errors_as_admin).
    /// Scope and errors as for [`Self::endpoint_manager_get_task`].
    pub fn endpoint_manager_task_skipped_errors(
        &self,
        task_id: impl Into<TaskId>,
    ) -> EndpointManagerTaskSkippedErrors {
        let template = "v0.10/endpoint_manager/task/{task_id}/skipped_errors";
        self.core.get("endpoint_manager_task_skipped_errors", template, &[task_id.into().as_str()]).into()
    }
}

const BY_KEY: Paging = Paging::marker("last_key", End::NoNextPage);

request! {
    /// [`TransferClient::endpoint_manager_task_list`].
    pub struct EndpointManagerTaskList => TransferList<Task>, paged by BY_KEY {
        /// Only tasks that stand so.
        query filter_status: many as comma_joined;
        /// Only these tasks; at most 50, and with no other filter.
        query filter_task_id: many as comma_joined;
        /// Only tasks of this identity.
        query filter_owner_id: IdentityId as text;
        /// Only tasks on this endpoint.
        query filter_endpoint: CollectionId as text;
        /// Only tasks that use that endpoint so; refused without [`filter_endpoint`](Self::filter_endpoint).
        query filter_endpoint_use: EndpointUse as text;
        /// Only tasks that are paused; with `false`, only those that are not.
        query filter_is_paused: bool as capital_true_false;
        /// Only tasks that ended in this time: a pair of times, such as `("2026-06-01", "2026-07-01")`.
        query filter_completion_time: TimeRange as text;
        /// Only tasks that have met at least so many faults.
        query filter_min_faults: u64 as number;
        /// Only tasks that act as this local account.
        query filter_local_user: String as text;
        /// Starts after the task with this key, which a page has given.
        query last_key: String as text;
    }
}

const PAGING: Paging = Paging::offset(End::Total, 1000).capped(1000);

request! {
    /// [`TransferClient::endpoint_manager_task_event_list`].
    pub struct EndpointManagerTaskEventList => TransferList<TaskEvent>, paged by PAGING {
        /// At most so many: in one page with `.await`, over all pages with `.pages()` and `.items()`.
        query limit: u64 as number;
        /// Skips so many.
        query offset: u64 as number;
        /// Only faults; with `false`, only what is none.
        query filter_is_error: bool as one_zero;
    }
}

const MARKED: Paging = Paging::marker("marker", End::NoMarker);

request! {
    /// [`TransferClient::endpoint_manager_task_successful_transfers`].
    pub struct EndpointManagerTaskSuccessfulTransfers => TransferList<SuccessfulTransfer>, paged by MARKED {
        /// Starts where a page has said that the next one starts.
        query marker: String as text;
    }
}

request! {
    /// [`TransferClient::endpoint_manager_task_skipped_errors`].
    pub struct EndpointManagerTaskSkippedErrors => TransferList<SkippedError>, paged by MARKED {
        /// Starts where a page has said that the next one starts.
        query marker: String as text;
    }
}
