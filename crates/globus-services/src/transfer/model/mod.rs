//! Documents of the Transfer service.

mod endpoint;
mod event;
mod file;
mod list;
mod outcome;
mod result;
mod shared_endpoints;
mod task;

pub use endpoint::{Endpoint, EntityType};
pub use event::TaskEvent;
pub use file::{FileEntry, FileList, FileType};
pub use list::TransferList;
pub use outcome::{SkippedError, SuccessfulTransfer};
pub use result::{FreshSubmissionId, OperationResult, SubmissionResponse};
pub use shared_endpoints::SharedEndpointList;
pub use task::{Task, TaskStatus, TaskType};
