//! The one line that an error prints.

use std::fmt;

use globus_auth_core::Printable;
use url::Position::{AfterPort, BeforeHost};
use url::Url;

use super::{CallFacts, Error};
use crate::ApiError;

/// Our own message; a part of it may be foreign.
const MOST_OF_OURS: usize = 4000;

/// What may be shown of an address: scheme, host, port and path. Nothing of a text that is no address, and no path with an
/// `@`: what stands before it may be half of a password.
#[derive(Clone)]
pub(crate) struct PlainUrl(Option<Box<str>>);

impl PlainUrl {
    pub(crate) fn new(url: &str) -> Self {
        let Some(url) = Url::parse(url).ok().filter(Url::has_host) else { return Self(None) };
        let path = if url.path().contains('@') { "/…" } else { url.path() };
        Self(Some(format!("{}://{}{path}", url.scheme(), &url[BeforeHost..AfterPort]).into()))
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(call) = &inner.call {
            write!(f, "{} {} ({}", call.service, call.operation, call.method)?;
            if let Some(url) = call.url.as_str() {
                write!(f, " {url}")?;
            }
            f.write_str("): ")?;
        }
        // An empty message: everything is in the service's own error.
        write!(f, "{}", Printable::new(&inner.message).at_most(MOST_OF_OURS))?;
        if let Some(api) = &inner.api {
            api_reason(f, api)?;
        }
        if let Some(advice) = inner.advice {
            write!(f, "; {advice}")?;
        }
        if let Some(wait) = inner.retry_after {
            write!(
                f,
                "; the service asks to wait {} s, which is longer than this call may take",
                wait.as_secs_f64().ceil()
            )?;
        }
        facts(f, inner.api.as_deref(), inner.call.as_ref())
    }
}

fn api_reason(f: &mut fmt::Formatter<'_>, api: &ApiError) -> fmt::Result {
    match (api.code(), api.message()) {
        (Some(code), Some(message)) => write!(f, "{}: {}", Printable::new(code), Printable::new(&message))?,
        (Some(code), None) => write!(f, "{}", Printable::new(code))?,
        (None, Some(message)) => write!(f, "{}", Printable::new(&message))?,
        (None, None) => write!(f, "{}", Printable::new(&api.body_in_words()))?,
    }
    let transient = crate::retry::is_transient_answer(api);
    if transient && api.code().is_none() && api.message().is_none() {
        f.write_str("; try again later")?;
    }
    if let Some(requirement) = api.auth_requirement() {
        return write!(f, "; {}", Printable::new(&requirement.advice()));
    }
    match (api.http_status(), api.authorization_scheme()) {
        _ if api.refuses_client() => f.write_str("; the id or secret of the client is wrong"),
        (401, Some(_)) => f.write_str(
            "; the token was not accepted: it has expired or is for another service; log in again",
        ),
        (401, None) => f.write_str("; log in first"),
        _ => Ok(()),
    }
}

/// `[404, request id abc, after 6 attempts]`
fn facts(f: &mut fmt::Formatter<'_>, api: Option<&ApiError>, call: Option<&CallFacts>) -> fmt::Result {
    let mut parts = Vec::new();
    if let Some(api) = api {
        parts.push(api.http_status().to_string());
        parts.extend(api.request_id().map(|id| format!("request id {}", Printable::new(id))));
    }
    if let Some(call) = call.filter(|call| call.attempts > 1) {
        parts.push(format!("after {} attempts", call.attempts));
    }
    if parts.is_empty() { Ok(()) } else { write!(f, " [{}]", parts.join(", ")) }
}
