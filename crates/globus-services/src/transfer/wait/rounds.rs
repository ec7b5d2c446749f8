//! [`Rounds`]: looking at a task again and again.

use std::time::Duration;

use globus_transport::Error;
use tokio::time::Instant;

use super::deadline::{Pace, left};
use super::policy::Policy;
use crate::model::TaskId;
use crate::transfer::{Task, TaskOutcome, TransferClient};

#[derive(Clone, Debug)]
pub(super) struct Rounds {
    pub(super) client: TransferClient,
    pub(super) task_id: TaskId,
    pub(super) policy: Policy,
    pub(super) timeout: Option<Duration>,
    pub(super) pace: Pace,
    pub(super) last: Option<Box<Task>>,
    /// From the first round on.
    began: Option<Instant>,
}

impl Rounds {
    pub(super) fn new(client: TransferClient, task_id: TaskId) -> Self {
        let pace = Pace::up_to(Duration::from_secs(10));
        Self { client, task_id, policy: Policy::default(), timeout: None, pace, last: None, began: None }
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.began?.checked_add(self.timeout?)
    }

    /// Looks once, when it is time, and shows the task to `see`. What became of it, if there is nothing left to wait for.
    pub(super) async fn round(
        &mut self,
        see: &mut (dyn FnMut(&Task) + Send),
    ) -> Result<Option<TaskOutcome>, Error> {
        self.began.get_or_insert_with(Instant::now);
        let deadline = self.deadline();
        if !self.pace.wait(deadline).await {
            return Ok(Some(TaskOutcome::TimedOut { task: self.last.take() }));
        }
        if let Some(task) = self.poll(deadline).await? {
            see(&task);
            match self.policy.judge(&self.client, task, deadline).await {
                Ok(outcome) => return Ok(Some(outcome)),
                Err(task) => self.last = Some(task),
            }
        }
        self.pace.looked();
        Ok(None)
    }

    /// The task as it stands; `None` when a passing failure kept it from being seen.
    async fn poll(&self, deadline: Option<Instant>) -> Result<Option<Box<Task>>, Error> {
        let mut request = self.client.get_task(&self.task_id);
        if let Some(left) = left(deadline) {
            request = request.with_timeout(left);
        }
        match request.await {
            Ok(task) => Ok(Some(Box::new(task))),
            Err(err) if err.is_transient() => {
                tracing::debug!(task_id = %self.task_id, error = %err, "a poll failed and will be made again");
                Ok(None)
            }
            Err(err) => Err(err),
        }
    }
}
