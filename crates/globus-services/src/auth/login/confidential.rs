//! [`ConfidentialAppAuthClient`]: a program that can keep a secret.

use std::sync::Arc;

use globus_auth_core::login::LoginFlowBuilder;
use globus_auth_core::{IntoScopes, Secret};
use globus_transport::Error;

use super::LoginClientBuilder;
use super::requests::{Oauth2GetDependentTokens, Oauth2TokenIntrospect};
use super::shared::login_client;
use super::tokens::{Login, TokenRequest};

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
    /// When the client id, or the value of an environment variable `GLOBUS_SDK_…`, is not usable; the error names it.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Result<Self, Error> {
        Self::builder(client_id, client_secret).build()
    }

    /// A builder, for what [`Self::new`] has no argument for: another environment, address or transport.
    pub fn builder(
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> LoginClientBuilder<Self> {
        LoginClientBuilder::new(client_id.into(), Some(client_secret.into()))
    }

    /// Prepares a login in which the user is asked for `scopes` and then sent back to `redirect_uri`, which must be
    /// registered for the client. Each flow is a value of its own, so that several can run at once.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/developer-guide/#obtaining-authorization)
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
    pub fn oauth2_get_dependent_tokens(&self, token: impl Into<Secret>) -> Oauth2GetDependentTokens {
        Oauth2GetDependentTokens::new(&self.login, token.into())
    }

    /// Says what is known of a token that this client received, as a service.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#token-introspect) (RFC 7662).
    pub fn oauth2_token_introspect(&self, token: impl Into<Secret>) -> Oauth2TokenIntrospect {
        Oauth2TokenIntrospect::new(&self.login.core, token.into())
    }
}

login_client!(ConfidentialAppAuthClient);
