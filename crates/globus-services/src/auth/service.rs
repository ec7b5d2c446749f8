//! [`AuthClient`]: the service behind a token.

use globus_auth_core::id_token::{JsonWebKeySet, OpenIdConfiguration};
use globus_auth_core::scopes::AuthScopes;
use globus_transport::{Error, Service};

use super::{IdentityList, UserInfo};
use crate::OneOrMany;
use crate::client::service_client;
use crate::request::{Call, Request, encode, request};

service_client! {
    /// A client of the Auth service, for what a token allows: identities and the caller's own account.
    pub struct AuthClient { service: Service::Auth, scopes: AUTH: AuthScopes }
}

impl AuthClient {
    /// Says who the caller is; the more, the more of `openid`, `profile`, `email` and `view_identity_set` the token holds.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#userinfo).
    pub fn userinfo(&self) -> Request<UserInfo> {
        self.core.get("userinfo", "v2/oauth2/userinfo", &[]).into()
    }

    /// Looks up identities by id or by username; those that are not known are left out.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#get_identities).
    pub fn get_identities(&self) -> GetIdentities {
        self.core.get("get_identities", "v2/api/identities", &[]).into()
    }

    /// Looks up where Auth's endpoints are and how it signs (OpenID Connect Discovery, section 4).
    pub fn get_openid_configuration(&self) -> Request<OpenIdConfiguration> {
        super::login::openid_configuration(&self.core)
    }

    /// Fetches the keys with which Auth signs ID tokens.
    ///
    /// # Errors
    /// As for any call. The keys are taken from Auth's own address only.
    pub async fn get_jwk(&self) -> Result<JsonWebKeySet, Error> {
        super::login::key_set(&self.core).await.map(|(_, keys)| keys)
    }
}

request! {
    /// [`AuthClient::get_identities`].
    pub struct GetIdentities => IdentityList {
        /// The ids to look up.
        query ids: many as comma_joined;
        /// Whether identities that do not exist yet are made; for usernames only, and never when not given.
        query provision: bool as true_false;
    }
}

impl GetIdentities {
    /// The usernames to look up.
    pub fn usernames(mut self, usernames: impl OneOrMany) -> Self {
        let call: &mut Call = self.call_mut();
        call.set_query("usernames", encode::comma_joined(usernames));
        if !call.has_query("provision") {
            call.set_query("provision", encode::true_false(false));
        }
        self
    }
}
