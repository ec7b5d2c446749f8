//! [`LoginFlow`]: a login that has begun.

use std::fmt;
use std::sync::Arc;

use super::{LoginError, PendingLogin};
use crate::{OAuthTokenResponse, Secret, TokenExchange};

/// A login that has begun: the URL to open, and the way to trade what comes back for tokens.
///
/// It is made by [`LoginFlowBuilder::start`](super::LoginFlowBuilder::start). Several can run at once.
#[derive(Clone)]
pub struct LoginFlow {
    pub(super) exchange: Arc<dyn TokenExchange>,
    pub(super) authorize_url: String,
    pub(super) scope: String,
    pub(super) pending: PendingLogin,
}

impl LoginFlow {
    /// Where the user logs in and consents.
    pub fn authorize_url(&self) -> &str {
        &self.authorize_url
    }

    /// The scopes that are asked for there, as the URL has them (RFC 6749, section 3.3).
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// Where the browser is sent afterwards. By default, for a native client, it is a page of Auth that shows the code.
    pub fn redirect_uri(&self) -> &str {
        &self.pending.redirect_uri
    }

    /// What the callback must bring back (RFC 6749, section 10.12).
    pub fn state(&self) -> &str {
        self.pending.state.expose()
    }

    /// What the ID token must hold, when a nonce was asked for.
    pub fn nonce(&self) -> Option<&str> {
        self.pending.nonce.as_ref().map(Secret::expose)
    }

    /// What to keep when the login is finished in another process, or this flow cannot be kept.
    pub fn pending(&self) -> &PendingLogin {
        &self.pending
    }

    /// The code in a callback, if the callback belongs to this flow: the URL to which the browser was sent, or the query of it. Its
    /// state is compared in constant time. For a server that must tell the browser whether it came to the right place before
    /// the code is traded.
    ///
    /// # Errors
    /// As [`exchange_callback`](Self::exchange_callback), which trades it at once.
    pub fn code_in_callback(&self, callback: &str) -> Result<Secret, LoginError> {
        super::callback::read_code(callback, &self.pending.state)
    }

    /// Trades a code, as the user pasted it, for tokens. Whitespace around it does not matter.
    ///
    /// A code works once: if the future is dropped, the login may have to be repeated.
    ///
    /// # Errors
    /// [`LoginErrorKind::MissingCode`] when it is empty, [`LoginErrorKind::Exchange`] when it is not accepted.
    ///
    /// [`LoginErrorKind::MissingCode`]: super::LoginErrorKind::MissingCode
    /// [`LoginErrorKind::Exchange`]: super::LoginErrorKind::Exchange
    pub async fn exchange_code_for_tokens(&self, code: &str) -> Result<OAuthTokenResponse, LoginError> {
        self.pending.exchange_code_for_tokens(&*self.exchange, code).await
    }

    /// Trades the code in a callback for tokens, if the callback belongs to this flow. It is the URL to which the browser was
    /// sent, or the query of it.
    ///
    /// # Errors
    /// [`LoginErrorKind::StateMismatch`] when it is not this flow's, [`LoginErrorKind::Denied`] when the user or Auth refused,
    /// [`LoginErrorKind::MissingCode`] and [`LoginErrorKind::InvalidCallback`] when it holds none or several codes, and
    /// [`LoginErrorKind::Exchange`] when the code is not accepted.
    ///
    /// [`LoginErrorKind::StateMismatch`]: super::LoginErrorKind::StateMismatch
    /// [`LoginErrorKind::Denied`]: super::LoginErrorKind::Denied
    /// [`LoginErrorKind::MissingCode`]: super::LoginErrorKind::MissingCode
    /// [`LoginErrorKind::InvalidCallback`]: super::LoginErrorKind::InvalidCallback
    /// [`LoginErrorKind::Exchange`]: super::LoginErrorKind::Exchange
    pub async fn exchange_callback(&self, callback: &str) -> Result<OAuthTokenResponse, LoginError> {
        self.pending.exchange_callback(&*self.exchange, callback).await
    }
}

/// The authorize URL is left out: the state is part of it.
impl fmt::Debug for LoginFlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginFlow")
            .field("client_id", &self.exchange.client_id())
            .field("redirect_uri", &self.pending.redirect_uri)
            .field("pkce", &self.pending.code_verifier.is_some())
            .finish_non_exhaustive()
    }
}
