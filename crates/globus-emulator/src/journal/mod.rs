//! What was asked of the emulator, for tests to look at.

mod filter;
mod record;

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use tokio::sync::watch;

pub use filter::RequestFilter;
pub use record::RequestRecord;
pub(crate) use record::describe;

use crate::lock::lock;

/// More than a test looks at, little enough for a server that runs for weeks.
const MOST_RECORDS: usize = 20_000;
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// The last requests, oldest first.
#[derive(Debug)]
pub(crate) struct Journal {
    kept: Mutex<Kept>,
    /// The number of the last request, for those who wait for the next one.
    last: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Kept {
    records: VecDeque<RequestRecord>,
    bytes: usize,
    last: u64,
}

impl Default for Journal {
    fn default() -> Self {
        Self { kept: Mutex::default(), last: watch::Sender::new(0) }
    }
}

impl Journal {
    /// Adds a request, and numbers it.
    pub(crate) fn add(&self, mut record: RequestRecord) {
        let mut kept = lock(&self.kept);
        kept.last += 1;
        record.sequence = kept.last;
        kept.bytes += record.size();
        kept.records.push_back(record);
        while kept.records.len() > MOST_RECORDS || kept.bytes > MOST_BYTES {
            let Some(oldest) = kept.records.pop_front() else { break };
            kept.bytes -= oldest.size();
        }
        let last = kept.last;
        drop(kept);
        self.last.send_replace(last);
    }

    pub(crate) fn matching(&self, filter: &RequestFilter) -> Vec<RequestRecord> {
        let kept = lock(&self.kept);
        kept.records.iter().filter(|record| filter.matches(record)).cloned().collect()
    }

    /// The last requests that are `wanted`, the last one first.
    pub(crate) fn last_of(&self, most: usize, wanted: impl Fn(&RequestRecord) -> bool) -> Vec<RequestRecord> {
        let kept = lock(&self.kept);
        kept.records.iter().rev().filter(|record| wanted(record)).take(most).cloned().collect()
    }

    pub(crate) fn count(&self, filter: &RequestFilter) -> usize {
        lock(&self.kept).records.iter().filter(|record| filter.matches(record)).count()
    }

    /// The number of the last request; 0 before the first one.
    pub(crate) fn last(&self) -> u64 {
        lock(&self.kept).last
    }

    /// Waits until so many requests match, at most so long. Whether they did.
    pub(crate) async fn wait_for(&self, filter: &RequestFilter, wanted: usize, at_most: Duration) -> bool {
        let mut last = self.last.subscribe();
        let waiting = async {
            while self.count(filter) < wanted {
                if last.changed().await.is_err() {
                    break;
                }
            }
        };
        // The last word has the count: a limit of nothing is a question how it stands.
        let _ = tokio::time::timeout(at_most, waiting).await;
        self.count(filter) >= wanted
    }

    /// Forgets the requests; the numbers go on.
    pub(crate) fn clear(&self) {
        let mut kept = lock(&self.kept);
        kept.records.clear();
        kept.bytes = 0;
    }

    /// Forgets the requests and their numbers.
    pub(crate) fn reset(&self) {
        *lock(&self.kept) = Kept::default();
        self.last.send_replace(0);
    }
}

#[cfg(test)]
mod tests {
    use super::record::tests::record;
    use super::*;

    #[test]
    fn the_journal_keeps_the_last_requests_and_no_more_than_it_may() {
        let journal = Journal::default();
        let body = "x".repeat(60 * 1024);
        for _ in 0..1000 {
            let mut record = record("POST", "/v0.10/transfer", 202);
            record.body = Some(body.clone());
            journal.add(record);
        }
        let kept = journal.matching(&RequestFilter::new());
        assert!((500..600).contains(&kept.len()), "{}", kept.len());
        assert_eq!(kept.last().map(|record| record.sequence), Some(1000));
        journal.clear();
        journal.add(record("GET", "/", 200));
        assert_eq!(journal.last(), 1001);
        for _ in 0..MOST_RECORDS {
            journal.add(record("GET", "/", 200));
        }
        assert_eq!(journal.count(&RequestFilter::new()), MOST_RECORDS);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_is_told_as_soon_as_there_are_enough_or_time_is_up() {
        let journal = Journal::default();
        let filter = RequestFilter::new().path("/v0.10/**");
        let limit = Duration::from_secs(3600);
        let add = async {
            for path in ["/v0.10/a", "/v2/b", "/v0.10/c"] {
                tokio::task::yield_now().await;
                journal.add(record("GET", path, 200));
            }
        };
        let (reached, ()) = tokio::join!(journal.wait_for(&filter, 2, limit), add);
        assert!(reached);
        assert!(!journal.wait_for(&filter, 3, limit).await);
        assert!(journal.wait_for(&filter, 2, Duration::ZERO).await);
    }
}
