//! [`Method`] and [`Idempotency`]: what is done, and whether it may be done twice.

use std::fmt;

/// The method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, or does something.
    Post,
    /// Replaces.
    Put,
    /// Changes in part.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// The word of the request line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether doing it twice is as good as once (RFC 9110, section 9.2.2).
    pub const fn idempotency(self) -> Idempotency {
        match self {
            Self::Get | Self::Put | Self::Delete => Idempotency::Safe,
            Self::Post | Self::Patch => Idempotency::Unsafe,
        }
    }

    pub(crate) const fn to_http(self) -> http::Method {
        match self {
            Self::Get => http::Method::GET,
            Self::Post => http::Method::POST,
            Self::Put => http::Method::PUT,
            Self::Patch => http::Method::PATCH,
            Self::Delete => http::Method::DELETE,
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether a request may be sent again when it is not known what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Idempotency {
    /// Doing it twice is as good as once: sent again after any passing failure.
    Safe,
    /// The body has a key, such as a submission id, by which the service recognises a repetition. Treated as safe.
    Keyed,
    /// Doing it twice does more: sent again only when the request provably never arrived, or when the service says by
    /// 429 or 503 that it did nothing.
    Unsafe,
}

impl Idempotency {
    pub(crate) const fn may_repeat(self) -> bool {
        matches!(self, Self::Safe | Self::Keyed)
    }
}
