//! [`LoginFlowError`]: why nobody logged in.

use std::sync::Arc;
use std::{error, fmt, io};

use globus_auth_core::login::{LoginError, LoginErrorKind};

/// Why nobody logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LoginFlowErrorKind {
    /// Nobody can be asked from here: there is no terminal, no browser.
    Unavailable,
    /// The person, or Auth, refused.
    Refused,
    /// What the person was to type ended before it came.
    EndOfInput,
    /// Nobody answered in time.
    TimedOut,
    /// The login was given up by the program.
    Canceled,
    /// The flow could not begin, or what came back does not belong to it.
    Flow,
    /// The operating system did not do what the login needs, such as opening a port.
    Io,
}

/// A login that did not come about. `Display` says what to do; it never quotes a code or a state.
#[derive(Clone, Debug)]
pub struct LoginFlowError {
    kind: LoginFlowErrorKind,
    message: String,
    source: Option<Arc<dyn error::Error + Send + Sync>>,
}

impl LoginFlowError {
    /// An error that says `message`: what was tried, why it failed, what to do next; never a secret.
    pub fn new(kind: LoginFlowErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    /// The same with the error below it, which `message` does not repeat.
    #[must_use]
    pub fn with_source(mut self, source: impl error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// The person does not want to.
    pub(crate) fn refused() -> Self {
        Self::new(LoginFlowErrorKind::Refused, "the login was refused; start it again to log in after all")
    }

    /// What it means for the caller.
    pub fn kind(&self) -> LoginFlowErrorKind {
        self.kind
    }
}

impl From<LoginError> for LoginFlowError {
    fn from(err: LoginError) -> Self {
        let kind = match err.kind() {
            LoginErrorKind::Denied => LoginFlowErrorKind::Refused,
            _ => LoginFlowErrorKind::Flow,
        };
        let message = err.to_string();
        match error::Error::source(&err) {
            Some(_) => Self::new(kind, message).with_source(Below(err)),
            None => Self::new(kind, message),
        }
    }
}

impl From<io::Error> for LoginFlowError {
    fn from(err: io::Error) -> Self {
        let why = "the operating system did not do what the login needs; see the cause";
        Self::new(LoginFlowErrorKind::Io, why).with_source(err)
    }
}

impl fmt::Display for LoginFlowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl error::Error for LoginFlowError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn error::Error + 'static))
    }
}

/// What lies below an error whose own part has been said.
#[derive(Debug)]
struct Below(LoginError);

impl fmt::Display for Below {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        error::Error::source(&self.0).map_or(Ok(()), |below| fmt::Display::fmt(below, f))
    }
}

impl error::Error for Below {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        error::Error::source(&self.0)?.source()
    }
}
