//! How fast bytes may move, all tasks together.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::lock::lock;

/// Hands out time: bytes take as long as the rate says, one after another.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    free: Mutex<Option<Instant>>,
}

impl Pace {
    /// When so many bytes have had their time, at `rate` bytes a second.
    pub(crate) fn take(&self, bytes: u64, rate: u64) -> Instant {
        let mut free = lock(&self.free);
        let now = Instant::now();
        let start = free.map_or(now, |free| free.max(now));
        let until = start + Duration::from_secs_f64(bytes as f64 / rate.max(1) as f64);
        *free = Some(until);
        until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_at_once_shares_the_rate() {
        let (pace, start) = (Pace::default(), Instant::now());
        let first = pace.take(1000, 100);
        let second = pace.take(500, 100);
        assert!(first >= start + Duration::from_secs(10));
        assert_eq!(second, first + Duration::from_secs(5));
    }
}
