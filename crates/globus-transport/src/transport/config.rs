//! What a transport was built with.

use std::time::Duration;

use crate::HttpRequest;
use crate::retry::RetryPolicy;

#[derive(Clone, Debug)]
pub(super) struct Config {
    pub(super) attempt_timeout: Option<Duration>,
    pub(super) timeout: Total,
    pub(super) retry: RetryPolicy,
    pub(super) max_body_bytes: u64,
}

/// How long a call may take.
#[derive(Clone, Copy, Debug)]
pub(super) enum Total {
    /// [`DEFAULT_ATTEMPTS`] times what an attempt may stand still.
    Derived,
    Given(Option<Duration>),
}

const DEFAULT_ATTEMPTS: u32 = 10;

/// The slowest upload that is waited for, in bytes a second. Sending a large body is not standing still.
const SLOWEST_UPLOAD: u64 = 32 * 1024;

impl Config {
    /// How long `request` may stand still before its headers come: the time for sending its body is added.
    pub(super) fn attempt_timeout(&self, request: &HttpRequest) -> Option<Duration> {
        let idle = request.attempt_timeout().or(self.attempt_timeout)?;
        Some(idle.saturating_add(upload_time(request)))
    }

    /// How long each further wait for a part of the answer may take.
    pub(super) fn idle_timeout(&self, request: &HttpRequest) -> Option<Duration> {
        request.attempt_timeout().or(self.attempt_timeout)
    }

    pub(super) fn call_timeout(&self, request: &HttpRequest) -> Option<Duration> {
        match (request.timeout(), self.timeout) {
            (Some(timeout), _) => Some(timeout),
            (None, Total::Given(timeout)) => timeout,
            (None, Total::Derived) => Some(self.attempt_timeout(request)?.saturating_mul(DEFAULT_ATTEMPTS)),
        }
    }

    pub(super) fn retry_policy(&self, request: &HttpRequest) -> RetryPolicy {
        RetryPolicy { max_retries: request.max_retries().unwrap_or(self.retry.max_retries), ..self.retry }
    }
}

fn upload_time(request: &HttpRequest) -> Duration {
    Duration::from_secs(request.body().length() / SLOWEST_UPLOAD)
}
