//! [`NativeAppAuthClient`]: a program that cannot keep a secret.

use std::sync::Arc;

use globus_auth_core::id_token::{IdTokenClaims, JsonWebKeySet, OpenIdConfiguration};
use globus_auth_core::login::LoginFlowBuilder;
use globus_auth_core::{Clock, IntoScopes, OAuthTokenResponse, Secret};
use globus_transport::{Error, Service};

use super::tokens::{self, Login, TokenRequest};
use crate::auth::RevokedToken;
use crate::request::Request;
use crate::{ClientBuilder, ClientCore, ServiceClient};

/// The login client of a program that its users run themselves, and that can therefore keep no secret: PKCE protects the login.
///
/// ```no_run
/// use globus_services::auth::NativeAppAuthClient;
/// use globus_services::groups::GroupsClient;
///
/// # async fn example(paste: fn() -> String) -> Result<(), Box<dyn std::error::Error>> {
/// let auth = NativeAppAuthClient::new("61338d24-54d5-408f-a10d-66c06b59f6d2")?;
/// let flow = auth.oauth2_start_flow([GroupsClient::SCOPES.view_my_groups_and_memberships]).start()?;
/// println!("Please log in: {}", flow.authorize_url());
/// let tokens = flow.exchange_code_for_tokens(&paste()).await?;
/// println!("{tokens}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct NativeAppAuthClient {
    pub(super) login: Login,
}

impl NativeAppAuthClient {
    /// The client that is registered under `client_id`. It does no I/O.
    ///
    /// # Errors
    /// When an environment variable `GLOBUS_SDK_…` has an unusable value; the error names it.
    pub fn new(client_id: impl Into<String>) -> Result<Self, Error> {
        Self::builder(client_id).build()
    }

    /// A builder, for what [`Self::new`] has no argument for: another environment, address or transport.
    pub fn builder(client_id: impl Into<String>) -> ClientBuilder<Self> {
        <Self as ServiceClient>::builder().client_id(client_id.into())
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

    /// Prepares a login in which the user is asked for `scopes`. Each flow is a value of its own, so that several can run at once.
    pub fn oauth2_start_flow(&self, scopes: impl IntoScopes) -> LoginFlowBuilder {
        LoginFlowBuilder::native(Arc::new(self.clone()), self.login.core.base_url().as_str(), scopes)
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

impl ServiceClient for NativeAppAuthClient {
    const SERVICE: Service = Service::Auth;

    fn from_core(core: ClientCore) -> Self {
        Self { login: Login::new(core, true) }
    }

    fn core(&self) -> &ClientCore {
        &self.login.core
    }
}
