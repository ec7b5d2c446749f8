//! [`Driver`]: what a plan does next.

use std::future::poll_fn;
use std::panic;
use std::task::Poll;

use globus_transport::{Error, ErrorKind};
use tokio::task::{JoinError, JoinSet};
use tracing::{Instrument, Span};

use super::batches::{Batch, Batches};
use super::{PlanEntry, PlanJournal, PlannedSubmission, Recorder, TransferPlan};
use crate::transfer::{SubmissionResponse, TaskSet, TaskSetWatch, TransferClient};

pub(super) struct Driver {
    client: TransferClient,
    batches: Batches,
    in_flight: usize,
    live_tasks: usize,
    recorder: Option<Recorder>,
    sending: JoinSet<(PlanEntry, Result<SubmissionResponse, Error>)>,
    /// The tasks that may be going on, where their number is limited.
    live: TaskSetWatch,
    pub(super) journal: PlanJournal,
    /// Nothing is begun any more.
    is_closing: bool,
    error: Option<Error>,
}

type Sent = Result<(PlanEntry, Result<SubmissionResponse, Error>), JoinError>;

enum Next {
    Sent(Sent),
    Batch(Result<Option<Batch>, Error>),
    Room(Result<(), Error>),
}

impl Driver {
    pub(super) fn new(client: TransferClient, plan: TransferPlan) -> Self {
        let journal = plan.batches.journal.clone();
        let live = if plan.live_tasks < usize::MAX { journal.tasks() } else { TaskSet::new() };
        // What waits for its owner does not go on; all else may.
        let live = live.watch(&client).stall_after_faults(u64::MAX).wait_while_paused(true);
        let why = "the document that a plan starts from has items; put them into the plan";
        let error = plan.batches.has_template_items().then(|| Error::new(ErrorKind::Usage, why));
        Self {
            client,
            batches: plan.batches,
            in_flight: plan.in_flight,
            live_tasks: plan.live_tasks,
            recorder: plan.recorder,
            sending: JoinSet::new(),
            live,
            journal,
            is_closing: error.is_some(),
            error,
        }
    }

    /// The next submission that was made; `None` at the end.
    pub(super) async fn advance(&mut self) -> Result<Option<PlannedSubmission>, Error> {
        loop {
            match self.next().await {
                Some(Next::Sent(sent)) => {
                    if let Some(submission) = self.take(sent).await {
                        return Ok(Some(submission));
                    }
                }
                Some(Next::Batch(Ok(Some(batch)))) => {
                    if let Err(error) = self.send(batch).await {
                        self.close(error);
                    }
                }
                Some(Next::Batch(Ok(None))) => self.is_closing = true,
                Some(Next::Batch(Err(error)) | Next::Room(Err(error))) => self.close(error),
                Some(Next::Room(Ok(()))) => {}
                None => return self.error.take().map_or(Ok(None), Err),
            }
        }
    }

    /// What happens first; `None` when nothing will.
    async fn next(&mut self) -> Option<Next> {
        poll_fn(|cx| {
            if let Poll::Ready(Some(sent)) = self.sending.poll_join_next(cx) {
                return Poll::Ready(Some(Next::Sent(sent)));
            }
            if self.is_closing {
                return if self.sending.is_empty() { Poll::Ready(None) } else { Poll::Pending };
            }
            if self.sending.len() >= self.in_flight {
                return Poll::Pending;
            }
            if self.live_tasks < usize::MAX {
                let going_on = self.sending.len() + self.live.tasks().len();
                if going_on >= self.live_tasks {
                    if self.live.tasks().is_empty() {
                        return Poll::Pending;
                    }
                    let end = self.live.poll_end(cx);
                    return end.map(|end| end.map(|end| Next::Room(end.map(drop))));
                }
            }
            self.batches.poll_next(cx).map(|batch| Some(Next::Batch(batch)))
        })
        .await
    }

    async fn send(&mut self, batch: Batch) -> Result<(), Error> {
        let submission_id = match &batch.known {
            Some(known) => known.submission_id.clone(),
            None => self.client.get_submission_id().await?.value,
        };
        let entry = PlanEntry {
            first_item: batch.first_item,
            items: batch.items,
            bytes: batch.bytes,
            submission_id: submission_id.clone(),
            fingerprint: batch.fingerprint.value(),
            task_id: None,
        };
        self.record(&entry).await?;
        let submission = self.client.submit_transfer(batch.data.submission_id(submission_id));
        self.sending.spawn(async move { (entry, submission.await) }.instrument(Span::current()));
        Ok(())
    }

    async fn take(&mut self, sent: Sent) -> Option<PlannedSubmission> {
        let (mut entry, response) = match sent {
            Ok(sent) => sent,
            Err(gone) => {
                self.close(ended(gone));
                return None;
            }
        };
        let response = match response {
            Ok(response) => response,
            Err(error) => {
                let last = entry.first_item + entry.items - 1;
                self.close(error.context(format_args!("items {} to {last}", entry.first_item)));
                return None;
            }
        };
        entry.task_id = Some(response.task_id.clone());
        if self.live_tasks < usize::MAX {
            self.live.insert(&response);
        }
        if let Err(error) = self.record(&entry).await {
            self.close(error);
        }
        Some(PlannedSubmission { entry, response })
    }

    async fn record(&mut self, entry: &PlanEntry) -> Result<(), Error> {
        self.journal.record(entry.clone());
        let Some(recorder) = &mut self.recorder else { return Ok(()) };
        recorder(entry.clone()).await.map_err(|source| {
            let why = "the submission could not be recorded; no further one was sent";
            Error::with_source(ErrorKind::Configuration, why, source)
        })
    }

    fn close(&mut self, error: Error) {
        self.is_closing = true;
        match &self.error {
            None => self.error = Some(error),
            Some(_) => tracing::warn!(%error, "another submission of the plan failed as well"),
        }
    }
}

fn ended(gone: JoinError) -> Error {
    match gone.try_into_panic() {
        // As if it had been polled in place.
        Ok(payload) => panic::resume_unwind(payload),
        Err(_) => Error::new(ErrorKind::Network, "the runtime in which the plan was submitted has ended"),
    }
}
