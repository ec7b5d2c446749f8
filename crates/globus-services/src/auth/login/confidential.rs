//! [`ConfidentialAppAuthClient`]: a program that can keep a secret.

use std::sync::Arc;

use globus_auth_core::id_token::{IdTokenClaims, JsonWebKeySet, OpenIdConfiguration};
use globus_auth_core::login::LoginFlowBuilder;
use globus_auth_core::{Clock, IntoScopes, OAuthTokenResponse, Secret};
use globus_authorizers::BasicAuthorizer;
use globus_transport::{Error, Service};

use super::requests::{GetDependentTokens, IntrospectToken};
use super::tokens::{self, Login, TokenRequest};
use crate::auth::RevokedToken;
use crate::request::Request;
use crate::{ClientBuilder, ClientCore, ServiceClient};

/// The login client of a program that can keep a secret: a service, a portal, an unattended daemon.
///
/// ```no_run
/// use globus_authorizers::AccessTokenAuthorizer;
/// use globus_services::auth::ConfidentialAppAuthClient;
/// use globus_services::transfer::TransferClient;
///
/// # async fn example(id: &str, secret: &str) -> Result<(), globus_transport::Error> {
/// let client = ConfidentialAppAuthClient::new(id, secret)?;
/// let tokens = client.oauth2_client_credentials_tokens([TransferClient::SCOPES.all]).await?;
/// let token = &tokens.by_resource_server()[TransferClient::RESOURCE_SERVER];
/// let transfer = TransferClient::new(AccessTokenAuthorizer::new(token.access_token()))?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ConfidentialAppAuthClient {
    pub(super) login: Login,
}

impl ConfidentialAppAuthClient {
    /// The client that is registered under `client_id`, with its secret. It does no I/O.
    ///
    /// # Errors
    /// When an environment variable `GLOBUS_SDK_…` has an unusable value; the error names it.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Result<Self, Error> {
        Self::builder(client_id, client_secret).build()
    }

    /// A builder, for what [`Self::new`] has no argument for: another environment, address or transport.
    pub fn builder(client_id: impl Into<String>, client_secret: impl Into<Secret>) -> ClientBuilder<Self> {
        let client_id = client_id.into();
        let authorizer = BasicAuthorizer::new(client_id.as_str(), client_secret);
        <Self as ServiceClient>::builder().authorizer(authorizer).client_id(client_id)
    }

    /// The same with another clock, from which the expiry of tokens is reckoned.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Clock + 'static) -> Self {
        self.login.clock = Arc::new(clock);
        self
    }

    /// The id of the client.
    pub fn client_id(&self) -> &str {
        &self.login.client_id
    }

    /// Prepares a login in which the user is asked for `scopes` and then sent back to `redirect_uri`, which must be
    /// registered for the client. Each flow is a value of its own, so that several can run at once.
    pub fn oauth2_start_flow(
        &self,
        redirect_uri: impl Into<String>,
        scopes: impl IntoScopes,
    ) -> LoginFlowBuilder {
        let auth_url = self.login.core.base_url().as_str();
        LoginFlowBuilder::confidential(Arc::new(self.clone()), auth_url, redirect_uri, scopes)
    }

    /// Gets tokens for the client itself, which acts as the identity `<client id>@clients.auth.globus.org`.
    /// At least one scope is needed.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#client_credentials_grant) (RFC 6749, section 4.4).
    pub fn oauth2_client_credentials_tokens(&self, scopes: impl IntoScopes) -> TokenRequest {
        self.login.client_credentials(scopes)
    }

    /// Trades a token that this client received, as a service, for tokens for the services that it calls in turn.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#dependent_token_grant_post_v2oauth2token).
    pub fn oauth2_get_dependent_tokens(&self, token: impl Into<Secret>) -> GetDependentTokens {
        GetDependentTokens::new(&self.login, token.into())
    }

    /// Says what is known of a token that this client received, as a service.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#token-introspect) (RFC 7662).
    pub fn oauth2_token_introspect(&self, token: impl Into<Secret>) -> IntrospectToken {
        IntrospectToken::new(&self.login.core, token.into())
    }

    /// Trades a refresh token for new tokens. An authorizer does this by itself.
    pub fn oauth2_refresh_token(&self, refresh_token: impl Into<Secret>) -> TokenRequest {
        self.login.refresh(refresh_token)
    }

    /// Ends a token at once. Revoke refresh tokens and those of `other_tokens` as well.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#token-revoke) (RFC 7009).
    pub fn oauth2_revoke_token(&self, token: impl Into<Secret>) -> Request<RevokedToken> {
        self.login.revoke(&token.into())
    }

    /// Looks up where Auth's endpoints are and how it signs (OpenID Connect Discovery, section 4).
    pub fn get_openid_configuration(&self) -> Request<OpenIdConfiguration> {
        tokens::openid_configuration(&self.login.core)
    }

    /// Fetches the keys with which Auth signs ID tokens.
    ///
    /// # Errors
    /// As for any call. The keys are taken from Auth's own address only.
    pub async fn get_jwk(&self) -> Result<JsonWebKeySet, Error> {
        tokens::key_set(&self.login.core).await.map(|(_, keys)| keys)
    }

    /// Verifies the ID token of a response and gives what it says: signature, issuer, audience, expiry, and the nonce if one
    /// was used at login.
    ///
    /// # Errors
    /// When there is none, when Auth's keys cannot be fetched, or when it is not accepted: the error says why.
    pub async fn decode_id_token(
        &self,
        tokens: &OAuthTokenResponse,
        nonce: Option<&str>,
    ) -> Result<IdTokenClaims, Error> {
        self.login.verify_id_token(tokens, nonce).await
    }
}

impl ServiceClient for ConfidentialAppAuthClient {
    const SERVICE: Service = Service::Auth;

    fn from_core(core: ClientCore) -> Self {
        Self { login: Login::new(core, false) }
    }

    fn core(&self) -> &ClientCore {
        &self.login.core
    }
}
