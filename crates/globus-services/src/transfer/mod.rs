//! The Transfer service: collections, their files, and tasks that move them.
//!
//! [Service documentation](https://docs.globus.org/api/transfer/)

mod access;
mod bookmarks;
mod data;
mod endpoint_manager;
mod endpoints;
mod filter;
mod model;
mod operations;
mod plan;
mod roles;
mod scope;
mod search;
mod shared_endpoints;
mod submit;
mod task_set;
mod tasks;
pub mod v2;
mod wait;
mod walk;

pub use data::{
    DeleteData, DeleteItem, FilterMethod, FilterRule, RecursiveSymlinks, SyncLevel, TransferData,
    TransferItem, UnknownSyncLevel,
};
pub use endpoint_manager::tasks::EndpointUse;
pub use filter::{FileFilter, TaskFilter, TimeRange};
pub use model::{
    AccessPermissions, AccessPrincipalType, AccessRule, AccessRuleCreated, AccessRuleData, AccessRuleUpdate,
    AdminCancel, Bookmark, BookmarkData, BookmarkUpdate, Endpoint, EndpointCreated, EndpointRole,
    EndpointServer, EndpointUpdate, EntityType, FileEntry, FileList, FileType, FreshSubmissionId,
    OperationResult, PauseInfo, PauseRule, PauseRuleData, PauseRuleUpdate, Role, RoleData, RolePrincipalType,
    SharedEndpointData, SharedEndpointList, SkippedError, SubmissionResponse, SuccessfulTransfer, Task,
    TaskEvent, TaskStatus, TaskType, TaskUpdate, TransferList,
};
pub use plan::{PlanEntry, PlanJournal, PlanSubmissions, PlannedItem, PlannedSubmission, TransferPlan};
pub use search::EndpointSearchScope;
pub use task_set::{TaskEnd, TaskHandle, TaskSet, TaskSetWatch};
pub use v2::CreateTunnelData;
pub use wait::{TaskOutcome, TaskProgress, TaskUpdates};
pub use walk::{Walk, WalkCursor, WalkEntry, WalkError};

/// What the methods of the client return: requests, named after the method.
pub mod requests {
    pub use super::endpoint_manager::pause_rules::EndpointManagerPauseRuleList;
    pub use super::endpoint_manager::tasks::{
        EndpointManagerTaskEventList, EndpointManagerTaskList, EndpointManagerTaskSkippedErrors,
        EndpointManagerTaskSuccessfulTransfers,
    };
    pub use super::operations::{OperationLs, OperationMkdir, OperationRename, OperationStat};
    pub use super::search::EndpointSearch;
    pub use super::shared_endpoints::GetSharedEndpointList;
    pub use super::submit::SubmitTask;
    pub use super::tasks::{TaskEventList, TaskList, TaskSkippedErrors, TaskSuccessfulTransfers};
    pub use super::wait::TaskWait;
}

use globus_auth_core::scopes::TransferScopes;
use globus_transport::Service;

use crate::client::service_client;

service_client! {
    /// A client of the Transfer service.
    ///
    /// ```no_run
    /// use globus_authorizers::AccessTokenAuthorizer;
    /// use globus_services::transfer::{TransferClient, TransferData};
    ///
    /// # async fn example(token: &str, from: &str, to: &str) -> Result<(), globus_transport::Error> {
    /// let transfer = TransferClient::new(AccessTokenAuthorizer::new(token))?;
    /// let data = TransferData::new(from, to).item("/home/share/godata/file1.txt", "/~/file1.txt");
    /// let task = transfer.submit_transfer(data).await?;
    /// println!("{}", transfer.task_wait(task.task_id).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub struct TransferClient { service: Service::Transfer, scopes: TRANSFER: TransferScopes }
}
