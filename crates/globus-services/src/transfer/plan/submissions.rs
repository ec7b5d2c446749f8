//! [`PlanSubmissions`]: what was submitted, as a stream.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use globus_transport::Error;

use super::driver::Driver;
use super::{PlanEntry, PlanJournal};
use crate::transfer::SubmissionResponse;

/// A submission of a plan that the service has accepted.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PlannedSubmission {
    /// Which items it has.
    pub entry: PlanEntry,
    /// What the service said.
    pub response: SubmissionResponse,
}

/// What was submitted, as a stream. Made by [`TransferClient::submit_plan`](crate::transfer::TransferClient::submit_plan).
///
/// Dropping it ends all that is under way; what was sent may have arrived. It sends nothing by itself while nobody reads it.
#[must_use = "a plan does nothing until its submissions are read"]
pub struct PlanSubmissions {
    state: State,
    journal: PlanJournal,
}

type Step = Result<Option<PlannedSubmission>, Error>;

enum State {
    Resting(Box<Driver>),
    Working(Pin<Box<dyn Future<Output = (Box<Driver>, Step)> + Send>>),
    Ended,
}

impl PlanSubmissions {
    pub(super) fn new(driver: Driver) -> Self {
        Self { journal: driver.journal.clone(), state: State::Resting(Box::new(driver)) }
    }

    /// The submissions that were made, those that the plan was resumed with included, as of the last one that was given.
    pub fn journal(&self) -> &PlanJournal {
        &self.journal
    }

    /// The next submission; `None` at the end.
    ///
    /// Cancel-safe: nothing is lost when the future is dropped.
    ///
    /// # Errors
    /// When a submission, the reading of the items or the recording has failed. The stream ends with it.
    pub async fn try_next(&mut self) -> Result<Option<PlannedSubmission>, Error> {
        std::future::poll_fn(|cx| self.poll_submission(cx)).await
    }

    fn poll_submission(&mut self, cx: &mut Context<'_>) -> Poll<Step> {
        loop {
            self.state = match std::mem::replace(&mut self.state, State::Ended) {
                State::Ended => return Poll::Ready(Ok(None)),
                State::Resting(mut driver) => State::Working(Box::pin(async move {
                    let step = driver.advance().await;
                    (driver, step)
                })),
                State::Working(mut work) => {
                    let Poll::Ready((driver, step)) = work.as_mut().poll(cx) else {
                        self.state = State::Working(work);
                        return Poll::Pending;
                    };
                    self.journal.clone_from(&driver.journal);
                    if matches!(step, Ok(Some(_))) {
                        self.state = State::Resting(driver);
                    }
                    return Poll::Ready(step);
                }
            };
        }
    }
}

impl Stream for PlanSubmissions {
    type Item = Result<PlannedSubmission, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_submission(cx).map(Result::transpose)
    }
}

impl fmt::Debug for PlanSubmissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlanSubmissions").field("submissions", &self.journal.len()).finish_non_exhaustive()
    }
}
