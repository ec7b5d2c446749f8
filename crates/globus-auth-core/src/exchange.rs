//! [`TokenExchange`]: where the layers that need tokens meet the one that can fetch them.

use std::sync::Arc;
use std::{error, fmt};

use async_trait::async_trait;

use crate::{Grant, OAuthTokenResponse};

/// Trades grants for tokens. The login clients of `globus-services` do it over HTTP; a test does it from memory.
///
/// An implementation is cancel-safe as far as the caller goes, but a grant that works once (a code, a rotating refresh
/// token) may be spent when the future is dropped: run it in a task of its own where that matters.
#[async_trait]
pub trait TokenExchange: fmt::Debug + Send + Sync {
    /// The id of the client for which tokens are issued.
    fn client_id(&self) -> &str;

    /// Trades `grant` for tokens.
    ///
    /// # Errors
    /// [`ExchangeError`], whose [`kind`](ExchangeError::kind) says whether trying again can help.
    async fn exchange(&self, grant: Grant) -> Result<OAuthTokenResponse, ExchangeError>;
}

#[async_trait]
impl<T: TokenExchange + ?Sized> TokenExchange for Arc<T> {
    fn client_id(&self) -> &str {
        (**self).client_id()
    }

    async fn exchange(&self, grant: Grant) -> Result<OAuthTokenResponse, ExchangeError> {
        (**self).exchange(grant).await
    }
}

/// What a failed exchange means for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExchangeErrorKind {
    /// Auth refused the grant (`invalid_grant`, RFC 6749, section 5.2): the code or refresh token is spent, expired,
    /// revoked, or another client's. Only a new login helps.
    InvalidGrant,
    /// Auth does not accept the client's id or secret (`invalid_client`). The configuration is wrong.
    InvalidClient,
    /// Auth refused for another reason, such as an unknown scope. The same request will fail again.
    Rejected,
    /// The answer did not come, or said that the trouble is passing. Trying again later can help.
    Transient,
    /// The answer came and cannot be understood.
    InvalidResponse,
}

/// A failed exchange. It is cheap to clone, so that every waiter of one renewal gets the same.
#[derive(Clone, Debug)]
pub struct ExchangeError(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ExchangeErrorKind,
    message: String,
    source: Option<Box<dyn error::Error + Send + Sync>>,
}

impl ExchangeError {
    /// An error that says `message`: what was tried, why it failed, what to do next; never a secret.
    pub fn new(kind: ExchangeErrorKind, message: impl Into<String>) -> Self {
        Self(Arc::new(Inner { kind, message: message.into(), source: None }))
    }

    /// The same with the error below it.
    pub fn with_source(
        kind: ExchangeErrorKind,
        message: impl Into<String>,
        source: impl Into<Box<dyn error::Error + Send + Sync>>,
    ) -> Self {
        Self(Arc::new(Inner { kind, message: message.into(), source: Some(source.into()) }))
    }

    /// What it means for the caller.
    pub fn kind(&self) -> ExchangeErrorKind {
        self.0.kind
    }

    /// Whether the same exchange may work later.
    pub fn is_transient(&self) -> bool {
        self.0.kind == ExchangeErrorKind::Transient
    }
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl error::Error for ExchangeError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn error::Error + 'static))
    }
}
