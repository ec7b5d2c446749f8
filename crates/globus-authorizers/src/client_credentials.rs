//! [`ClientCredentialsAuthorizer`].

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use globus_auth_core::{Clock, IntoScopes, Secret, TokenExchange, UnixTime};
use globus_tokenstorage::{TokenData, TokenStorage};

use crate::renewal::{Engine, GrantSource, Settings};
use crate::{AuthorizationHeader, Authorizer, AuthorizerError};

/// Sends an access token that the client obtains for itself, and replaces it before it ends.
///
/// It renews as [`RefreshTokenAuthorizer`](crate::RefreshTokenAuthorizer) does. A storage spares the exchange at the start
/// of each process, and lets processes share a token; when it fails, the authorizer does without. A stored token is used
/// when it has all the scopes asked for. A stored token of a user or of another client (it has a refresh token, or another
/// identity than the client) is neither used nor replaced: the authorizer keeps its own in memory then, with a
/// warning. Better, give the client a namespace of its own.
///
/// The scopes must be those of one service: an answer with several tokens is an error.
///
/// ```
/// # use globus_auth_core::{ExchangeError, Grant, OAuthToken, OAuthTokenResponse, TokenExchange, UnixTime};
/// use globus_auth_core::scopes::TRANSFER;
/// use globus_authorizers::{Authorizer, ClientCredentialsAuthorizer};
/// # #[derive(Debug)]
/// # struct AuthClient;
/// # #[async_trait::async_trait]
/// # impl TokenExchange for AuthClient {
/// #     fn client_id(&self) -> &str { "id" }
/// #     async fn exchange(&self, _: Grant) -> Result<OAuthTokenResponse, ExchangeError> {
/// #         let token = OAuthToken::new("transfer.api.globus.org", "all", "AgNew", UnixTime::from_seconds(i64::MAX));
/// #         Ok(OAuthTokenResponse::from_tokens(vec![token], None))
/// #     }
/// # }
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
///
/// let authorizer = ClientCredentialsAuthorizer::new(AuthClient, TRANSFER.all);
/// let header = authorizer.authorization_header().await?.ok_or("no header")?;
/// assert_eq!(header.value().expose(), "Bearer AgNew");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ClientCredentialsAuthorizer {
    engine: Engine,
}

impl ClientCredentialsAuthorizer {
    /// An authorizer for these scopes that keeps its token in memory.
    pub fn new(exchange: impl TokenExchange + 'static, scopes: impl IntoScopes) -> Self {
        let source = GrantSource::ClientCredentials { scope: scopes.into_scope_string() };
        Self { engine: Engine::new(Settings::new(exchange, source)) }
    }

    /// An authorizer for these scopes of `resource_server` that uses the stored token, if it has the scopes, and stores
    /// those it obtains. Nothing is read before the first header is asked for.
    pub fn from_storage(
        exchange: impl TokenExchange + 'static,
        storage: impl TokenStorage + 'static,
        resource_server: impl Into<String>,
        scopes: impl IntoScopes,
    ) -> Self {
        let source = GrantSource::ClientCredentials { scope: scopes.into_scope_string() };
        let settings = Settings::new(exchange, source).resource_server(resource_server).storage(storage);
        Self { engine: Engine::new(settings) }
    }
}

impl_renewing!(ClientCredentialsAuthorizer);
