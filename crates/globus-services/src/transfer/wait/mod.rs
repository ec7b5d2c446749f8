//! Waiting for a task, and saying what became of it.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use globus_transport::Error;
use tokio::time::{Instant, sleep_until};

use super::{Task, TaskEvent, TaskStatus, TransferClient};
use crate::model::TaskId;

/// Faults that do not heal by themselves: codes that a task shows in `nice_status` while it keeps trying.
const FATAL_FAULTS: [&str; 7] = [
    "FILE_NOT_FOUND",
    "PATH_NOT_FOUND",
    "NOT_FOUND",
    "PERMISSION_DENIED",
    "QUOTA_EXCEEDED",
    "NOT_A_DIRECTORY",
    "IS_A_DIRECTORY",
];

impl TransferClient {
    /// Waits until a task is over, or until it is clear that waiting does not help, and says which.
    ///
    /// It asks soon at first and ever less often, up to the [polling interval](TaskWait::polling_interval). A poll that
    /// fails for a passing reason is made again until the time is up. It never changes the task: a task that is
    /// [stalled](TaskOutcome::Stalled) or [timed out](TaskOutcome::TimedOut) runs on until it is cancelled.
    pub fn task_wait(&self, task_id: impl Into<TaskId>) -> TaskWait {
        TaskWait {
            watch: Watch { client: self.clone(), task_id: task_id.into(), stall_after_faults: 1 },
            timeout: None,
            polling_interval: Duration::from_secs(10),
            observer: None,
        }
    }
}

type Observer = Box<dyn FnMut(&Task) + Send>;

/// [`TransferClient::task_wait`].
#[must_use = "a wait does nothing until it is awaited"]
pub struct TaskWait {
    watch: Watch,
    timeout: Option<Duration>,
    polling_interval: Duration,
    observer: Option<Observer>,
}

impl TaskWait {
    /// How long to wait at most, in elapsed time; no limit by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How far apart polls become at most; 10 seconds when not set, and never below 10 milliseconds.
    pub fn polling_interval(mut self, interval: Duration) -> Self {
        self.polling_interval = interval.max(Duration::from_millis(10));
        self
    }

    /// After how many faults a task whose last fault looks fatal (a missing path, a denied permission, a full quota)
    /// counts as stalled; 1 when not set. `u64::MAX` waits on whatever happens.
    pub fn stall_after_faults(mut self, faults: u64) -> Self {
        self.watch.stall_after_faults = faults;
        self
    }

    /// Calls `observer` with the task at every poll, for a progress bar.
    pub fn on_progress(mut self, observer: impl FnMut(&Task) + Send + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    async fn wait(mut self) -> Result<TaskOutcome, Error> {
        let deadline = self.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut last = None;
        let mut pause = Duration::from_millis(100).min(self.polling_interval);
        loop {
            if let Some(task) = self.watch.poll(deadline).await? {
                if let Some(observer) = &mut self.observer {
                    observer(&task);
                }
                match self.watch.judge(task, deadline).await {
                    Verdict::Over(outcome) => return Ok(outcome),
                    Verdict::Running(task) => last = Some(task),
                }
            }
            let next = Instant::now() + pause;
            if let Some(deadline) = deadline.filter(|deadline| *deadline <= next) {
                sleep_until(deadline).await;
                return Ok(TaskOutcome::TimedOut { task: last });
            }
            sleep_until(next).await;
            pause = (pause * 3 / 2).min(self.polling_interval);
        }
    }
}

/// How a task is looked at and judged.
#[derive(Debug)]
struct Watch {
    client: TransferClient,
    task_id: TaskId,
    stall_after_faults: u64,
}

impl Watch {
    /// The task as it stands; `None` when a passing failure kept it from being seen.
    async fn poll(&self, deadline: Option<Instant>) -> Result<Option<Task>, Error> {
        let mut request = self.client.get_task(&self.task_id);
        if let Some(left) = left(deadline) {
            request = request.with_timeout(left);
        }
        match request.await {
            Ok(task) => Ok(Some(task)),
            Err(err) if err.is_transient() => {
                tracing::debug!(task_id = %self.task_id, error = %err, "a poll failed and will be made again");
                Ok(None)
            }
            Err(err) => Err(err),
        }
    }

    async fn judge(&self, task: Task, deadline: Option<Instant>) -> Verdict {
        Verdict::Over(match &task.status {
            Some(TaskStatus::Succeeded) => TaskOutcome::Succeeded(Box::new(task)),
            Some(TaskStatus::Failed) => TaskOutcome::Failed(Box::new(task)),
            Some(TaskStatus::Inactive) => TaskOutcome::Inactive(Box::new(task)),
            _ if self.is_stalled(&task) => {
                let fault = self.last_fault(deadline).await;
                TaskOutcome::Stalled { task: Box::new(task), fault: fault.map(Box::new) }
            }
            _ => return Verdict::Running(Box::new(task)),
        })
    }

    fn is_stalled(&self, task: &Task) -> bool {
        let fatal = |status: &String| FATAL_FAULTS.contains(&status.as_str());
        task.faults.unwrap_or(0) >= self.stall_after_faults && task.nice_status.as_ref().is_some_and(fatal)
    }

    /// What the task's owner wants to read; the verdict stands without it.
    async fn last_fault(&self, deadline: Option<Instant>) -> Option<TaskEvent> {
        let mut request = self.client.task_event_list(&self.task_id).filter("is_error:1").limit(1);
        if let Some(left) = left(deadline) {
            request = request.with_timeout(left);
        }
        request.await.ok()?.into_iter().next()
    }
}

/// The time until the deadline; a moment, when it has passed.
fn left(deadline: Option<Instant>) -> Option<Duration> {
    let left = deadline?.saturating_duration_since(Instant::now());
    Some(left.max(Duration::from_millis(1)))
}

enum Verdict {
    Over(TaskOutcome),
    Running(Box<Task>),
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
        f.debug_struct("TaskWait")
            .field("watch", &self.watch)
            .field("timeout", &self.timeout)
            .field("polling_interval", &self.polling_interval)
            .finish_non_exhaustive()
    }
}

/// What became of a task. `Display` says it in a sentence.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum TaskOutcome {
    /// It is done.
    Succeeded(Box<Task>),
    /// It failed, expired or was cancelled: [`Task::failure`] says why.
    Failed(Box<Task>),
    /// It is held until its owner does something, such as logging in again.
    Inactive(Box<Task>),
    /// It is active, but its last fault does not heal by itself. It goes on trying until its deadline.
    Stalled {
        /// The task.
        task: Box<Task>,
        /// The last fault.
        fault: Option<Box<TaskEvent>>,
    },
    /// The time was up first.
    TimedOut {
        /// The task as it was last seen, if it was.
        task: Option<Box<Task>>,
    },
}

impl TaskOutcome {
    /// The task as it was last seen.
    pub fn task(&self) -> Option<&Task> {
        match self {
            Self::Succeeded(task)
            | Self::Failed(task)
            | Self::Inactive(task)
            | Self::Stalled { task, .. } => Some(task),
            Self::TimedOut { task } => task.as_deref(),
        }
    }

    /// Whether it is done.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Succeeded(_))
    }
}

impl fmt::Display for TaskOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Succeeded(task) => {
                let (files, bytes) =
                    (task.files_transferred.unwrap_or(0), task.bytes_transferred.unwrap_or(0));
                write!(f, "task {} succeeded: {files} files, {bytes} bytes", task.task_id)
            }
            Self::Failed(task) => {
                write!(
                    f,
                    "task {} failed: {}",
                    task.task_id,
                    task.failure().unwrap_or("the service does not say why")
                )
            }
            Self::Inactive(task) => {
                let why = task.failure().unwrap_or("the service does not say why");
                write!(f, "task {} waits for its owner: {why}", task.task_id)
            }
            Self::Stalled { task, fault } => {
                let described = fault.as_ref().and_then(|fault| fault.description.as_deref());
                let why = described.or(task.failure()).unwrap_or("the service does not say why");
                write!(f, "task {} makes no progress: {why}; fix this, or cancel the task", task.task_id)
            }
            Self::TimedOut { task: Some(task) } => {
                write!(f, "task {} was still running when the time was up", task.task_id)
            }
            Self::TimedOut { task: None } => {
                f.write_str("the time was up before the task could be looked at")
            }
        }
    }
}
