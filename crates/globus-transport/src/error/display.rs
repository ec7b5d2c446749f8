//! The one line that an error prints.

use std::fmt::{self, Write};

use super::{CallFacts, Error};
use crate::ApiError;

/// An address without its query, fragment and user name.
#[derive(Clone)]
pub(crate) struct PlainUrl(Box<str>);

impl PlainUrl {
    pub(crate) fn new(url: &str) -> Self {
        let end = url.find(['?', '#']).unwrap_or(url.len());
        let url = &url[..end];
        // A user name or password stands before an `@` in the authority.
        let start = url.find("://").map_or(0, |at| at + 3);
        let authority_end = url[start..].find('/').map_or(url.len(), |at| start + at);
        match url[start..authority_end].rfind('@') {
            Some(at) => Self(format!("{}{}", &url[..start], &url[start + at + 1..]).into()),
            None => Self(url.into()),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(call) = &inner.call {
            write!(f, "{} {} ({} {}): ", call.service, call.operation, call.method, call.url.as_str())?;
        }
        // An empty message: everything is in the service's own error.
        write!(f, "{}", OneLine(&inner.message))?;
        if let Some(api) = &inner.api {
            api_reason(f, api)?;
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
        (Some(code), Some(message)) => write!(f, "{}: {}", OneLine(code), OneLine(&message))?,
        (Some(code), None) => write!(f, "{}", OneLine(code))?,
        (None, Some(message)) => write!(f, "{}", OneLine(&message))?,
        (None, None) => write!(f, "{}", api.body_in_words())?,
    }
    if let Some(requirement) = api.auth_requirement() {
        return write!(f, "; {}", OneLine(&requirement.advice()));
    }
    match (api.http_status(), api.authorization_scheme()) {
        _ if api.refuses_client() => f.write_str("; the id or secret of the client is wrong"),
        (401, Some(_)) => f.write_str("; the token was not accepted: log in again"),
        (401, None) => f.write_str("; log in first"),
        _ => Ok(()),
    }
}

/// `[404, request id abc, after 6 attempts]`
fn facts(f: &mut fmt::Formatter<'_>, api: Option<&ApiError>, call: Option<&CallFacts>) -> fmt::Result {
    let mut parts = Vec::new();
    if let Some(api) = api {
        parts.push(api.http_status().to_string());
        parts.extend(api.request_id().map(|id| format!("request id {}", OneLine(id))));
    }
    if let Some(call) = call.filter(|call| call.attempts > 1) {
        parts.push(format!("after {} attempts", call.attempts));
    }
    if parts.is_empty() { Ok(()) } else { write!(f, " [{}]", parts.join(", ")) }
}

/// Text from outside on one line: what would break it, or steer a terminal, becomes a space.
struct OneLine<'a>(&'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.contains(char::is_control) {
            return f.write_str(self.0);
        }
        self.0.chars().try_for_each(|c| f.write_char(if c.is_control() { ' ' } else { c }))
    }
}
