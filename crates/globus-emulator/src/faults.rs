//! Trouble on demand.

use std::sync::Mutex;
use std::time::Duration;

use crate::lock::lock;

/// Makes requests fail: the next `times` requests that match get `action`.
///
/// ```
/// use globus_emulator::{Fault, FaultAction};
///
/// let fault = Fault::new("/v0.10/", FaultAction::status(503).header("Retry-After", "1")).times(2).method("GET");
/// ```
#[derive(Clone, Debug)]
pub struct Fault {
    /// Matches requests whose path starts with this.
    pub path_prefix: String,
    /// Matches requests with this method only.
    pub method: Option<String>,
    /// How many requests; `u32::MAX` for all that come.
    pub times: u32,
    /// What happens to them.
    pub action: FaultAction,
}

impl Fault {
    /// The next request whose path starts with `path_prefix` gets `action`.
    #[must_use]
    pub fn new(path_prefix: impl Into<String>, action: FaultAction) -> Self {
        Self { path_prefix: path_prefix.into(), method: None, times: 1, action }
    }

    /// Only requests with this method (`GET`, `POST`, …).
    #[must_use]
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// How many requests; `u32::MAX` for all that come.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }
}

/// What happens to a request that a [`Fault`] matches.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum FaultAction {
    /// The request is not served; this is the answer.
    Status {
        /// The HTTP status.
        status: u16,
        /// Further headers.
        headers: Vec<(String, String)>,
        /// The body.
        body: String,
        /// The `Content-Type` of the body; none when empty.
        content_type: String,
    },
    /// The request is not served; the connection is closed without an answer.
    Drop,
    /// The request is served after this time.
    Delay(Duration),
    /// The request is served, but the connection breaks in the middle of the answer.
    Truncate,
}

impl FaultAction {
    /// An answer with this status and no body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::Status { status, headers: Vec::new(), body: String::new(), content_type: String::new() }
    }

    /// Adds a header to the answer; does nothing to the other kinds.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        if let Self::Status { headers, .. } = &mut self {
            headers.push((name.into(), value.into()));
        }
        self
    }

    /// Sets the body of the answer, as JSON; does nothing to the other kinds.
    #[must_use]
    pub fn json(self, json: impl Into<String>) -> Self {
        self.body("application/json", json)
    }

    /// Sets the body of the answer and its type; does nothing to the other kinds.
    #[must_use]
    pub fn body(mut self, kind: impl Into<String>, text: impl Into<String>) -> Self {
        if let Self::Status { body, content_type, .. } = &mut self {
            *body = text.into();
            *content_type = kind.into();
        }
        self
    }
}

/// The faults that still wait for their requests.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    waiting: Mutex<Vec<Fault>>,
}

impl Faults {
    pub(crate) fn add(&self, fault: Fault) {
        if fault.times > 0 {
            lock(&self.waiting).push(fault);
        }
    }

    pub(crate) fn clear(&self) {
        lock(&self.waiting).clear();
    }

    /// Takes the action for a request, the oldest matching fault first.
    pub(crate) fn take(&self, method: &str, path: &str) -> Option<FaultAction> {
        let mut waiting = lock(&self.waiting);
        let at = waiting.iter().position(|fault| {
            path.starts_with(&fault.path_prefix)
                && fault.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
        })?;
        let fault = &mut waiting[at];
        let action = fault.action.clone();
        if fault.times != u32::MAX {
            fault.times -= 1;
        }
        if fault.times == 0 {
            waiting.remove(at);
        }
        Some(action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_used_up_by_the_requests_it_matches() {
        let faults = Faults::default();
        faults.add(Fault::new("/v2/", FaultAction::Drop).method("post").times(2));
        assert!(faults.take("GET", "/v2/x").is_none());
        assert!(faults.take("POST", "/v0.10/x").is_none());
        assert!(faults.take("POST", "/v2/x").is_some());
        assert!(faults.take("POST", "/v2/y").is_some());
        assert!(faults.take("POST", "/v2/x").is_none());
    }
}
