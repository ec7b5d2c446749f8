//! Which requests are meant.

use super::record::RequestRecord;
use crate::faults::Pattern;

/// Picks requests from the journal; without anything set, all of them.
///
/// ```
/// use globus_emulator::RequestFilter;
///
/// let failed_reads = RequestFilter::new().method("GET").path("/v0.10/**").status(503);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a filter does nothing by itself"]
pub struct RequestFilter {
    method: Option<String>,
    path: Option<Pattern>,
    status: Option<u16>,
    fault: Option<String>,
    since: u64,
}

impl RequestFilter {
    /// All requests.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only those with this method.
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Only those whose path has this form: `*` or `{name}` is one segment, `**` any number of them.
    pub fn path(mut self, path: &str) -> Self {
        self.path = Some(Pattern::new(path));
        self
    }

    /// Only those with this answer; 0 for a connection that was dropped.
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Only those that the fault with this id happened to.
    pub fn fault(mut self, id: impl Into<String>) -> Self {
        self.fault = Some(id.into());
        self
    }

    /// Only those after the one with this number.
    pub fn since(mut self, sequence: u64) -> Self {
        self.since = sequence;
        self
    }

    pub(crate) fn matches(&self, record: &RequestRecord) -> bool {
        record.sequence > self.since
            && self.status.is_none_or(|status| status == record.status)
            && self.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(&record.method))
            && self.path.as_ref().is_none_or(|path| path.matches(&record.path))
            && self.fault.as_ref().is_none_or(|fault| record.faults.contains(fault))
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::record;
    use super::*;

    #[test]
    fn every_condition_must_hold() {
        let mut request = record("GET", "/v0.10/task/x", 503);
        request.sequence = 5;
        request.faults = vec!["busy".to_owned()];
        let filter =
            || RequestFilter::new().method("get").path("/v0.10/task/{id}").status(503).fault("busy").since(4);
        assert!(filter().matches(&request));
        for other in [
            filter().method("POST"),
            filter().path("/v0.10/task"),
            filter().status(200),
            filter().fault("idle"),
            filter().since(5),
        ] {
            assert!(!other.matches(&request), "{other:?}");
        }
    }
}
