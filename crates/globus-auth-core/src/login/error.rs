//! [`LoginError`]: why a login did not bring tokens.

use std::{error, fmt};

use crate::{ExchangeError, ExchangeErrorKind};

/// What went wrong in a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LoginErrorKind {
    /// The flow cannot be started as it was configured: no scope, a code verifier or URL that is not valid.
    InvalidFlow,
    /// The system has no random numbers.
    NoRandomness,
    /// The callback does not carry the state of this flow. It belongs to another login, or someone else made it.
    StateMismatch,
    /// The user or Auth refused; [`LoginError::denied_because`] has the OAuth error code.
    Denied,
    /// There is no code.
    MissingCode,
    /// The callback cannot be understood.
    InvalidCallback,
    /// The code was not traded for tokens.
    Exchange(ExchangeErrorKind),
}

/// A login that failed. It never quotes a code, a state or a verifier.
#[derive(Clone, Debug)]
pub struct LoginError {
    kind: LoginErrorKind,
    message: String,
    denied_because: Option<String>,
    source: Option<ExchangeError>,
}

impl LoginError {
    pub(super) fn new(kind: LoginErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), denied_because: None, source: None }
    }

    pub(super) fn denied(error: String, description: Option<String>) -> Self {
        let message = match description {
            Some(description) => format!("the login was refused ({error}): {description}"),
            None => format!("the login was refused ({error})"),
        };
        Self { kind: LoginErrorKind::Denied, message, denied_because: Some(error), source: None }
    }

    /// What went wrong.
    pub fn kind(&self) -> LoginErrorKind {
        self.kind
    }

    /// The code with which Auth refused (RFC 6749, section 4.1.2.1), such as `access_denied`; as [`Printable`](crate::Printable)
    /// shows it. It came with the callback: escape it before it goes into a page.
    pub fn denied_because(&self) -> Option<&str> {
        self.denied_because.as_deref()
    }

    /// Whether the same step may work later.
    pub fn is_transient(&self) -> bool {
        self.source.as_ref().is_some_and(ExchangeError::is_transient)
    }
}

impl From<ExchangeError> for LoginError {
    fn from(source: ExchangeError) -> Self {
        let message = match source.kind() {
            ExchangeErrorKind::InvalidGrant => {
                "the login code was not accepted: it is mistyped, used, expired or meant for another client; log in again"
            }
            ExchangeErrorKind::InvalidClient => {
                "the login code was not accepted, since the client's id or secret is wrong"
            }
            ExchangeErrorKind::Transient => {
                "the login code could not be traded for tokens now; try again later"
            }
            _ => "the login code could not be traded for tokens",
        };
        Self {
            kind: LoginErrorKind::Exchange(source.kind()),
            message: message.to_owned(),
            denied_because: None,
            source: Some(source),
        }
    }
}

impl fmt::Display for LoginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl error::Error for LoginError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.as_ref().map(|source| source as &(dyn error::Error + 'static))
    }
}
