//! Documents of the Transfer service.

mod endpoint;
mod event;
mod file;
mod list;
mod result;
mod task;

pub use endpoint::{EndpointDocument, EntityType};
pub use event::TaskEvent;
pub use file::{FileDocument, FileList, FileType};
pub use list::TransferList;
pub use result::{OperationResult, SubmissionIdDocument, SubmissionResponse};
pub use task::{Task, TaskStatus, TaskType};
