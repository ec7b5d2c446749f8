//! The token in use, and when it has to be replaced.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use globus_auth_core::UnixTime;
use globus_tokenstorage::TokenData;
use tokio::time::Instant;

use crate::AuthorizationHeader;

/// A token with less than this left is not served (60 s): it might end on its way to the service.
pub const LEAST_TOKEN_LIFE: Duration = Duration::from_secs(60);

/// The longest early window that is chosen without being asked for, in seconds.
const LONGEST_WINDOW: u64 = 300;

/// The expiry is a time of the wall clock, which may be set. So the time is measured by both clocks from the moment in which
/// the token was taken into use, and the later one counts: a wall clock that is set back makes no token young again,
/// and one that goes on while the machine is suspended, when the other one stands still, is believed.
#[derive(Debug)]
pub(crate) struct Held {
    pub(super) header: AuthorizationHeader,
    pub(super) expires_at: UnixTime,
    since: (UnixTime, Instant),
    /// When the next renewal in the background may start; `i64::MAX` while one runs.
    early_at: AtomicI64,
    /// The second of the wall clock in which it was last found to be good. Within it, nothing is asked of the other clock.
    looked_at: AtomicI64,
}

/// What is to be done with the token.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Look {
    Serve,
    /// Serve it, and renew it in the background. One caller is told so, until [`Held::postpone`].
    ServeAndRenew,
    Replace,
}

impl Held {
    /// `early` is the window before the expiry in which the token is renewed in the background; a tenth of the life
    /// that is left, at most five minutes, when `None`. It is never more than half of that life: a token that is
    /// due as soon as it is there would be replaced with every request.
    pub(super) fn new(data: &TokenData, now: UnixTime, early: Option<Duration>) -> Self {
        let left = data.expires_at.saturating_since(now).as_secs();
        let window = early.map_or((left / 10).min(LONGEST_WINDOW), |early| early.as_secs()).min(left / 2);
        // Up to a tenth later, so that processes that got their token together do not all renew it in one second.
        let window = window - fastrand::u64(0..=window / 10);
        let window = i64::try_from(window).unwrap_or(i64::MAX);
        Self {
            header: AuthorizationHeader::bearer(&data.access_token),
            expires_at: data.expires_at,
            since: (now, Instant::now()),
            early_at: AtomicI64::new(data.expires_at.as_seconds().saturating_sub(window)),
            looked_at: AtomicI64::new(i64::MIN),
        }
    }

    /// What is to be done with it when the wall clock says `now`.
    pub(super) fn look(&self, now: UnixTime) -> Look {
        if self.looked_at.load(Ordering::Relaxed) == now.as_seconds() {
            return Look::Serve;
        }
        if !self.is_fresh(now) {
            return Look::Replace;
        }
        if self.is_due(now) {
            return Look::ServeAndRenew;
        }
        self.looked_at.store(now.as_seconds(), Ordering::Relaxed);
        Look::Serve
    }

    pub(super) fn is_fresh(&self, now: UnixTime) -> bool {
        self.left(now) >= LEAST_TOKEN_LIFE
    }

    /// How long it lives on.
    pub(super) fn left(&self, now: UnixTime) -> Duration {
        self.expires_at.saturating_since(self.time(now))
    }

    /// Lets the next renewal in the background start so much later than `now`.
    pub(super) fn postpone(&self, now: UnixTime, pause: Duration) {
        self.early_at.store(self.time(now).saturating_add(pause).as_seconds(), Ordering::Relaxed);
        self.looked_at.store(i64::MIN, Ordering::Relaxed);
    }

    fn is_due(&self, now: UnixTime) -> bool {
        let early_at = self.early_at.load(Ordering::Relaxed);
        self.time(now).as_seconds() >= early_at
            && self
                .early_at
                .compare_exchange(early_at, i64::MAX, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }

    /// The time by the clock that went on further.
    fn time(&self, now: UnixTime) -> UnixTime {
        let (wall, steady) = self.since;
        now.max(wall.saturating_add(steady.elapsed()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime::from_seconds(1_700_000_000);

    fn held(life: i64, early: Option<u64>) -> Held {
        Held::new(&TokenData::new("rs", "s", "A", after(life)), NOW, early.map(Duration::from_secs))
    }

    fn after(seconds: i64) -> UnixTime {
        UnixTime::from_seconds(NOW.as_seconds() + seconds)
    }

    #[test]
    fn sixty_seconds_are_fresh_and_fifty_nine_are_not() {
        let held = held(3600, None);
        assert!(held.is_fresh(after(3540)));
        assert!(!held.is_fresh(after(3541)));
    }

    #[test]
    fn the_window_is_a_tenth_of_the_life_and_at_most_five_minutes() {
        for (life, earliest) in [(1000, 900), (172_800, 172_500)] {
            for _ in 0..50 {
                assert_eq!(held(life, None).look(after(earliest - 1)), Look::Serve);
                assert_eq!(held(life, None).look(after(earliest + 30)), Look::ServeAndRenew);
            }
        }
    }

    #[test]
    fn the_window_is_at_most_half_of_the_life() {
        for _ in 0..50 {
            let held = held(3600, Some(86_400));
            assert_eq!(held.look(after(1799)), Look::Serve);
            assert_eq!(held.look(after(1980)), Look::ServeAndRenew);
        }
    }

    #[test]
    fn one_caller_learns_that_a_renewal_is_due() {
        let held = held(3600, Some(600));
        assert_eq!(held.look(after(3100)), Look::ServeAndRenew);
        assert_eq!(held.look(after(3100)), Look::Serve);
        held.postpone(after(3100), Duration::ZERO);
        assert_eq!(held.look(after(3100)), Look::ServeAndRenew);
        held.postpone(after(3100), Duration::from_secs(100));
        assert_eq!(held.look(after(3199)), Look::Serve);
        assert_eq!(held.look(after(3200)), Look::ServeAndRenew);
    }

    #[tokio::test(start_paused = true)]
    async fn the_clock_that_went_on_further_counts() {
        let held = held(3600, Some(600));
        let year_before = after(-365 * 86_400);
        assert_eq!(held.left(year_before), Duration::from_secs(3600));
        tokio::time::advance(Duration::from_secs(3100)).await;
        assert_eq!(held.left(year_before), Duration::from_secs(500));
        assert_eq!(held.left(after(3200)), Duration::from_secs(400));
        assert_eq!(held.look(year_before), Look::ServeAndRenew);
        held.postpone(year_before, Duration::from_secs(100));
        assert_eq!(held.look(year_before), Look::Serve);
        tokio::time::advance(Duration::from_secs(441)).await;
        assert_eq!(held.look(after(1)), Look::Replace);
    }

    #[test]
    fn absurd_times_do_not_overflow() {
        for expires_at in [i64::MIN, 0, i64::MAX] {
            for now in [i64::MIN, NOW.as_seconds(), i64::MAX - 60] {
                let now = UnixTime::from_seconds(now);
                let data = TokenData::new("rs", "s", "A", UnixTime::from_seconds(expires_at));
                let held = Held::new(&data, now, Some(Duration::MAX));
                assert_eq!(held.is_fresh(now), expires_at.saturating_sub(now.as_seconds()) >= 60);
                held.look(now);
                held.postpone(now, Duration::MAX);
            }
        }
    }
}
