//! Short answers.

use serde_json::Value;

use crate::model::{SubmissionId, TaskId, model};

model! {
    /// What the service says of an operation that it carried out.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/overview/#result_document)
    pub struct OperationResult {
        /// What became of it, such as `DirectoryCreated` or `Canceled`.
        code: String = key,
        /// The same in words.
        message: Option<String>,
        /// The id under which the service's support finds the request.
        request_id: Option<String>,
        /// The route that was called.
        resource: Option<String>,
        /// The kind of document.
        data_type as "DATA_TYPE": Option<String>,
    }
}

model! {
    /// A fresh submission id.
    pub struct FreshSubmissionId {
        /// The id.
        value: SubmissionId = key,
        /// The kind of document.
        data_type as "DATA_TYPE": Option<String>,
    }
}

model! {
    /// What the service says of a submitted task.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/task_submit/#transfer_result_document)
    pub struct SubmissionResponse {
        /// The task.
        task_id: TaskId = key,
        /// The submission that made it.
        submission_id: Option<SubmissionId>,
        /// `Accepted`; `Duplicate` when the same submission was accepted before.
        code: Option<String>,
        /// The same in words.
        message: Option<String>,
        /// The id under which the service's support finds the request.
        request_id: Option<String>,
        /// The route that was called.
        resource: Option<String>,
        /// Where the task can be looked at, as a `link` document.
        task_link: Option<Value>,
        /// The kind of document.
        data_type as "DATA_TYPE": Option<String>,
    }
}

impl SubmissionResponse {
    /// Whether the same submission was accepted before, so that `task_id` is the task made then.
    pub fn is_duplicate(&self) -> bool {
        self.code.as_deref() == Some("Duplicate")
    }
}
