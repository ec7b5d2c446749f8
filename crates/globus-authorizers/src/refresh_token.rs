//! [`RefreshTokenAuthorizer`].

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use globus_auth_core::{Clock, Secret, TokenExchange, UnixTime};
use globus_tokenstorage::{TokenData, TokenStorage};

use crate::renewal::{Engine, GrantSource, Settings};
use crate::{AuthorizationHeader, Authorizer, AuthorizerError};

/// Sends an access token, and replaces it by means of a refresh token before it ends.
///
/// Whatever number of tasks use it or its clones, they share one token and one renewal at a time. With a storage, so do all
/// processes that use the storage: a renewal holds its lock, and takes over what another process stored meanwhile.
///
/// A token is renewed in the background while it is still good, so that no request waits; a renewal that fails then is
/// tried again after a pause, and the token served on. A renewal runs in a task of its own on the tokio runtime of the caller
/// that began it, with tokio's timer.
///
/// Call [`settle`](Self::settle) before the program ends: a renewal that is cut off by the end of its runtime can lose the login.
///
/// When Auth refuses the refresh token, [`AuthorizerError::needs_login`] says so, at once for every later call, until the
/// stored entry changes. No failure ever removes stored tokens. Tokens that the storage refuses to take are used all the same,
/// with a warning, and the write is tried again in the background.
///
/// ```
/// use globus_auth_core::{OAuthToken, OAuthTokenResponse, UnixTime};
/// # use globus_auth_core::{ExchangeError, Grant, TokenExchange};
/// use globus_authorizers::{Authorizer, RefreshTokenAuthorizer};
/// use globus_tokenstorage::{MemoryTokenStorage, TokenStorage};
/// # #[derive(Debug)]
/// # struct AuthClient;
/// # #[async_trait::async_trait]
/// # impl TokenExchange for AuthClient {
/// #     fn client_id(&self) -> &str { "id" }
/// #     async fn exchange(&self, _: Grant) -> Result<OAuthTokenResponse, ExchangeError> {
/// #         let token = OAuthToken::new("groups.api.globus.org", "all", "AgNew", UnixTime::from_seconds(i64::MAX));
/// #         Ok(OAuthTokenResponse::from_tokens(vec![token], None))
/// #     }
/// # }
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
///
/// let storage = MemoryTokenStorage::new();
/// let old = OAuthToken::new("groups.api.globus.org", "all", "AgOld", UnixTime::from_seconds(0))
///     .with_refresh_token(Some("AgRefresh".into()));
/// storage.store_token_response(&OAuthTokenResponse::from_tokens(vec![old], None)).await?;
///
/// let authorizer = RefreshTokenAuthorizer::from_storage(AuthClient, storage, "groups.api.globus.org");
/// let header = authorizer.authorization_header().await?.ok_or("no header")?;
/// assert_eq!(header.value().expose(), "Bearer AgNew");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct RefreshTokenAuthorizer {
    engine: Engine,
}

impl RefreshTokenAuthorizer {
    /// An authorizer that lives on this refresh token, and keeps its successors in memory. Give
    /// [`on_refresh`](Self::on_refresh) a function that stores them, or use [`from_storage`](Self::from_storage).
    pub fn new(
        exchange: impl TokenExchange + 'static,
        resource_server: impl Into<String>,
        refresh_token: impl Into<Secret>,
    ) -> Self {
        let source = GrantSource::RefreshToken(Some(refresh_token.into()));
        Self { engine: Engine::new(Settings::new(exchange, source).resource_server(resource_server)) }
    }

    /// An authorizer that uses the stored tokens for `resource_server` and stores those it obtains, with the identity that
    /// was stored. Nothing is read before the first header is asked for.
    pub fn from_storage(
        exchange: impl TokenExchange + 'static,
        storage: impl TokenStorage + 'static,
        resource_server: impl Into<String>,
    ) -> Self {
        let settings = Settings::new(exchange, GrantSource::RefreshToken(None));
        Self { engine: Engine::new(settings.resource_server(resource_server).storage(storage)) }
    }
}

impl_renewing!(RefreshTokenAuthorizer);
