//! Submitting tasks.

use std::fmt;
use std::future::IntoFuture;

use globus_transport::{Body, Error, Idempotency};
use tokio::time::Instant;

use super::{DeleteData, FreshSubmissionId, SubmissionResponse, TransferClient, TransferData};
use crate::model::SubmissionId;
use crate::request::{Call, Request, ResponseFuture, call_settings};

impl TransferClient {
    /// Fetches an id under which one document can be submitted, once or again.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/task_submit/#get_submission_id). Scope `all`.
    pub fn get_submission_id(&self) -> Request<FreshSubmissionId> {
        self.submission_id_call().into()
    }

    fn submission_id_call(&self) -> Call {
        self.core.get("get_submission_id", "v0.10/submission_id", &[])
    }

    /// Submits a transfer.
    ///
    /// A document without a submission id gets a fresh one first. It is sent again after a passing failure, always with the
    /// same id, so that it makes one task: [`SubmissionResponse::is_duplicate`] then tells that an earlier try had arrived.
    ///
    /// When it fails all the same, submitting the document anew takes another id and may make a second task. To be able to
    /// repeat it later, fetch the id first: `data.submission_id(transfer.get_submission_id().await?.value)`, and submit clones.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/task_submit/#submit_transfer_task).
    /// Scope `all`, with `data_access` for collections that want it (see [`Self::data_access_scope`]).
    /// Fails with `ClientError.BadRequest…` for a document that the service refuses, `ConsentRequired` when a collection needs a consent.
    pub fn submit_transfer(&self, data: TransferData) -> SubmitTask {
        let call = self.core.post("submit_transfer", "v0.10/transfer", &[]);
        SubmitTask { client: self.clone(), call, document: Document::Transfer(data) }
    }

    /// Submits a deletion, as [`Self::submit_transfer`] does a transfer.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/task_submit/#submit_delete_task).
    pub fn submit_delete(&self, data: DeleteData) -> SubmitTask {
        let call = self.core.post("submit_delete", "v0.10/delete", &[]);
        SubmitTask { client: self.clone(), call, document: Document::Delete(data) }
    }
}

/// [`TransferClient::submit_transfer`] or [`TransferClient::submit_delete`].
#[derive(Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct SubmitTask {
    client: TransferClient,
    call: Call,
    document: Document,
}

#[derive(Clone)]
enum Document {
    Transfer(TransferData),
    Delete(DeleteData),
}

impl Document {
    fn submission_id(&self) -> Option<&SubmissionId> {
        match self {
            Self::Transfer(data) => data.assigned_submission_id(),
            Self::Delete(data) => data.assigned_submission_id(),
        }
    }

    fn body(&self) -> Result<Body, serde_json::Error> {
        match self {
            Self::Transfer(data) => data.body(),
            Self::Delete(data) => data.body(),
        }
    }

    fn with_submission_id(self, id: SubmissionId) -> Self {
        match self {
            Self::Transfer(data) => Self::Transfer(data.submission_id(id)),
            Self::Delete(data) => Self::Delete(data.submission_id(id)),
        }
    }
}

impl SubmitTask {
    fn call_mut(&mut self) -> &mut Call {
        &mut self.call
    }

    /// The call as it stands: without a submission id when the document has none.
    fn call(&self) -> Call {
        self.call.clone().body(self.document.body()).idempotency(Idempotency::Keyed)
    }

    call_settings!();

    async fn submit(mut self) -> Result<SubmissionResponse, Error> {
        if self.document.submission_id().is_none() {
            let started = Instant::now();
            let fresh =
                Request::<FreshSubmissionId>::new(self.client.submission_id_call().made_like(&self.call))
                    .await?;
            self.document = self.document.with_submission_id(fresh.value);
            self.call.take_off(started.elapsed());
        }
        let call = self.call();
        // The document can be large, and is in the call now.
        drop(self);
        call.send().await?.json()
    }
}

impl IntoFuture for SubmitTask {
    type Output = Result<SubmissionResponse, Error>;
    type IntoFuture = ResponseFuture<SubmissionResponse>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.submit())
    }
}

impl fmt::Debug for SubmitTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubmitTask").field("call", &self.call).finish_non_exhaustive()
    }
}
