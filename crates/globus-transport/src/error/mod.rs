//! [`Error`]: why a call failed, to match on, to print, and to walk.

use std::sync::Arc;
use std::time::Duration;
use std::{error, fmt};

use globus_authorizers::{AuthorizerError, AuthorizerErrorKind};

use crate::{ApiError, Method, Service};

mod display;
mod kind;
pub(crate) mod network;

pub(crate) use display::PlainUrl;
pub use kind::ErrorKind;

/// Why a call failed.
///
/// Printing it alone is enough: one line says what was being done, to what, why it failed, and what to do next. The detail
/// below is in [`source`](error::Error::source), and nothing is said twice. No secret and no query string is ever in it.
///
/// ```
/// use globus_transport::{Error, ErrorKind};
///
/// # fn handle(error: Error) -> &'static str {
/// match error.kind() {
///     ErrorKind::LoginRequired => "log in",
///     ErrorKind::Api if error.is_not_found() => "create it",
///     _ if error.is_transient() => "try later",
///     _ => "give up",
/// }
/// # }
/// # assert_eq!(handle(Error::new(ErrorKind::LoginRequired, "no tokens are stored")), "log in");
/// ```
///
/// A clone shares what lies below, so that all who wait for one call can be told why it failed.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: String,
    api: Option<Arc<ApiError>>,
    cause: Option<Arc<Cause>>,
    call: Option<CallFacts>,
    transient: bool,
    retry_after: Option<Duration>,
    advice: Option<&'static str>,
}

enum Cause {
    Network(reqwest::Error),
    Authorizer(AuthorizerError),
    Other(Box<dyn error::Error + Send + Sync>),
}

/// What was being done.
#[derive(Clone)]
pub(crate) struct CallFacts {
    pub(crate) service: Service,
    pub(crate) operation: &'static str,
    pub(crate) method: Method,
    pub(crate) url: PlainUrl,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
}

impl Error {
    /// An error that says `message`: why it failed and what to do next, without a secret.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            api: None,
            cause: None,
            call: None,
            transient: kind.is_transient(),
            retry_after: None,
            advice: None,
        }))
    }

    /// The same with the error below it, which `message` does not repeat.
    pub fn with_source(
        kind: ErrorKind,
        message: impl Into<String>,
        source: impl Into<Box<dyn error::Error + Send + Sync>>,
    ) -> Self {
        let mut error = Self::new(kind, message);
        error.0.cause = Some(Arc::new(Cause::Other(source.into())));
        error
    }

    /// The same with `prefix: ` before the message, such as the setting or the page in which it happened.
    #[must_use]
    pub fn context(mut self, prefix: impl fmt::Display) -> Self {
        self.0.message = format!("{prefix}: {}", self.0.message);
        self
    }

    pub(crate) fn from_api(api: Box<ApiError>) -> Self {
        let mut error = Self::new(ErrorKind::Api, String::new());
        error.0.transient = crate::retry::is_transient_answer(&api);
        error.0.api = Some(api.into());
        error
    }

    /// For a demand for a login, after which the login has failed as well.
    pub(crate) fn unmet(api: Box<ApiError>, err: AuthorizerError) -> Self {
        let mut error = Self::from(err);
        error.0.message.push_str("; the service had answered: ");
        error.0.api = Some(api.into());
        error
    }

    pub(crate) fn from_network(kind: ErrorKind, message: String, cause: reqwest::Error) -> Self {
        let mut error = Self::new(kind, message);
        error.0.cause = Some(Arc::new(Cause::Network(cause.without_url())));
        error
    }

    pub(crate) fn transient(mut self, transient: bool) -> Self {
        self.0.transient = transient;
        self
    }

    pub(crate) fn retry_after_hint(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// For a failure after a redirect to the result of a request that must not be repeated. What says "nothing was sent", or
    /// "try again", would be taken to be about that request.
    pub(crate) fn after_answer(mut self) -> Self {
        self.0.transient = false;
        if !matches!(
            self.0.kind,
            ErrorKind::Api | ErrorKind::Timeout | ErrorKind::Network | ErrorKind::TooLarge
        ) {
            self.0.kind = ErrorKind::Redirect;
        }
        self.context("the request may have been carried out, but what it was redirected to failed")
    }

    /// What to do next.
    pub(crate) fn advise(mut self, advice: &'static str) -> Self {
        self.0.advice = Some(advice);
        self
    }

    /// For a request that must not be repeated and may have arrived.
    pub(crate) fn perhaps_carried_out(self) -> Self {
        self.advise("the request may have been carried out: look before you send it again")
    }

    /// Adds what was being done, unless an inner call has said it already.
    pub(crate) fn during(mut self, call: impl FnOnce() -> CallFacts) -> Self {
        if self.0.call.is_none() {
            self.0.call = Some(call());
        }
        self
    }

    /// What went wrong, to match on.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What the authorizer said, when it is why the call failed.
    pub fn authorizer_error(&self) -> Option<&AuthorizerError> {
        match self.0.cause.as_deref() {
            Some(Cause::Authorizer(err)) => Some(err),
            _ => None,
        }
    }

    /// The error that the service answered with; there for [`ErrorKind::Api`], and where its demand for a login led to another
    /// failure.
    pub fn api(&self) -> Option<&ApiError> {
        self.0.api.as_deref()
    }

    /// Whether the same call may work later without anything being changed.
    ///
    /// # Troubleshooting
    /// The call was already tried as often as was safe: wait longer than it did, or for [`Error::retry_after`].
    pub fn is_transient(&self) -> bool {
        self.0.transient
    }

    /// Whether only a login can help: there are no tokens, they were refused, or the service wants a consent or a
    /// fresher session (see [`ApiError::auth_requirement`]). A 401 to the id and secret of a client is none of these: the
    /// configuration is wrong.
    pub fn needs_login(&self) -> bool {
        self.0.kind == ErrorKind::LoginRequired
            || self.api().is_some_and(|api| {
                let is_refused = api.http_status() == 401 && !api.refuses_client();
                is_refused || !api.auth_requirements().is_empty()
            })
    }

    /// Whether the service answered that the thing does not exist (404).
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// The status of the service's answer, for [`ErrorKind::Api`].
    pub fn status(&self) -> Option<u16> {
        self.api().map(ApiError::http_status)
    }

    /// The code of the service's error ([`ApiError::code`]), such as `ClientError.NotFound`.
    pub fn code(&self) -> Option<&str> {
        self.api()?.code()
    }

    /// The message of the service's error ([`ApiError::message`]), as it came. The whole story is what this error prints.
    pub fn message(&self) -> Option<String> {
        self.api()?.message()
    }

    /// What Globus support asks for ([`ApiError::request_id`]).
    pub fn request_id(&self) -> Option<&str> {
        self.api()?.request_id()
    }

    /// How long the service asked to wait, when that was longer than the call might take.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The service that was called.
    pub fn service(&self) -> Option<Service> {
        self.0.call.as_ref().map(|call| call.service)
    }

    /// The operation, such as `operation_ls`.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.call.as_ref().map(|call| call.operation)
    }

    /// The method of the request.
    pub fn method(&self) -> Option<Method> {
        self.0.call.as_ref().map(|call| call.method)
    }

    /// The address of the request, without its query; nothing when it was no address.
    pub fn url(&self) -> Option<&str> {
        self.0.call.as_ref()?.url.as_str()
    }

    /// How many requests were sent or tried; 0 when it failed before the first.
    pub fn attempts(&self) -> u32 {
        self.0.call.as_ref().map_or(0, |call| call.attempts)
    }

    /// How long the call took, waiting included.
    pub fn elapsed(&self) -> Duration {
        self.0.call.as_ref().map_or(Duration::ZERO, |call| call.elapsed)
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self.0.cause.as_deref()? {
            // What the HTTP stack wraps around the cause says nothing that our own line does not say better.
            Cause::Network(err) => Some(network::deepest(err)),
            // Our own line is the authorizer's.
            Cause::Authorizer(err) => err.source(),
            Cause::Other(err) => Some(err.as_ref()),
        }
    }
}

impl From<AuthorizerError> for Error {
    fn from(err: AuthorizerError) -> Self {
        let kind = match err.kind() {
            AuthorizerErrorKind::LoginRequired => ErrorKind::LoginRequired,
            _ => ErrorKind::Authorization,
        };
        let mut error = Self::new(kind, err.to_string()).transient(err.is_transient());
        error.0.cause = Some(Arc::new(Cause::Authorizer(err)));
        error
    }
}

/// What a `main` that returns it prints: the sentence, and what lies below it.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)?;
        let mut below = error::Error::source(self);
        while let Some(source) = below {
            write!(f, "\n  caused by: {source}")?;
            below = source.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
