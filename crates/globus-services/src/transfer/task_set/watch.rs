//! [`TaskSetWatch`]: the ends of many tasks as a stream.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use globus_transport::Error;
use tokio::time::Instant;

use super::look::{End, look};
use super::{TaskHandle, TaskSet};
use crate::transfer::wait::{Pace, Policy};
use crate::transfer::{TaskOutcome, TransferClient};

/// A task of a [`TaskSet`] for which there is nothing left to wait for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TaskEnd {
    /// The task.
    pub handle: TaskHandle,
    /// What became of it. An error when it cannot be looked at: there is no such task, for instance.
    pub outcome: Result<TaskOutcome, Error>,
}

/// [`TaskSet::watch`]. Settings come first, then the reading.
#[must_use = "a watch looks at nothing until it is read"]
pub struct TaskSetWatch {
    client: TransferClient,
    tasks: TaskSet,
    policy: Policy,
    pace: Pace,
    timeout: Option<Duration>,
    /// From the first look on.
    began: Option<Instant>,
    is_over: bool,
    round: Option<Pin<Box<Round>>>,
    at_hand: VecDeque<TaskEnd>,
}

/// The pace after a look, and what was seen; nothing when the time was up first.
type Round = dyn Future<Output = (Pace, Option<Result<Vec<End>, Error>>)> + Send;

impl TaskSetWatch {
    pub(super) fn new(tasks: TaskSet, client: TransferClient) -> Self {
        Self {
            client,
            tasks,
            policy: Policy::default(),
            pace: Pace::up_to(Duration::from_secs(10)),
            timeout: None,
            began: None,
            is_over: false,
            round: None,
            at_hand: VecDeque::new(),
        }
    }

    /// How long to watch at most, from the first look on; no limit by default. Tasks that are not done by then
    /// [timed out](TaskOutcome::TimedOut), and stay in [the set](Self::tasks).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How far apart looks become at most; 10 seconds when not set, and never below 10 milliseconds.
    pub fn polling_interval(mut self, interval: Duration) -> Self {
        self.pace = Pace::up_to(interval);
        self
    }

    /// As [`TaskWait::stall_after_faults`](crate::transfer::requests::TaskWait::stall_after_faults).
    pub fn stall_after_faults(mut self, faults: u64) -> Self {
        self.policy.stall_after_faults = faults;
        self
    }

    /// As [`TaskWait::cancel_when_stalled`](crate::transfer::requests::TaskWait::cancel_when_stalled).
    pub fn cancel_when_stalled(mut self, cancel: bool) -> Self {
        self.policy.cancel_when_stalled = cancel;
        self
    }

    /// As [`TaskWait::wait_while_paused`](crate::transfer::requests::TaskWait::wait_while_paused).
    pub fn wait_while_paused(mut self, wait: bool) -> Self {
        self.policy.wait_while_paused = wait;
        self
    }

    /// The tasks whose end was not told yet: what to store.
    pub fn tasks(&self) -> &TaskSet {
        &self.tasks
    }

    /// Watches another task as well, from the next look on.
    pub fn insert(&mut self, task: impl Into<TaskHandle>) {
        self.tasks.insert(task);
    }

    /// The next task that has come to its end; `None` when none is left.
    ///
    /// Cancel-safe: no end is lost when the future is dropped.
    ///
    /// # Errors
    /// When tasks cannot be listed, and that does not pass by itself. The tasks stay in the set, and can be watched on.
    pub async fn try_next(&mut self) -> Result<Option<TaskEnd>, Error> {
        std::future::poll_fn(|cx| self.poll_end(cx)).await.transpose()
    }

    pub(in crate::transfer) fn poll_end(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<TaskEnd, Error>>> {
        loop {
            if let Some(end) = self.at_hand.pop_front() {
                if !matches!(end.outcome, Ok(TaskOutcome::TimedOut { .. })) {
                    self.tasks.remove(&end.handle.task_id);
                }
                return Poll::Ready(Some(Ok(end)));
            }
            if self.tasks.is_empty() || self.is_over {
                return Poll::Ready(None);
            }
            let mut round = self.round.take().unwrap_or_else(|| self.start());
            let Poll::Ready((pace, seen)) = round.as_mut().poll(cx) else {
                self.round = Some(round);
                return Poll::Pending;
            };
            self.pace = pace;
            match seen {
                Some(Ok(ends)) => self.take(ends),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => self.time_out(),
            }
        }
    }

    fn start(&mut self) -> Pin<Box<Round>> {
        let began = *self.began.get_or_insert_with(Instant::now);
        let deadline = self.timeout.and_then(|timeout| began.checked_add(timeout));
        let ids = self.tasks.iter().map(|handle| handle.task_id.clone()).collect();
        let (mut pace, client, policy) = (self.pace, self.client.clone(), self.policy);
        Box::pin(async move {
            if !pace.wait(deadline).await {
                return (pace, None);
            }
            let seen = look(client, ids, policy, deadline).await;
            pace.looked();
            (pace, Some(seen))
        })
    }

    fn take(&mut self, ends: Vec<End>) {
        for (id, outcome) in ends {
            if let Some(handle) = self.tasks.get(&id) {
                self.at_hand.push_back(TaskEnd { handle: handle.clone(), outcome });
            }
        }
    }

    fn time_out(&mut self) {
        self.is_over = true;
        for handle in self.tasks.iter() {
            let outcome = Ok(TaskOutcome::TimedOut { task: None });
            self.at_hand.push_back(TaskEnd { handle: handle.clone(), outcome });
        }
    }
}

impl Stream for TaskSetWatch {
    type Item = Result<TaskEnd, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_end(cx)
    }
}

impl fmt::Debug for TaskSetWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskSetWatch")
            .field("tasks", &self.tasks.len())
            .field("policy", &self.policy)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
