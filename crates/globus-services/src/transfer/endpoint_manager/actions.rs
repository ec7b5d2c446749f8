//! What managers do with the tasks of others.

use globus_transport::Idempotency;

use crate::request::encode::json_list;
use crate::request::{Call, OneOrMany, Request};
use crate::transfer::{AdminCancel, OperationResult, TransferClient};

impl TransferClient {
    /// Cancels tasks on the caller's endpoints, with a message to their owners; at most 50. The service goes on with it by itself:
    /// ask [`Self::endpoint_manager_cancel_status`] how far it is.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/advanced_collection_management/#admin_cancel).
    /// Scope `all`, and the activity manager role. Fails with `PermissionDenied`, `TaskNotFound`, and `LimitExceeded`. Cancelling
    /// twice does no harm, so it is tried again after a passing failure.
    pub fn endpoint_manager_cancel_tasks(
        &self,
        task_ids: impl OneOrMany,
        message: impl Into<String>,
    ) -> Request<AdminCancel> {
        let call = self.on_tasks("endpoint_manager_cancel_tasks", "admin_cancel", task_ids);
        call.field("message", message.into()).into()
    }

    /// Says how far the service is with cancelling tasks, by the [`id`](AdminCancel::id) that it gave.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/advanced_collection_management/#get_cancel_status_by_id).
    /// Scope `all`. Fails with `AdminCancelNotFound`.
    pub fn endpoint_manager_cancel_status(&self, admin_cancel_id: impl Into<String>) -> Request<AdminCancel> {
        let template = "v0.10/endpoint_manager/admin_cancel/{admin_cancel_id}";
        self.core.get("endpoint_manager_cancel_status", template, &[&admin_cancel_id.into()]).into()
    }

    /// Pauses tasks on the caller's endpoints, with a message to their owners; at most 50.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/advanced_collection_management/#pause_tasks_as_admin).
    /// Scope, errors and tries as for [`Self::endpoint_manager_cancel_tasks`].
    pub fn endpoint_manager_pause_tasks(
        &self,
        task_ids: impl OneOrMany,
        message: impl Into<String>,
    ) -> Request<OperationResult> {
        let call = self.on_tasks("endpoint_manager_pause_tasks", "admin_pause", task_ids);
        call.field("message", message.into()).into()
    }

    /// Lets tasks go on that were paused by [`Self::endpoint_manager_pause_tasks`]; at most 50.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/advanced_collection_management/#resume_tasks_as_admin).
    /// Scope, errors and tries as for [`Self::endpoint_manager_cancel_tasks`].
    pub fn endpoint_manager_resume_tasks(&self, task_ids: impl OneOrMany) -> Request<OperationResult> {
        self.on_tasks("endpoint_manager_resume_tasks", "admin_resume", task_ids).into()
    }

    fn on_tasks(&self, operation: &'static str, action: &str, task_ids: impl OneOrMany) -> Call {
        let call = self.core.post(operation, "v0.10/endpoint_manager/{action}", &[action]);
        call.field("task_id_list", json_list(task_ids)).idempotency(Idempotency::Safe)
    }
}
