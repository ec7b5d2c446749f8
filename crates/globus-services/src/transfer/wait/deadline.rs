//! When to look again, and when to stop.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Soon at first, and ever less often.
#[derive(Clone, Copy, Debug)]
pub(in crate::transfer) struct Pace {
    pause: Duration,
    longest: Duration,
    next: Option<Instant>,
}

const FIRST: Duration = Duration::from_millis(100);

impl Pace {
    pub(in crate::transfer) fn up_to(longest: Duration) -> Self {
        let longest = longest.max(Duration::from_millis(10));
        Self { pause: FIRST.min(longest), longest, next: None }
    }

    /// Waits until it is time to look, which is at once the first time; `false` when the deadline comes before.
    pub(in crate::transfer) async fn wait(&mut self, deadline: Option<Instant>) -> bool {
        if let Some(next) = self.next {
            if let Some(deadline) = deadline.filter(|deadline| *deadline <= next) {
                sleep_until(deadline).await;
                return false;
            }
            sleep_until(next).await;
        }
        true
    }

    /// Says that somebody has looked.
    pub(in crate::transfer) fn looked(&mut self) {
        self.next = Some(Instant::now() + self.pause);
        self.pause = (self.pause * 3 / 2).min(self.longest);
    }
}

/// The time until the deadline; a moment, when it has passed.
pub(in crate::transfer) fn left(deadline: Option<Instant>) -> Option<Duration> {
    let left = deadline?.saturating_duration_since(Instant::now());
    Some(left.max(Duration::from_millis(1)))
}
