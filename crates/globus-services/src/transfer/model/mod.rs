//! Documents of the Transfer service.

mod access;
mod admin_cancel;
mod bookmark;
mod endpoint;
mod endpoint_data;
mod event;
mod file;
mod list;
mod outcome;
mod pause_rule;
mod requirement;
mod result;
mod role;
mod server;
mod shared_endpoints;
mod task;
mod task_update;

pub use access::{
    AccessPermissions, AccessPrincipalType, AccessRule, AccessRuleCreated, AccessRuleData, AccessRuleUpdate,
};
pub use admin_cancel::AdminCancel;
pub use bookmark::{Bookmark, BookmarkData, BookmarkUpdate};
pub use endpoint::{Endpoint, EntityType};
pub use endpoint_data::{EndpointCreated, EndpointUpdate, SharedEndpointData};
pub use event::TaskEvent;
pub use file::{FileEntry, FileList, FileType};
pub use list::TransferList;
pub use outcome::{SkippedError, SuccessfulTransfer};
pub use pause_rule::{PauseInfo, PauseRule, PauseRuleData, PauseRuleUpdate};
pub use result::{FreshSubmissionId, OperationResult, SubmissionResponse};
pub use role::{EndpointRole, Role, RoleData, RolePrincipalType};
pub use server::EndpointServer;
pub use shared_endpoints::SharedEndpointList;
pub use task::{Task, TaskStatus, TaskType};
pub use task_update::TaskUpdate;
