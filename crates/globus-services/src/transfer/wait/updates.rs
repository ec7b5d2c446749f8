//! [`TaskUpdates`]: a wait as a stream.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use globus_transport::Error;

use super::events::Events;
use super::rounds::Rounds;
use super::{Observer, TaskOutcome};
use crate::transfer::{Task, TaskEvent};

/// What [`TaskUpdates`] gives.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum TaskProgress {
    /// The task, which is not as it was.
    State(Box<Task>),
    /// Something happened, in the order of happening.
    Event(Box<TaskEvent>),
    /// What became of it. Nothing comes after.
    Outcome(TaskOutcome),
}

/// A wait as a stream. Made by [`TaskWait::updates`](crate::transfer::requests::TaskWait::updates).
///
/// Between two looks at the task, a thousand events are seen at most: the service lists no more, and of those the newest. Events that
/// cannot be read come with a later look, or not at all: the outcome does not wait for them.
pub struct TaskUpdates {
    at_hand: VecDeque<TaskProgress>,
    state: State,
}

enum State {
    Resting(Box<Watch>),
    Looking(Pin<Box<dyn Future<Output = (Box<Watch>, Look)> + Send>>),
    Ended,
}

type Look = Result<(Vec<TaskProgress>, bool), Error>;

struct Watch {
    rounds: Rounds,
    observer: Option<Observer>,
    events: Events,
    last: Option<Task>,
    /// Whether there may be events that were not read.
    behind: bool,
}

impl TaskUpdates {
    pub(super) fn new(rounds: Rounds, observer: Option<Observer>) -> Self {
        let watch = Watch { rounds, observer, events: Events::default(), last: None, behind: false };
        Self { at_hand: VecDeque::new(), state: State::Resting(Box::new(watch)) }
    }

    /// The next update; `None` after the outcome.
    ///
    /// Cancel-safe: nothing is lost when the future is dropped.
    ///
    /// # Errors
    /// When the task cannot be looked at and that does not pass by itself. The stream ends with it.
    pub async fn try_next(&mut self) -> Result<Option<TaskProgress>, Error> {
        std::future::poll_fn(|cx| self.poll_update(cx)).await.transpose()
    }

    fn poll_update(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<TaskProgress, Error>>> {
        loop {
            if let Some(update) = self.at_hand.pop_front() {
                return Poll::Ready(Some(Ok(update)));
            }
            self.state = match std::mem::replace(&mut self.state, State::Ended) {
                State::Ended => return Poll::Ready(None),
                State::Resting(watch) => State::Looking(Box::pin(watch.look())),
                State::Looking(mut look) => {
                    let Poll::Ready((watch, look)) = look.as_mut().poll(cx) else {
                        self.state = State::Looking(look);
                        return Poll::Pending;
                    };
                    match look {
                        Err(error) => return Poll::Ready(Some(Err(error))),
                        Ok((updates, over)) => {
                            self.at_hand.extend(updates);
                            if over { State::Ended } else { State::Resting(watch) }
                        }
                    }
                }
            };
        }
    }
}

impl Watch {
    async fn look(mut self: Box<Self>) -> (Box<Self>, Look) {
        let look = self.see().await;
        (self, look)
    }

    /// What is new, and whether that is all.
    async fn see(&mut self) -> Look {
        let (mut seen, observer) = (None, &mut self.observer);
        let mut see = |task: &Task| {
            if let Some(observer) = observer {
                observer(task);
            }
            seen = Some(task.clone());
        };
        let outcome = self.rounds.round(&mut see).await?;
        let mut updates = Vec::new();
        if let Some(task) = seen.filter(|task| self.last.as_ref() != Some(task)) {
            self.last = Some(task.clone());
            updates.push(TaskProgress::State(Box::new(task)));
            self.behind = true;
        }
        if self.behind {
            let Rounds { client, task_id, .. } = &self.rounds;
            match self.events.fetch(client, task_id, self.rounds.deadline()).await {
                Ok(new) => {
                    self.behind = false;
                    updates.extend(new.into_iter().map(|event| TaskProgress::Event(Box::new(event))));
                }
                Err(error) => tracing::debug!(%task_id, %error, "the events of a task could not be read"),
            }
        }
        let over = outcome.is_some();
        updates.extend(outcome.map(TaskProgress::Outcome));
        Ok((updates, over))
    }
}

impl Stream for TaskUpdates {
    type Item = Result<TaskProgress, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_update(cx)
    }
}

impl fmt::Debug for TaskUpdates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskUpdates").field("at_hand", &self.at_hand.len()).finish_non_exhaustive()
    }
}
