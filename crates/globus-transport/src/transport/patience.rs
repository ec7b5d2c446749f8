//! [`Patience`]: how long an attempt waits for the other side.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// Time ran out.
pub(super) struct TimedOut;

/// Watches over the waits of one attempt. All of them share one timer, which is moved only when it fires too early: setting
/// a timer for each part of an answer costs more than reading the part.
pub(super) struct Patience {
    /// For one wait.
    idle: Option<Duration>,
    /// For everything.
    deadline: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Patience {
    pub(super) fn new(idle: Option<Duration>, deadline: Option<Instant>) -> Self {
        Self { idle, deadline, timer: None }
    }

    /// How long one wait may take from now on.
    pub(super) fn set_idle(&mut self, idle: Option<Duration>) {
        self.idle = idle;
    }

    /// How long one wait may take.
    pub(super) fn idle(&self) -> Option<Duration> {
        self.idle
    }

    /// Whether the time of the whole call is over.
    pub(super) fn is_over(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Waits for `future`, but not too long. It stays where the caller has it: a copy would lie in every call that waits.
    pub(super) async fn wait<F: Future>(&mut self, mut future: Pin<&mut F>) -> Result<F::Output, TimedOut> {
        let Some(until) = self.until() else {
            return Ok(future.await);
        };
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(until)));
        if timer.deadline() > until {
            timer.as_mut().reset(until);
        }
        poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Ok(output));
            }
            while timer.as_mut().poll(context).is_ready() {
                // It was set for an earlier wait.
                if timer.deadline() >= until {
                    return Poll::Ready(Err(TimedOut));
                }
                timer.as_mut().reset(until);
            }
            Poll::Pending
        })
        .await
    }

    /// When a wait that starts now must end.
    fn until(&self) -> Option<Instant> {
        let idle = self.idle.and_then(|idle| Instant::now().checked_add(idle));
        match (idle, self.deadline) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use tokio::time::sleep;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn each_wait_has_its_time_and_all_have_the_calls() {
        let start = Instant::now();
        let mut patience = Patience::new(Some(10 * SECOND), Some(start + 25 * SECOND));
        assert!(patience.wait(pin!(sleep(9 * SECOND))).await.is_ok());
        assert!(patience.wait(pin!(sleep(9 * SECOND))).await.is_ok());
        assert!(patience.wait(pin!(sleep(9 * SECOND))).await.is_err());
        assert!(patience.is_over());
        assert_eq!(start.elapsed().as_secs(), 25);
    }

    #[tokio::test(start_paused = true)]
    async fn a_shorter_time_moves_the_timer_forward() {
        let start = Instant::now();
        let mut patience = Patience::new(Some(60 * SECOND), None);
        assert!(patience.wait(pin!(sleep(SECOND))).await.is_ok());
        patience.set_idle(Some(5 * SECOND));
        assert!(patience.wait(pin!(sleep(10 * SECOND))).await.is_err());
        assert_eq!(start.elapsed().as_secs(), 6);
    }

    #[tokio::test(start_paused = true)]
    async fn without_limits_nothing_ends() {
        let mut patience = Patience::new(None, None);
        assert!(patience.wait(pin!(sleep(1_000_000 * SECOND))).await.is_ok());
    }
}
