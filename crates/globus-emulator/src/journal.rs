//! What was asked of the emulator, for tests to look at.

use std::sync::Mutex;

use crate::lock::lock;

/// One request that arrived, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestRecord {
    /// `GET`, `POST`, …
    pub method: String,
    /// The path as sent, percent-encoded.
    pub path: String,
    /// The query as sent, empty without one; values of secret parameters are replaced.
    pub query: String,
    /// The status of the answer; 0 when the connection was dropped instead.
    pub status: u16,
    /// `Bearer`, `Basic`, … or `None` without an `Authorization` header.
    pub authorization: Option<String>,
    /// The `Content-Type` of the request.
    pub content_type: Option<String>,
    /// The `User-Agent` of the request.
    pub user_agent: Option<String>,
    /// The `X-Globus-Client-Info` of the request.
    pub client_info: Option<String>,
    /// The body as text with its secrets replaced, at most its first 64 KiB.
    pub body: Option<String>,
}

/// The last requests, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    records: Mutex<std::collections::VecDeque<RequestRecord>>,
}

/// More than a test looks at, little enough for a server that runs for weeks.
const KEPT: usize = 20_000;

impl Journal {
    pub(crate) fn add(&self, record: RequestRecord) {
        let mut records = lock(&self.records);
        if records.len() == KEPT {
            records.pop_front();
        }
        records.push_back(record);
    }

    pub(crate) fn all(&self) -> Vec<RequestRecord> {
        lock(&self.records).iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        lock(&self.records).clear();
    }
}
