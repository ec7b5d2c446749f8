//! [`AppError`]: why an app could not do what was asked.

use std::sync::Arc;
use std::{error, fmt};

use globus_auth_core::{ExchangeError, ScopeParseError};
use globus_authorizers::{AuthorizerError, AuthorizerErrorKind};
use globus_tokenstorage::StorageError;
use globus_transport::{Error, ErrorKind};

use crate::login::{LoginFlowError, LoginRequired};
use crate::{TokenValidationError, TokenValidationErrorKind};

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AppErrorKind {
    /// Somebody has to log in, and could not be asked: [`AppError::login_required`] has the link.
    LoginRequired,
    /// Somebody was asked to log in, and did not: [`AppError::login_flow_error`] says why.
    LoginFailed,
    /// Tokens are not to be used, and no login is to help: [`AppError::validation_error`] says why.
    Validation,
    /// The token storage failed; see [`AppError::storage_error`].
    Storage,
    /// Auth did not do what was asked of it, or could not be reached; see [`AppError::service_error`] and
    /// [`AppError::exchange_error`].
    Service,
    /// No token could be renewed; see [`AppError::authorizer_error`].
    Authorizer,
    /// The app was set up or called in a way that cannot work.
    Usage,
    /// The login was broken off: its manager panicked, or its runtime was shut down.
    Interrupted,
}

/// Why an app could not do what was asked. It is cheap to clone: all who waited for one login get the same.
///
/// A call to a service fails with the error of services, [`globus_transport::Error`]; [`AppError::of`] finds this one in it.
#[derive(Clone)]
pub struct AppError(Arc<Inner>);

struct Inner {
    kind: AppErrorKind,
    message: String,
    cause: Option<Cause>,
}

enum Cause {
    Required(LoginRequired),
    Flow(LoginFlowError),
    Validation(TokenValidationError),
    Storage(StorageError),
    Service(Error),
    Exchange(ExchangeError),
    Authorizer(AuthorizerError),
    Scopes(ScopeParseError),
}

impl AppError {
    fn caused(kind: AppErrorKind, message: impl Into<String>, cause: Cause) -> Self {
        Self(Arc::new(Inner { kind, message: message.into(), cause: Some(cause) }))
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self(Arc::new(Inner { kind: AppErrorKind::Usage, message: message.into(), cause: None }))
    }

    pub(crate) fn interrupted(message: impl Into<String>) -> Self {
        Self(Arc::new(Inner { kind: AppErrorKind::Interrupted, message: message.into(), cause: None }))
    }

    /// `why`: why nobody could be asked.
    pub(crate) fn required(required: LoginRequired, why: Option<&str>) -> Self {
        let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
        let message = format!(
            "somebody has to log in, and nobody can be asked here{why}: {}; log in where there is a terminal or a browser, or \
             let the program show the link that comes with this error",
            required.reason
        );
        Self::caused(AppErrorKind::LoginRequired, message, Cause::Required(required))
    }

    /// `reason`: why a login was wanted.
    pub(crate) fn flow(reason: &dyn fmt::Display, err: LoginFlowError) -> Self {
        let message = format!("nobody logged in ({reason}): {err}");
        Self::caused(AppErrorKind::LoginFailed, message, Cause::Flow(err))
    }

    /// The error inside an error of a call to a service, if the call failed because of it.
    pub fn of(err: &Error) -> Option<&Self> {
        err.authorizer_error()?.get_ref()?.downcast_ref()
    }

    /// What went wrong, to match on.
    pub fn kind(&self) -> AppErrorKind {
        self.0.kind
    }

    /// Whether the same may work later without anybody's doing.
    pub fn is_transient(&self) -> bool {
        match &self.0.cause {
            Some(Cause::Storage(err)) => err.is_transient(),
            Some(Cause::Service(err)) => err.is_transient(),
            Some(Cause::Exchange(err)) => err.is_transient(),
            Some(Cause::Authorizer(err)) => err.is_transient(),
            _ => self.0.kind == AppErrorKind::Interrupted,
        }
    }

    /// Whether somebody has to log in.
    pub fn needs_login(&self) -> bool {
        match (self.0.kind, &self.0.cause) {
            (AppErrorKind::LoginRequired | AppErrorKind::LoginFailed, _) => true,
            (_, Some(Cause::Validation(err))) => err.kind() != TokenValidationErrorKind::IdentityMismatch,
            (_, Some(Cause::Service(err))) => err.needs_login(),
            (_, Some(Cause::Authorizer(err))) => err.needs_login(),
            _ => false,
        }
    }

    /// The login that somebody would have to be brought to, for [`AppErrorKind::LoginRequired`].
    pub fn login_required(&self) -> Option<&LoginRequired> {
        match &self.0.cause {
            Some(Cause::Required(required)) => Some(required),
            _ => None,
        }
    }

    /// Why nobody logged in, for [`AppErrorKind::LoginFailed`].
    pub fn login_flow_error(&self) -> Option<&LoginFlowError> {
        match &self.0.cause {
            Some(Cause::Flow(err)) => Some(err),
            _ => None,
        }
    }

    /// What is wrong with the tokens, for [`AppErrorKind::Validation`].
    pub fn validation_error(&self) -> Option<&TokenValidationError> {
        match &self.0.cause {
            Some(Cause::Validation(err)) => Some(err),
            _ => None,
        }
    }

    /// The failure of the token storage, for [`AppErrorKind::Storage`].
    pub fn storage_error(&self) -> Option<&StorageError> {
        match &self.0.cause {
            Some(Cause::Storage(err)) => Some(err),
            _ => None,
        }
    }

    /// The failed call to Auth, for [`AppErrorKind::Service`].
    pub fn service_error(&self) -> Option<&Error> {
        match &self.0.cause {
            Some(Cause::Service(err)) => Some(err),
            _ => None,
        }
    }

    /// The tokens that Auth did not give, for [`AppErrorKind::Service`].
    pub fn exchange_error(&self) -> Option<&ExchangeError> {
        match &self.0.cause {
            Some(Cause::Exchange(err)) => Some(err),
            _ => None,
        }
    }

    /// Why no token could be renewed, for [`AppErrorKind::Authorizer`].
    pub fn authorizer_error(&self) -> Option<&AuthorizerError> {
        match &self.0.cause {
            Some(Cause::Authorizer(err)) => Some(err),
            _ => None,
        }
    }

    /// The same for whoever asks an authorizer for a header.
    pub(crate) fn into_authorizer_error(self) -> AuthorizerError {
        if let Some(err) = self.authorizer_error() {
            return err.clone();
        }
        let kind = match self.0.kind {
            _ if self.needs_login() => AuthorizerErrorKind::LoginRequired,
            AppErrorKind::Storage => AuthorizerErrorKind::Storage,
            AppErrorKind::Interrupted => AuthorizerErrorKind::Interrupted,
            AppErrorKind::Validation => AuthorizerErrorKind::UnexpectedTokens,
            _ => AuthorizerErrorKind::Exchange,
        };
        AuthorizerError::from_cause(kind, self.is_transient(), self)
    }
}

macro_rules! from_cause {
    ($($error:ty => $kind:ident $cause:ident),* $(,)?) => {$(
        impl From<$error> for AppError {
            fn from(err: $error) -> Self {
                Self::caused(AppErrorKind::$kind, err.to_string(), Cause::$cause(err))
            }
        }
    )*};
}

from_cause! {
    TokenValidationError => Validation Validation,
    StorageError => Storage Storage,
    ExchangeError => Service Exchange,
    AuthorizerError => Authorizer Authorizer,
    ScopeParseError => Usage Scopes,
}

impl From<Error> for AppError {
    fn from(err: Error) -> Self {
        let kind = match err.kind() {
            ErrorKind::Usage | ErrorKind::Configuration => AppErrorKind::Usage,
            _ => AppErrorKind::Service,
        };
        Self::caused(kind, err.to_string(), Cause::Service(err))
    }
}

/// For programs whose errors are those of the services.
impl From<AppError> for Error {
    fn from(err: AppError) -> Self {
        match err.service_error() {
            Some(service) => service.clone(),
            None if err.kind() == AppErrorKind::Usage => Self::new(ErrorKind::Usage, err.to_string()),
            None => err.into_authorizer_error().into(),
        }
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

/// What a `main` that returns it prints: the sentence, and what lies below it.
impl fmt::Debug for AppError {
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

impl error::Error for AppError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        // What the message above already says is not said again.
        match self.0.cause.as_ref()? {
            Cause::Required(_) => None,
            Cause::Flow(err) => err.source(),
            Cause::Validation(err) => err.source(),
            Cause::Storage(err) => err.source(),
            Cause::Service(err) => err.source(),
            Cause::Exchange(err) => err.source(),
            Cause::Authorizer(err) => err.source(),
            Cause::Scopes(err) => err.source(),
        }
    }
}
