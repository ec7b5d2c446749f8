//! [`Budget`]: how many retries all calls of a transport may make together.

use std::sync::atomic::{AtomicU32, Ordering};

/// A bucket of tokens. A retry takes some of them out, a success puts one back: when a service is down, the load that retries
/// add falls to a tenth of the calls that succeed, instead of multiplying every call by six.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

/// What a retry costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Price {
    /// We choose to try again: ten successes buy one.
    Full,
    /// The service throttles and wants us to come back: one success buys one. A client that is only too fast goes on, and one
    /// that is never let in gives up.
    Scheduled,
}

/// The price of a retry that was decided on. It is given back when the retry never comes to pass.
#[derive(Debug)]
#[must_use = "what is not used is given back"]
pub(crate) struct Ticket<'a> {
    budget: &'a Budget,
    price: u32,
}

const FULL: u32 = 1000;

impl Budget {
    pub(crate) const fn full() -> Self {
        Self(AtomicU32::new(FULL))
    }

    /// Takes a retry out, if there is one left.
    pub(crate) fn spend(&self, price: Price) -> Option<Ticket<'_>> {
        let price = price.tokens();
        let left = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(price));
        // Not made when there is none: dropping it would give back what was never taken.
        left.is_ok().then(|| Ticket { budget: self, price })
    }

    /// Notes a success.
    pub(crate) fn earn(&self) {
        self.put_back(1);
    }

    fn put_back(&self, tokens: u32) {
        // A full bucket is the normal case: then nothing is written that other threads would have to wait for.
        if self.0.load(Ordering::Relaxed) < FULL {
            let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                (left < FULL).then_some((left + tokens).min(FULL))
            });
        }
    }
}

impl Price {
    const fn tokens(self) -> u32 {
        match self {
            Self::Full => 10,
            Self::Scheduled => 1,
        }
    }
}

impl Ticket<'_> {
    /// The retry is sent.
    pub(crate) fn punch(mut self) {
        self.price = 0;
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if self.price > 0 {
            self.budget.put_back(self.price);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buys(budget: &Budget, price: Price) -> usize {
        std::iter::from_fn(|| budget.spend(price).map(Ticket::punch)).count()
    }

    #[test]
    fn a_hundred_retries_are_free_and_then_ten_successes_buy_one() {
        let budget = Budget::full();
        assert_eq!(buys(&budget, Price::Full), 100);
        (0..9).for_each(|_| budget.earn());
        assert_eq!(buys(&budget, Price::Full), 0);
        budget.earn();
        assert_eq!(buys(&budget, Price::Full), 1);
    }

    #[test]
    fn what_the_service_schedules_costs_one_success() {
        let budget = Budget::full();
        assert_eq!(buys(&budget, Price::Scheduled), 1000);
        (0..7).for_each(|_| budget.earn());
        assert_eq!(buys(&budget, Price::Scheduled), 7);
    }

    #[test]
    fn it_never_holds_more_than_it_was_given() {
        let budget = Budget::full();
        (0..100_000).for_each(|_| budget.earn());
        assert_eq!(buys(&budget, Price::Full), 100);
    }

    #[test]
    fn a_retry_that_never_comes_to_pass_costs_nothing() {
        let budget = Budget::full();
        (0..10_000).for_each(|_| drop(budget.spend(Price::Full)));
        assert_eq!(buys(&budget, Price::Full), 100);
    }
}
