//! The token in use, and when it has to be replaced.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use globus_auth_core::UnixTime;
use globus_tokenstorage::TokenData;

use crate::AuthorizationHeader;

/// A token with less than this left is not served: it might expire on its way to the service.
const MARGIN: i64 = 60;

/// The longest early window that is chosen without being asked for, in seconds.
const LONGEST_WINDOW: u64 = 300;

#[derive(Debug)]
pub(crate) struct Held {
    pub(super) header: AuthorizationHeader,
    pub(super) expires_at: UnixTime,
    /// When the next renewal in the background may start; `i64::MAX` while one runs.
    early_at: AtomicI64,
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
            early_at: AtomicI64::new(data.expires_at.as_seconds().saturating_sub(window)),
        }
    }

    pub(super) fn is_fresh(&self, now: UnixTime) -> bool {
        is_fresh(self.expires_at, now)
    }

    /// Whether it is time to renew in the background. Only one caller gets `true`, until [`Self::postpone`].
    pub(super) fn is_due(&self, now: UnixTime) -> bool {
        let early_at = self.early_at.load(Ordering::Relaxed);
        now.as_seconds() >= early_at
            && self
                .early_at
                .compare_exchange(early_at, i64::MAX, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }

    /// Lets the next renewal in the background start at `time`.
    pub(super) fn postpone(&self, time: UnixTime) {
        self.early_at.store(time.as_seconds(), Ordering::Relaxed);
    }
}

/// Whether a token that ends at `expires_at` can still be served: 60 s left are enough, 59 s are not.
pub(super) fn is_fresh(expires_at: UnixTime, now: UnixTime) -> bool {
    expires_at.as_seconds().saturating_sub(now.as_seconds()) >= MARGIN
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime::from_seconds(1_700_000_000);

    fn held(life: i64, early: Option<u64>) -> Held {
        let expires_at = UnixTime::from_seconds(NOW.as_seconds() + life);
        Held::new(&TokenData::new("rs", "s", "A", expires_at), NOW, early.map(Duration::from_secs))
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
                assert!(!held(life, None).is_due(after(earliest - 1)));
                assert!(held(life, None).is_due(after(earliest + 30)));
            }
        }
    }

    #[test]
    fn the_window_is_at_most_half_of_the_life() {
        for _ in 0..50 {
            let held = held(3600, Some(86_400));
            assert!(!held.is_due(after(1799)));
            assert!(held.is_due(after(1980)));
        }
    }

    #[test]
    fn one_caller_learns_that_a_renewal_is_due() {
        let held = held(3600, Some(600));
        assert!(held.is_due(after(3100)));
        assert!(!held.is_due(after(3100)));
        held.postpone(after(3200));
        assert!(!held.is_due(after(3199)));
        assert!(held.is_due(after(3200)));
    }

    #[test]
    fn absurd_times_do_not_overflow() {
        for expires_at in [i64::MIN, 0, i64::MAX] {
            let data = TokenData::new("rs", "s", "A", UnixTime::from_seconds(expires_at));
            let held = Held::new(&data, NOW, Some(Duration::MAX));
            assert_eq!(held.is_fresh(NOW), expires_at == i64::MAX);
            held.is_due(NOW);
        }
    }
}
