//! Whether a failed attempt is followed by another, and when.

use std::time::Duration;

use crate::error::network::Sent;
use crate::{ApiError, Service};

mod after;
mod budget;

pub(crate) use after::retry_after;
pub(crate) use budget::{Budget, Price};

/// How often, and how far apart, a request is sent again. It is asked after every failed attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RetryPolicy {
    pub(crate) max_retries: u32,
    /// The longest wait that we choose ourselves; a service may ask for more.
    pub(crate) max_backoff: Duration,
}

/// Half of it is the mean wait before the first retry.
const FIRST: Duration = Duration::from_secs(1);

/// The same where nothing listens on this machine: four retries within a second.
const FIRST_HERE: Duration = Duration::from_millis(60);
const MOST_HERE: u32 = 4;

/// A service's wish beyond this is passed on and not waited for: nobody expects a call to sleep for hours.
pub(crate) const LONGEST_WISH: Duration = Duration::from_secs(600);

/// What became of an attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outcome<'a> {
    /// The service answered with an error.
    Answer { error: &'a ApiError, retry_after: Option<Duration> },
    /// There was no answer, or no whole one.
    Broken(Sent),
}

/// What is known of the call so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct State {
    /// Retries so far; a renewed token does not count.
    pub(crate) retries: u32,
    /// Whether the request may be carried out twice.
    pub(crate) may_repeat: bool,
}

/// The answer of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Send again after this long, for this price.
    Continue { delay: Duration, price: Price },
    /// Give the failure to the caller.
    Stop,
}

impl RetryPolicy {
    pub(crate) fn decide(&self, state: State, outcome: Outcome<'_>) -> Decision {
        let here = matches!(outcome, Outcome::Broken(Sent::NeverHere));
        let limit = if here { self.max_retries.min(MOST_HERE) } else { self.max_retries };
        if state.retries >= limit || !may_help(state, outcome) {
            return Decision::Stop;
        }
        let first = if here { FIRST_HERE } else { FIRST };
        let backoff = self.backoff(first, state.retries, fastrand::f64());
        match outcome {
            Outcome::Answer { error, retry_after } => Decision::Continue {
                delay: backoff.max(retry_after.unwrap_or_default()),
                price: match error.http_status() == 429 || retry_after.is_some() {
                    true => Price::Scheduled,
                    false => Price::Full,
                },
            },
            Outcome::Broken(_) => Decision::Continue { delay: backoff, price: Price::Full },
        }
    }

    /// Exponential with full jitter: anywhere between nothing and twice as much as the time before, up to the cap.
    fn backoff(&self, first: Duration, retries: u32, random: f64) -> Duration {
        let ceiling = first.saturating_mul(2_u32.saturating_pow(retries)).min(self.max_backoff);
        ceiling.mul_f64(random.clamp(0.0, 1.0))
    }
}

/// The table: what happened × whether the request may be repeated.
fn may_help(state: State, outcome: Outcome<'_>) -> bool {
    match outcome {
        Outcome::Broken(Sent::Never | Sent::NeverHere) => true,
        Outcome::Broken(Sent::Perhaps) => state.may_repeat,
        Outcome::Broken(Sent::Hopeless) => false,
        Outcome::Answer { error, retry_after } => match error.http_status() {
            // The service says that it did nothing. Whoever answers 503 without a date to come back may have begun.
            429 => true,
            503 => state.may_repeat || retry_after.is_some(),
            500 | 502 | 504 => state.may_repeat && !is_endpoint_trouble(error),
            _ => false,
        },
    }
}

/// Whether the same call may be answered otherwise later.
pub(crate) fn is_transient_answer(error: &ApiError) -> bool {
    match error.http_status() {
        429 | 503 => true,
        500 | 502 | 504 => !is_endpoint_trouble(error),
        _ => false,
    }
}

/// Transfer reports trouble of a user's endpoint as its own 500, 502 or 504. Asking again only delays the bad news.
fn is_endpoint_trouble(error: &ApiError) -> bool {
    let codes = error.code().into_iter().chain(error.errors().iter().filter_map(|sub| sub.code.as_deref()));
    error.service() == Service::Transfer
        && codes.into_iter().any(|code| code.contains("EndpointError") || code.contains("ExternalError"))
}

#[cfg(test)]
mod tests;
