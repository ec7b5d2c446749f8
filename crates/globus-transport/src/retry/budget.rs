//! [`Budget`]: how many retries all calls of a transport may make together.

use std::sync::atomic::{AtomicU32, Ordering};

/// A bucket of tokens. A retry takes [`COST`], a success puts one back: when a service is down, the load that retries add
/// falls to a tenth of the calls that succeed, instead of multiplying every call by six.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

const COST: u32 = 10;
const FULL: u32 = 100 * COST;

impl Budget {
    pub(crate) const fn full() -> Self {
        Self(AtomicU32::new(FULL))
    }

    /// Takes a retry out, if there is one left.
    pub(crate) fn spend(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(COST)).is_ok()
    }

    /// Notes a success.
    pub(crate) fn earn(&self) {
        // A full bucket is the normal case: then nothing is written that other threads would have to wait for.
        if self.0.load(Ordering::Relaxed) < FULL {
            let _ = self
                .0
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| (left < FULL).then_some(left + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_retries_are_free_and_then_ten_successes_buy_one() {
        let budget = Budget::full();
        assert_eq!((0..1000).filter(|_| budget.spend()).count(), 100);
        (0..9).for_each(|_| budget.earn());
        assert!(!budget.spend());
        budget.earn();
        assert!(budget.spend() && !budget.spend());
    }

    #[test]
    fn it_never_holds_more_than_it_was_given() {
        let budget = Budget::full();
        (0..100_000).for_each(|_| budget.earn());
        assert_eq!((0..1000).filter(|_| budget.spend()).count(), 100);
    }
}
