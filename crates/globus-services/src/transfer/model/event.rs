//! What happened during a task.

use crate::model::{Timestamp, model};

model! {
    /// Something that happened during a task. An event is not the task's state: `SUCCEEDED` appears in mid-task as well.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/task/#event_document)
    pub struct TaskEvent {
        /// The kind of event, such as `STARTED`, `PROGRESS`, `FILE_NOT_FOUND`.
        code: String = key,
        /// Whether it is a fault.
        is_error: Option<bool>,
        /// The event in words.
        description: Option<String>,
        /// More about it; JSON or text, by the kind of event.
        details: Option<String>,
        /// When it happened.
        time: Option<Timestamp>,
        /// The parent task, when it is an event of a part.
        parent_task_id: Option<String>,
        /// The kind of document.
        data_type as "DATA_TYPE": Option<String>,
    }
}
