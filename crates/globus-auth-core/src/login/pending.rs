//! [`PendingLogin`]: what must be kept between the beginning of a login and its end.

use super::callback::read_code;
use super::{LoginError, LoginErrorKind};
use crate::{Grant, OAuthTokenResponse, Secret, TokenExchange};

/// What must be kept of a login until its callback comes: enough to finish it in another process.
///
/// A portal whose callback may reach another worker keeps the fields in the session of the browser that began the login, on
/// the server or in an encrypted cookie, and forgets them when the callback has come. Whoever reads them and the
/// code can log in as the user; a callback that is finished with another browser's fields is an attack that succeeded.
///
/// ```
/// # use std::sync::Arc;
/// # use async_trait::async_trait;
/// # use globus_auth_core::{ExchangeError, Grant, OAuthTokenResponse, Secret, TokenExchange};
/// use globus_auth_core::login::{LoginError, LoginFlowBuilder, PendingLogin};
/// # #[derive(Debug)]
/// # struct Client;
/// # #[async_trait]
/// # impl TokenExchange for Client {
/// #     fn client_id(&self) -> &str { "11111111-2222-4333-8444-555555555555" }
/// #     async fn exchange(&self, _: Grant) -> Result<OAuthTokenResponse, ExchangeError> { unreachable!() }
/// # }
/// # let client = Arc::new(Client);
///
/// let callback_url = "https://portal.example.org/callback";
/// let flow = LoginFlowBuilder::confidential(client, "https://auth.globus.org", callback_url, "openid").pkce().start()?;
/// let kept = flow.pending();
/// let session = [kept.state.expose(), kept.code_verifier.as_ref().map_or("", Secret::expose)];
/// // … the browser is sent to flow.authorize_url(), and comes back to another worker:
/// let login = PendingLogin::new(callback_url, session[0]).with_code_verifier(Some(session[1].into()));
///
/// async fn finish(login: PendingLogin, client: &Client, callback: &str) -> Result<(), LoginError> {
///     let tokens = login.exchange_callback(client, callback).await?;
///     println!("{tokens}");
///     Ok(())
/// }
/// # assert_eq!(&login, kept);
/// # Ok::<(), LoginError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PendingLogin {
    /// Where the browser is sent afterwards.
    pub redirect_uri: String,
    /// What the callback must bring back (RFC 6749, section 10.12).
    pub state: Secret,
    /// What the ID token must hold, when a nonce was asked for.
    pub nonce: Option<Secret>,
    /// The PKCE verifier (RFC 7636), when the login has one.
    pub code_verifier: Option<Secret>,
}

impl PendingLogin {
    /// A login with neither nonce nor PKCE.
    pub fn new(redirect_uri: impl Into<String>, state: impl Into<Secret>) -> Self {
        Self { redirect_uri: redirect_uri.into(), state: state.into(), nonce: None, code_verifier: None }
    }

    /// The same with a nonce, or without.
    #[must_use]
    pub fn with_nonce(mut self, nonce: Option<Secret>) -> Self {
        self.nonce = nonce;
        self
    }

    /// The same with a PKCE verifier, or without.
    #[must_use]
    pub fn with_code_verifier(mut self, code_verifier: Option<Secret>) -> Self {
        self.code_verifier = code_verifier;
        self
    }

    /// As [`LoginFlow::exchange_code_for_tokens`](super::LoginFlow::exchange_code_for_tokens).
    ///
    /// # Errors
    /// As there.
    pub async fn exchange_code_for_tokens(
        &self,
        exchange: &(impl TokenExchange + ?Sized),
        code: &str,
    ) -> Result<OAuthTokenResponse, LoginError> {
        let code = code.trim();
        if code.is_empty() {
            return Err(LoginError::new(
                LoginErrorKind::MissingCode,
                "the login code is empty; paste the whole code that the page shows",
            ));
        }
        self.exchange(exchange, code.into()).await
    }

    /// As [`LoginFlow::exchange_callback`](super::LoginFlow::exchange_callback).
    ///
    /// # Errors
    /// As there.
    pub async fn exchange_callback(
        &self,
        exchange: &(impl TokenExchange + ?Sized),
        callback: &str,
    ) -> Result<OAuthTokenResponse, LoginError> {
        if self.state.is_empty() {
            return Err(LoginError::new(
                LoginErrorKind::InvalidFlow,
                "the state is empty, so anyone could make a callback for this login",
            ));
        }
        let code = read_code(callback, &self.state)?;
        self.exchange(exchange, code).await
    }

    async fn exchange(
        &self,
        exchange: &(impl TokenExchange + ?Sized),
        code: Secret,
    ) -> Result<OAuthTokenResponse, LoginError> {
        let grant = Grant::authorization_code(code, &*self.redirect_uri, self.code_verifier.clone());
        Ok(exchange.exchange(grant).await?)
    }
}
