//! [`LoginClient`]: the client for which people log in.

use std::sync::Arc;

use globus_auth_core::id_token::IdTokenClaims;
use globus_auth_core::login::LoginFlowBuilder;
use globus_auth_core::{IntoScopes, OAuthTokenResponse, Secret, TokenExchange};
use globus_services::auth::requests::Oauth2RevokeToken;
use globus_services::auth::{ConfidentialAppAuthClient, NativeAppAuthClient};
use globus_transport::{Environment, Error, Service, Variables};

/// The login client of an app: a native one, or one with a secret.
#[derive(Clone, Debug)]
pub struct LoginClient(Which);

#[derive(Clone, Debug)]
enum Which {
    Native(NativeAppAuthClient),
    Confidential(ConfidentialAppAuthClient),
}

impl From<NativeAppAuthClient> for LoginClient {
    fn from(client: NativeAppAuthClient) -> Self {
        Self(Which::Native(client))
    }
}

impl From<ConfidentialAppAuthClient> for LoginClient {
    fn from(client: ConfidentialAppAuthClient) -> Self {
        Self(Which::Confidential(client))
    }
}

impl LoginClient {
    /// The id under which it is registered.
    pub fn client_id(&self) -> &str {
        match &self.0 {
            Which::Native(client) => client.client_id(),
            Which::Confidential(client) => client.client_id(),
        }
    }

    /// Whether it is native: it has no secret.
    pub fn is_native(&self) -> bool {
        matches!(self.0, Which::Native(_))
    }

    /// The environment whose Auth it asks, where that is the address of one.
    pub(crate) fn environment(&self) -> Option<Environment> {
        let address = match &self.0 {
            Which::Native(client) => client.base_url(),
            Which::Confidential(client) => client.base_url(),
        };
        let no_variables = Variables::from_pairs([("", ""); 0]);
        let is_its = |environment: &Environment| {
            environment.service_url_in(Service::Auth, &no_variables).is_ok_and(|url| url == *address)
        };
        Environment::ALL.iter().copied().find(is_its)
    }

    /// What trades grants for tokens.
    pub(crate) fn exchange(&self) -> Arc<dyn TokenExchange> {
        match &self.0 {
            Which::Native(client) => Arc::new(client.clone()),
            Which::Confidential(client) => Arc::new(client.clone()),
        }
    }

    /// A login that leads to `redirect_uri`, or to Auth's own page where there is none and the client is native.
    pub(crate) fn start_flow(&self, redirect_uri: Option<&str>, scopes: impl IntoScopes) -> LoginFlowBuilder {
        match (&self.0, redirect_uri) {
            (Which::Native(client), None) => client.oauth2_start_flow(scopes),
            (Which::Native(client), Some(uri)) => client.oauth2_start_flow(scopes).redirect_uri(uri),
            (Which::Confidential(client), uri) => {
                client.oauth2_start_flow(uri.unwrap_or_default(), scopes).pkce()
            }
        }
    }

    pub(crate) fn revoke(&self, token: &Secret) -> Oauth2RevokeToken {
        match &self.0 {
            Which::Native(client) => client.oauth2_revoke_token(token),
            Which::Confidential(client) => client.oauth2_revoke_token(token),
        }
    }

    pub(crate) async fn decode_id_token(&self, tokens: &OAuthTokenResponse) -> Result<IdTokenClaims, Error> {
        match &self.0 {
            Which::Native(client) => client.decode_id_token(tokens, None).await,
            Which::Confidential(client) => client.decode_id_token(tokens, None).await,
        }
    }
}
