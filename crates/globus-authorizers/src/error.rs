//! [`AuthorizerError`]: why there is no header.

use std::sync::Arc;
use std::{error, fmt};

use globus_auth_core::ExchangeError;
use globus_tokenstorage::{StorageError, TokenData};

/// What a missing header means for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthorizerErrorKind {
    /// Nothing is stored, or Auth refused what is (`invalid_grant`): somebody has to log in again.
    LoginRequired,
    /// Auth did not trade the grant for tokens; see [`exchange_error`](AuthorizerError::exchange_error).
    Exchange,
    /// The token storage failed; see [`storage_error`](AuthorizerError::storage_error).
    Storage,
    /// Auth's answer does not have the token that was asked for.
    UnexpectedTokens,
    /// The renewal was broken off: it took too long, panicked, or its runtime was shut down.
    Interrupted,
}

/// Why there is no header. It is cheap to clone: everyone who waited for one renewal gets the same.
#[derive(Clone, Debug)]
pub struct AuthorizerError(Arc<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    kind: AuthorizerErrorKind,
    message: String,
    transient: bool,
    source: Option<Source>,
    refused: Option<TokenData>,
}

#[derive(Clone, Debug)]
enum Source {
    Exchange(ExchangeError),
    Storage(StorageError),
    Other(Arc<dyn error::Error + Send + Sync>),
}

impl AuthorizerError {
    /// An error that says `message`, for authorizers of your own; it counts as lasting.
    pub fn new(kind: AuthorizerErrorKind, message: impl Into<String>) -> Self {
        let transient = kind == AuthorizerErrorKind::Interrupted;
        Self(Arc::new(Inner { kind, message: message.into(), transient, source: None, refused: None }))
    }

    /// An error that says what `cause` says, for authorizers of your own; [`get_ref`](Self::get_ref) gives it back.
    /// `transient`: whether asking again later can help without anybody's doing.
    pub fn from_cause(
        kind: AuthorizerErrorKind,
        transient: bool,
        cause: impl error::Error + Send + Sync + 'static,
    ) -> Self {
        let message = cause.to_string();
        Self(Arc::new(Inner {
            kind,
            message,
            transient,
            source: Some(Source::Other(Arc::new(cause))),
            refused: None,
        }))
    }

    pub(crate) fn exchange(resource_server: &str, err: &ExchangeError) -> Self {
        Self(Arc::new(Inner {
            kind: AuthorizerErrorKind::Exchange,
            message: format!("no new access token for {resource_server}: {err}"),
            transient: err.is_transient(),
            source: Some(Source::Exchange(err.clone())),
            refused: None,
        }))
    }

    /// `unanswered`: the refresh token was sent before, and no answer came.
    pub(crate) fn rejected(resource_server: &str, err: &ExchangeError, unanswered: bool) -> Self {
        let spender = if unanswered {
            "this program's last renewal, which got no answer"
        } else {
            "a program that was killed while it renewed"
        };
        Self(Arc::new(Inner {
            kind: AuthorizerErrorKind::LoginRequired,
            message: format!(
                "Auth no longer accepts the refresh token for {resource_server}: it is expired, revoked, another client's, \
                 or spent, perhaps by {spender}; log in again"
            ),
            transient: false,
            source: Some(Source::Exchange(err.clone())),
            refused: None,
        }))
    }

    pub(crate) fn storage(resource_server: &str, err: &StorageError) -> Self {
        Self(Arc::new(Inner {
            kind: AuthorizerErrorKind::Storage,
            message: format!("no access token for {resource_server}: {err}"),
            transient: err.is_transient(),
            source: Some(Source::Storage(err.clone())),
            refused: None,
        }))
    }

    /// The same with the stored tokens that Auth has refused.
    pub(crate) fn about_entry(mut self, entry: Option<TokenData>) -> Self {
        Arc::make_mut(&mut self.0).refused = entry;
        self
    }

    /// The stored entry whose refresh token Auth refused (`invalid_grant`), as it was read. Whoever removes it does so by
    /// compare-and-swap: somebody may have logged in since.
    pub fn refused_entry(&self) -> Option<&TokenData> {
        self.0.refused.as_ref()
    }

    /// What it means for the caller.
    pub fn kind(&self) -> AuthorizerErrorKind {
        self.0.kind
    }

    /// Whether asking again later can help without anybody's doing.
    pub fn is_transient(&self) -> bool {
        self.0.transient
    }

    /// Whether somebody has to log in.
    pub fn needs_login(&self) -> bool {
        self.0.kind == AuthorizerErrorKind::LoginRequired
    }

    /// The failed exchange, if there was one: its kind tells a wrong client secret from a passing trouble.
    pub fn exchange_error(&self) -> Option<&ExchangeError> {
        match &self.0.source {
            Some(Source::Exchange(err)) => Some(err),
            _ => None,
        }
    }

    /// The error it was made of by [`from_cause`](Self::from_cause), to be looked into.
    pub fn get_ref(&self) -> Option<&(dyn error::Error + Send + Sync + 'static)> {
        match &self.0.source {
            Some(Source::Other(cause)) => Some(cause.as_ref()),
            _ => None,
        }
    }

    /// The failure of the storage, if there was one.
    pub fn storage_error(&self) -> Option<&StorageError> {
        match &self.0.source {
            Some(Source::Storage(err)) => Some(err),
            _ => None,
        }
    }
}

impl fmt::Display for AuthorizerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl error::Error for AuthorizerError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        // What the message above already says is not said again.
        match self.0.source.as_ref()? {
            Source::Exchange(err) if self.needs_login() => Some(err),
            Source::Exchange(err) => err.source(),
            Source::Storage(err) => err.source(),
            Source::Other(err) => err.source(),
        }
    }
}
