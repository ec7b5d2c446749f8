//! One request, without its secrets.

use http::request::Parts;
use serde::Serialize;

use crate::http::{redact_body, redact_own, redact_query};

/// One request that arrived, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RequestRecord {
    /// The how-manieth request since the start or the last reset; the first one is 1.
    pub sequence: u64,
    /// When it arrived, by the emulator's clock, in milliseconds since 1970.
    pub time_millis: i64,
    /// `GET`, `POST`, …
    pub method: String,
    /// The path as sent, percent-encoded.
    pub path: String,
    /// The query as sent, empty without one; values of secret parameters are replaced.
    pub query: String,
    /// The status of the answer; 0 when the connection was dropped instead.
    pub status: u16,
    /// The ids of the faults that happened to it.
    pub faults: Vec<String>,
    /// `Bearer`, `Basic`, … or `None` without an `Authorization` header.
    pub authorization: Option<String>,
    /// The `Content-Type` of the request.
    pub content_type: Option<String>,
    /// The `User-Agent` of the request.
    pub user_agent: Option<String>,
    /// The `X-Globus-Client-Info` of the request.
    pub client_info: Option<String>,
    /// The length of the body in bytes.
    pub body_bytes: u64,
    /// The body as text with its secrets replaced, if it is a form or JSON of at most 64 KiB.
    pub body: Option<String>,
}

/// Longer bodies are not kept.
const LONGEST_BODY: usize = 64 * 1024;

/// Describes a request that is not yet answered.
pub(crate) fn describe(parts: &Parts, body: &[u8], now: i64) -> RequestRecord {
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let content_type = text("content-type");
    let kept = if body.len() > LONGEST_BODY { &[] } else { body };
    let mut record = RequestRecord {
        sequence: 0,
        time_millis: now,
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: redact_query(parts.uri.query().unwrap_or_default()),
        status: 0,
        faults: Vec::new(),
        // What follows the scheme is secret, and so is all of it when there is nothing else.
        authorization: text("authorization")
            .map(|value| value.split_once(' ').map_or_else(String::new, |(scheme, _)| scheme.to_owned())),
        user_agent: text("user-agent"),
        client_info: text("x-globus-client-info"),
        body_bytes: body.len() as u64,
        body: redact_body(content_type.as_deref().unwrap_or_default(), kept),
        content_type,
    };
    record.texts().for_each(redact_own);
    record
}

impl RequestRecord {
    /// Everything that a client wrote.
    fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let more = [
            &mut self.authorization,
            &mut self.content_type,
            &mut self.user_agent,
            &mut self.client_info,
            &mut self.body,
        ];
        more.into_iter().flatten().chain([&mut self.path, &mut self.query])
    }

    /// How much memory it takes, about.
    pub(crate) fn size(&self) -> usize {
        let texts =
            [&self.authorization, &self.content_type, &self.user_agent, &self.client_info, &self.body];
        let texts: usize = texts.into_iter().flatten().map(String::len).sum();
        size_of::<Self>() + self.path.len() + self.query.len() + texts
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn record(method: &str, path: &str, status: u16) -> RequestRecord {
        let request = http::Request::builder().method(method).uri(path).body(()).unwrap();
        RequestRecord { status, ..describe(&request.into_parts().0, b"", 0) }
    }

    #[test]
    fn of_an_authorization_only_the_scheme_is_kept() {
        for (value, kept) in [
            ("Bearer s3cret", "Bearer"),
            ("Basic s3cret", "Basic"),
            ("s3cret", ""),
            ("AgEmulatorOnlyx Bearer", "[redacted]"),
        ] {
            let request = http::Request::builder().header("authorization", value).body(()).unwrap();
            let record = describe(&request.into_parts().0, b"", 0);
            assert_eq!(record.authorization.as_deref(), Some(kept));
        }
    }
}
