//! Wall-clock time, read through a [`Clock`] so that tests can move it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A point in time in whole seconds since 1970-01-01T00:00:00Z, as token storage files keep it.
///
/// It means the same to every process and host, and survives a suspend, which a monotonic instant does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixTime(i64);

impl UnixTime {
    /// The time that lies `seconds` after the epoch (before it, when negative).
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since the epoch.
    pub const fn as_seconds(self) -> i64 {
        self.0
    }

    /// The time `duration` later, in whole seconds; stays at the largest time rather than overflow.
    #[must_use]
    pub fn saturating_add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)))
    }

    /// How long it is from `earlier` until this time; zero when it is not later.
    pub fn saturating_since(self, earlier: Self) -> Duration {
        Duration::from_secs(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl From<SystemTime> for UnixTime {
    fn from(time: SystemTime) -> Self {
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => Self(i64::try_from(after.as_secs()).unwrap_or(i64::MAX)),
            Err(before) => Self(-i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX)),
        }
    }
}

/// Where the time comes from.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The time now.
    fn now(&self) -> UnixTime;
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UnixTime {
        SystemTime::now().into()
    }
}

/// A clock that stands still until it is moved, for tests. Clones share the time.
///
/// ```
/// use globus_auth_core::{Clock, ManualClock, UnixTime};
/// use std::time::Duration;
///
/// let clock = ManualClock::at(UnixTime::from_seconds(1_700_000_000));
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.now().as_seconds(), 1_700_000_060);
/// ```
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// A clock that stands at `time`.
    pub fn at(time: UnixTime) -> Self {
        Self(Arc::new(AtomicI64::new(time.as_seconds())))
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        self.set(self.now().saturating_add(by));
    }

    /// Sets the clock, forward or back.
    pub fn set(&self, time: UnixTime) {
        self.0.store(time.as_seconds(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> UnixTime {
        UnixTime(self.0.load(Ordering::SeqCst))
    }
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> UnixTime {
        (**self).now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_never_overflows() {
        let late = UnixTime::from_seconds(i64::MAX - 1);
        assert_eq!(late.saturating_add(Duration::MAX).as_seconds(), i64::MAX);
        assert_eq!(UnixTime::from_seconds(5).saturating_since(late), Duration::ZERO);
        assert_eq!(
            UnixTime::from_seconds(7).saturating_since(UnixTime::from_seconds(5)),
            Duration::from_secs(2)
        );
    }

    #[test]
    fn times_before_the_epoch_are_negative() {
        assert_eq!(UnixTime::from(UNIX_EPOCH - Duration::from_secs(3)).as_seconds(), -3);
    }
}
