//! What a fault does to a request.

use std::collections::BTreeMap;
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What happens to a request that a [`Fault`](crate::Fault) meets.
///
/// The first that gives an answer of its own ends the search for faults; the others (`Delay`, `SlowBody`, `Truncate`,
/// `LoseAnswer`, `EmptyPages`, `TokenLifetimeSeconds`) come on top of what else happens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum FaultAction {
    /// The request is not served; the answer is an error document in the form of its service.
    Error {
        /// The HTTP status, from 400 to 599.
        status: u16,
        /// The error code; what the service says for the status unless set.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// The message; it says that the error was asked for unless set.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        /// Further headers.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        headers: BTreeMap<String, String>,
    },
    /// The request is not served; this is the answer.
    Answer {
        /// The HTTP status, from 200 to 599.
        status: u16,
        /// Further headers.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        headers: BTreeMap<String, String>,
        /// The body: a text as it is, anything else as JSON; none when it is null.
        #[serde(default, skip_serializing_if = "Value::is_null")]
        body: Value,
        /// The `Content-Type` of the body; `text/plain` for a text and `application/json` for anything else unless set.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content_type: Option<String>,
    },
    /// The request is not served; the answer is a page for people, as gateways send them.
    HtmlPage {
        /// The HTTP status, from 200 to 599.
        #[serde(default = "bad_gateway")]
        status: u16,
    },
    /// The request is not served; the connection is closed without an answer.
    Drop,
    /// The request is served; the connection is closed without an answer.
    LoseAnswer,
    /// The request is served, but the connection breaks in the middle of the answer.
    Truncate,
    /// The request is served after a while.
    #[serde(rename = "delay_seconds")]
    Delay(Latency),
    /// The request is served, and the answer arrives bit by bit.
    SlowBody {
        /// How fast; at least 1.
        bytes_per_second: u64,
    },
    /// So many requests are let through in each window of time of the emulator's clock; the others get 429 with
    /// `Retry-After`.
    RateLimit {
        /// How many.
        requests: u64,
        /// The length of the window.
        window_seconds: f64,
    },
    /// The request is served, but a page of a list comes without its items, and says that there are more.
    EmptyPages,
    /// The request is not served: the user must consent to more first.
    ConsentRequired {
        /// The scopes that are named; for a collection of Transfer its `data_access` unless set.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        required_scopes: Vec<String>,
    },
    /// The request is not served: the user must log in again, in a certain way.
    SessionRequired(SessionDemand),
    /// The tokens that the request asks for live so many seconds.
    TokenLifetimeSeconds(u32),
}

fn bad_gateway() -> u16 {
    502
}

/// How a user must have logged in; the names are those of Globus' authorization parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SessionDemand {
    /// What the user is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_message: Option<String>,
    /// One of these identities must have been used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub session_required_identities: Vec<String>,
    /// An identity of one of these domains must have been used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub session_required_single_domain: Vec<String>,
    /// These policies must be met.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub session_required_policies: Vec<String>,
    /// Whether a second factor must have been used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_required_mfa: Option<bool>,
}

/// How long something waits: always as long, or anything between two times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Seconds", into = "Seconds")]
pub struct Latency {
    pub(crate) least: Duration,
    pub(crate) most: Duration,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Seconds {
    Same(f64),
    Between([f64; 2]),
}

impl TryFrom<Seconds> for Latency {
    type Error = String;

    fn try_from(seconds: Seconds) -> Result<Self, String> {
        let read = |seconds: f64| {
            Duration::try_from_secs_f64(seconds).map_err(|_| format!("{seconds} is no number of seconds"))
        };
        let (least, most) = match seconds {
            Seconds::Same(seconds) => (read(seconds)?, read(seconds)?),
            Seconds::Between([least, most]) => (read(least)?, read(most)?),
        };
        if least > most {
            return Err("of two times the first is the shorter one".to_owned());
        }
        Ok(Self { least, most })
    }
}

impl From<Latency> for Seconds {
    fn from(latency: Latency) -> Self {
        let (least, most) = (latency.least.as_secs_f64(), latency.most.as_secs_f64());
        if latency.least == latency.most { Self::Same(least) } else { Self::Between([least, most]) }
    }
}

impl FaultAction {
    /// An answer with this status and no body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::Answer { status, headers: BTreeMap::new(), body: Value::Null, content_type: None }
    }

    /// An answer with this status and the error document of the service that is asked.
    #[must_use]
    pub fn error(status: u16) -> Self {
        Self::Error { status, code: None, message: None, headers: BTreeMap::new() }
    }

    /// The request is served after this time.
    #[must_use]
    pub fn delay(time: Duration) -> Self {
        Self::delay_between(time, time)
    }

    /// The request is served after a time between these two.
    #[must_use]
    pub fn delay_between(least: Duration, most: Duration) -> Self {
        Self::Delay(Latency { least, most: most.max(least) })
    }

    /// Sets the code of an error; does nothing to the other kinds.
    #[must_use]
    pub fn code(mut self, text: impl Into<String>) -> Self {
        if let Self::Error { code, .. } = &mut self {
            *code = Some(text.into());
        }
        self
    }

    /// Sets the message of an error; does nothing to the other kinds.
    #[must_use]
    pub fn message(mut self, text: impl Into<String>) -> Self {
        if let Self::Error { message, .. } = &mut self {
            *message = Some(text.into());
        }
        self
    }

    /// Sets a header of an answer or an error; does nothing to the other kinds.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        if let Self::Answer { headers, .. } | Self::Error { headers, .. } = &mut self {
            headers.insert(name.into(), value.into());
        }
        self
    }

    /// Sets the body of an answer, as JSON; does nothing to the other kinds.
    #[must_use]
    pub fn json(self, json: impl Into<String>) -> Self {
        self.body("application/json", json)
    }

    /// Sets the body of an answer and its type; does nothing to the other kinds.
    #[must_use]
    pub fn body(mut self, kind: impl Into<String>, text: impl Into<String>) -> Self {
        if let Self::Answer { body, content_type, .. } = &mut self {
            *body = Value::String(text.into());
            *content_type = Some(kind.into());
        }
        self
    }

    /// What in it cannot be, if anything.
    pub(crate) fn check(&self) -> Result<(), String> {
        let between = |status: u16, least: u16| {
            let fits = (least..600).contains(&status);
            fits.then_some(())
                .ok_or_else(|| format!("a status is a number from {least} to 599, not {status}"))
        };
        match self {
            Self::Error { status, headers, .. } => between(*status, 400).and_then(|()| sendable(headers)),
            Self::Answer { status, headers, content_type, .. } => {
                let kind = content_type.as_ref().is_none_or(|kind| HeaderValue::from_str(kind).is_ok());
                let kind = kind.then_some(()).ok_or_else(|| "content_type is no header value".to_owned());
                between(*status, 200).and(kind).and_then(|()| sendable(headers))
            }
            Self::HtmlPage { status } => between(*status, 200),
            Self::SlowBody { bytes_per_second: 0 } => Err("bytes_per_second is at least 1".to_owned()),
            Self::RateLimit { window_seconds, .. } => {
                let fits = window_seconds.is_finite() && *window_seconds > 0.0 && *window_seconds <= 1e9;
                fits.then_some(()).ok_or_else(|| "window_seconds is more than 0".to_owned())
            }
            _ => Ok(()),
        }
    }
}

fn sendable(headers: &BTreeMap<String, String>) -> Result<(), String> {
    let fits = |(name, value): &(&String, &String)| {
        HeaderName::from_bytes(name.as_bytes()).is_ok() && HeaderValue::from_str(value).is_ok()
    };
    match headers.iter().find(|header| !fits(header)) {
        Some((name, _)) => Err(format!("'{name}' is no header that can be sent")),
        None => Ok(()),
    }
}
