//! [`LoginFlow`]: a login that has begun.

use std::fmt;
use std::sync::Arc;

use super::callback::read_code;
use super::{LoginError, LoginErrorKind};
use crate::{Grant, OAuthTokenResponse, Secret, TokenExchange};

/// A login that has begun: the URL to open, and the way to trade what comes back for tokens.
///
/// It is made by [`LoginFlowBuilder::start`](super::LoginFlowBuilder::start). Several can run at once.
#[derive(Clone)]
pub struct LoginFlow {
    pub(super) exchange: Arc<dyn TokenExchange>,
    pub(super) authorize_url: String,
    pub(super) redirect_uri: String,
    pub(super) state: Secret,
    pub(super) nonce: Option<Secret>,
    pub(super) code_verifier: Option<Secret>,
}

impl LoginFlow {
    /// Where the user logs in and consents.
    pub fn authorize_url(&self) -> &str {
        &self.authorize_url
    }

    /// Where the browser is sent afterwards. By default, for a native client, it is a page of Auth that shows the code.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// What the callback must bring back (RFC 6749, section 10.12).
    pub fn state(&self) -> &str {
        self.state.expose()
    }

    /// What the ID token must hold, when a nonce was asked for.
    pub fn nonce(&self) -> Option<&str> {
        self.nonce.as_ref().map(Secret::expose)
    }

    /// Trades a code, as the user pasted it, for tokens. Whitespace around it does not matter.
    ///
    /// A code works once: if the future is dropped, the login may have to be repeated.
    ///
    /// # Errors
    /// [`LoginErrorKind::MissingCode`] when it is empty, [`LoginErrorKind::Exchange`] when it is not accepted.
    pub async fn exchange_code_for_tokens(&self, code: &str) -> Result<OAuthTokenResponse, LoginError> {
        let code = code.trim();
        if code.is_empty() {
            return Err(LoginError::new(
                LoginErrorKind::MissingCode,
                "the login code is empty; paste the whole code that the page shows",
            ));
        }
        self.exchange(code.into()).await
    }

    /// Trades the code in a callback for tokens, if the callback belongs to this flow. It is the URL to which the browser was
    /// sent, or the query of it.
    ///
    /// # Errors
    /// [`LoginErrorKind::StateMismatch`] when it is not this flow's, [`LoginErrorKind::Denied`] when the user or Auth refused,
    /// [`LoginErrorKind::MissingCode`] and [`LoginErrorKind::InvalidCallback`] when it holds none or several codes, and
    /// [`LoginErrorKind::Exchange`] when the code is not accepted.
    pub async fn exchange_callback(&self, callback: &str) -> Result<OAuthTokenResponse, LoginError> {
        let code = read_code(callback, &self.state)?;
        self.exchange(code).await
    }

    async fn exchange(&self, code: Secret) -> Result<OAuthTokenResponse, LoginError> {
        let grant = Grant::authorization_code(code, &*self.redirect_uri, self.code_verifier.clone());
        Ok(self.exchange.exchange(grant).await?)
    }
}

/// The authorize URL is left out: the state is part of it.
impl fmt::Debug for LoginFlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginFlow")
            .field("client_id", &self.exchange.client_id())
            .field("redirect_uri", &self.redirect_uri)
            .field("pkce", &self.code_verifier.is_some())
            .finish_non_exhaustive()
    }
}
