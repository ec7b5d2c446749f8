//! The Transfer service: collections, their files, and tasks that move them.
//!
//! [Service documentation](https://docs.globus.org/api/transfer/)

mod data;
mod endpoints;
mod model;
mod operations;
mod submit;
mod tasks;
mod wait;

pub use data::{
    DeleteData, DeleteItem, FilterMethod, FilterRule, RecursiveSymlinks, SyncLevel, TransferData,
    TransferItem,
};
pub use endpoints::EndpointSearchScope;
pub use model::{
    Endpoint, EntityType, FileEntry, FileList, FileType, FreshSubmissionId, OperationResult,
    SharedEndpointList, SkippedError, SubmissionResponse, SuccessfulTransfer, Task, TaskEvent, TaskStatus,
    TaskType, TransferList,
};
pub use wait::TaskOutcome;

/// What the methods of the client return: requests, named after the method.
pub mod requests {
    pub use super::endpoints::{EndpointSearch, GetSharedEndpointList};
    pub use super::operations::{OperationLs, OperationMkdir, OperationStat};
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
