//! Documents of the Transfer service.

mod endpoint;
mod event;
mod file;
mod list;
mod result;
mod task;

pub use endpoint::{Endpoint, EntityType};
pub use event::TaskEvent;
pub use file::{FileEntry, FileList, FileType};
pub use list::TransferList;
pub use result::{FreshSubmissionId, OperationResult, SubmissionResponse};
pub use task::{Task, TaskStatus, TaskType};
