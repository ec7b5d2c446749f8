//! Waiting for a task, and saying what became of it.

mod deadline;
mod events;
mod outcome;
mod policy;
mod rounds;
mod updates;

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use globus_transport::Error;

pub(super) use self::deadline::{Pace, left};
pub use self::outcome::TaskOutcome;
pub(super) use self::policy::Policy;
use self::rounds::Rounds;
pub use self::updates::{TaskProgress, TaskUpdates};
use super::{Task, TransferClient};
use crate::model::TaskId;

impl TransferClient {
    /// Waits until a task is over, or until it is clear that waiting does not help, and says which.
    ///
    /// It asks soon at first and ever less often, up to the [polling interval](TaskWait::polling_interval). A poll that
    /// fails for a passing reason is made again until the time is up. Unless [asked to](TaskWait::cancel_when_stalled) it never changes
    /// the task: one that is [stalled](TaskOutcome::Stalled) or [timed out](TaskOutcome::TimedOut) runs on until it is cancelled.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/task/#get_task_by_id). Scope `all`. Fails with
    /// `TaskNotFound`; that the task fails is an outcome.
    pub fn task_wait(&self, task_id: impl Into<TaskId>) -> TaskWait {
        TaskWait { rounds: Rounds::new(self.clone(), task_id.into()), observer: None }
    }
}

type Observer = Box<dyn FnMut(&Task) + Send>;

/// [`TransferClient::task_wait`].
#[must_use = "a wait does nothing until it is awaited"]
pub struct TaskWait {
    rounds: Rounds,
    observer: Option<Observer>,
}

impl TaskWait {
    /// How long to wait at most, in elapsed time; no limit by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.rounds.timeout = Some(timeout);
        self
    }

    /// How far apart polls become at most; 10 seconds when not set, and never below 10 milliseconds.
    pub fn polling_interval(mut self, interval: Duration) -> Self {
        self.rounds.pace = Pace::up_to(interval);
        self
    }

    /// After how many faults a task whose last fault looks fatal (a missing path, a denied permission, a full quota)
    /// counts as stalled; 1 when not set. `u64::MAX` waits on whatever happens.
    pub fn stall_after_faults(mut self, faults: u64) -> Self {
        self.rounds.policy.stall_after_faults = faults;
        self
    }

    /// Whether a task that counts as stalled is cancelled; it is not, unless asked for.
    pub fn cancel_when_stalled(mut self, cancel: bool) -> Self {
        self.rounds.policy.cancel_when_stalled = cancel;
        self
    }

    /// Whether a task that an administrator has paused is waited for; it is not, unless asked for.
    pub fn wait_while_paused(mut self, wait: bool) -> Self {
        self.rounds.policy.wait_while_paused = wait;
        self
    }

    /// The same as a stream: the task each time that it has changed, every event of it once, and at last the outcome.
    ///
    /// ```no_run
    /// use globus_services::transfer::{TaskProgress, TransferClient};
    ///
    /// # async fn example(transfer: TransferClient, task_id: &str) -> Result<(), globus_transport::Error> {
    /// let mut updates = transfer.task_wait(task_id).updates();
    /// while let Some(update) = updates.try_next().await? {
    ///     match update {
    ///         TaskProgress::State(task) => println!("{} bytes", task.bytes_transferred.unwrap_or(0)),
    ///         TaskProgress::Event(event) => println!("{}: {}", event.code, event.description.unwrap_or_default()),
    ///         TaskProgress::Outcome(outcome) => println!("{outcome}"),
    ///         _ => {}
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn updates(self) -> TaskUpdates {
        TaskUpdates::new(self.rounds, self.observer)
    }

    /// Calls `observer` with the task at every poll, for a progress bar.
    pub fn on_progress(mut self, observer: impl FnMut(&Task) + Send + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    async fn wait(mut self) -> Result<TaskOutcome, Error> {
        let mut ignore = |_: &Task| {};
        let see: &mut (dyn FnMut(&Task) + Send) = match &mut self.observer {
            Some(observer) => observer,
            None => &mut ignore,
        };
        loop {
            if let Some(outcome) = self.rounds.round(see).await? {
                return Ok(outcome);
            }
        }
    }
}

impl IntoFuture for TaskWait {
    type Output = Result<TaskOutcome, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.wait())
    }
}

impl fmt::Debug for TaskWait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskWait").field("rounds", &self.rounds).finish_non_exhaustive()
    }
}
