//! [`HttpResponse`]: an answer that is not an error.

use std::fmt;

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_ENCODING;
use serde::de::DeserializeOwned;

use crate::error::CallFacts;
use crate::{Error, ErrorKind, Method, Service};

mod decode;
mod path;

/// An answer with a status below 400. Its body is whole.
#[derive(Clone)]
pub struct HttpResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) origin: Origin,
}

/// What was asked for, so that a decoding error can say it.
#[derive(Clone)]
pub(crate) struct Origin {
    pub(crate) service: Service,
    pub(crate) operation: &'static str,
    pub(crate) method: Method,
    /// Whole, query included: it is cut only when an error shows it.
    pub(crate) url: String,
    pub(crate) attempts: u32,
    pub(crate) elapsed: std::time::Duration,
}

impl HttpResponse {
    /// The status: 200 to 399.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The value of header `name` (in any case), when it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The headers whose values are text.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
    }

    /// The body as it came.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body as it came, taken out.
    pub fn into_body(self) -> Bytes {
        self.body
    }

    /// Reads the body as JSON, whatever its `Content-Type`; an empty body reads as `null`.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`] that names the type, the field and the position, and never quotes the body.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        decode::json(&self.body, self.encoding()).map_err(|reason| self.error(ErrorKind::Decode, reason))
    }

    /// How the body is encoded, although that was not asked for.
    fn encoding(&self) -> Option<&str> {
        self.header(CONTENT_ENCODING.as_str()).filter(|encoding| !encoding.eq_ignore_ascii_case("identity"))
    }

    /// An error about this answer, which says what was asked for: for what a layer above finds wrong with it.
    pub fn error(&self, kind: ErrorKind, message: impl Into<String>) -> Error {
        Error::new(kind, message).during(|| self.origin.facts())
    }

    /// How many requests it took.
    pub fn attempts(&self) -> u32 {
        self.origin.attempts
    }
}

impl Origin {
    pub(crate) fn facts(&self) -> CallFacts {
        CallFacts {
            service: self.service,
            operation: self.operation,
            method: self.method,
            url: crate::error::PlainUrl::new(&self.url),
            attempts: self.attempts,
            elapsed: self.elapsed,
        }
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("operation", &self.origin.operation)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
