//! How Auth signs: its configuration, and its keys.

use std::future::IntoFuture;
use std::time::Instant;

use globus_auth_core::id_token::{JsonWebKeySet, OpenIdConfiguration};
use globus_transport::{Error, ErrorKind};

use super::AuthClient;
use crate::ClientCore;
use crate::request::{Call, Request, ResponseFuture, call_settings};

const CONFIGURATION: &str = ".well-known/openid-configuration";

/// In bytes. Keys and the configuration take a few thousand.
const LONGEST_ANSWER: u64 = 1 << 20;

impl AuthClient {
    /// Looks up where Auth's endpoints are and how it signs.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#openid_connect_metadata) (OpenID Connect Discovery,
    /// section 4). Needs no token.
    pub fn get_openid_configuration(&self) -> Request<OpenIdConfiguration> {
        openid_configuration(&self.core)
    }

    /// Fetches the keys with which Auth signs ID tokens, after the configuration, which says where they are.
    /// [`JsonWebKey::to_pem`](globus_auth_core::id_token::JsonWebKey::to_pem) is for other libraries.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#jwks) (RFC 7517). Needs no token. The keys are taken from
    /// Auth's own address only.
    pub fn get_jwk(&self) -> GetJwk {
        GetJwk::new(&self.core)
    }
}

/// Asks where Auth's endpoints are.
pub(super) fn openid_configuration(core: &ClientCore) -> Request<OpenIdConfiguration> {
    core.get("get_openid_configuration", CONFIGURATION, &[])
        .staying_put()
        .longest_answer(LONGEST_ANSWER)
        .into()
}

/// The configuration, and the keys from where it says that they are, which must be at Auth itself.
pub(super) async fn key_set(core: &ClientCore) -> Result<(OpenIdConfiguration, JsonWebKeySet), Error> {
    let configuration = openid_configuration(core).await?;
    let keys = GetJwk::new(core).at(&configuration.jwks_uri).await?;
    Ok((configuration, keys))
}

/// `get_jwk` of [`AuthClient`](AuthClient::get_jwk) and of the login clients.
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct GetJwk {
    core: ClientCore,
    /// The next call: for the configuration or, once it is known where they are, for the keys.
    call: Call,
    /// Whether it is known where the keys are; or where they are said to be, which is not at Auth.
    place: Option<Result<(), String>>,
}

impl GetJwk {
    pub(super) fn new(core: &ClientCore) -> Self {
        let call = core.get("get_jwk", CONFIGURATION, &[]).staying_put().longest_answer(LONGEST_ANSWER);
        Self { core: core.clone(), call, place: None }
    }

    /// The configuration, which is then not fetched first.
    pub fn openid_configuration(self, configuration: &OpenIdConfiguration) -> Self {
        self.at(&configuration.jwks_uri)
    }

    fn at(mut self, jwks_uri: &str) -> Self {
        self.place = Some(if self.call.follow(jwks_uri) { Ok(()) } else { Err(jwks_uri.to_owned()) });
        self
    }

    fn call(&self) -> &Call {
        &self.call
    }

    fn call_mut(&mut self) -> &mut Call {
        &mut self.call
    }

    call_settings!();

    async fn send(mut self) -> Result<JsonWebKeySet, Error> {
        if self.place.is_none() {
            let started = Instant::now();
            let configuration: OpenIdConfiguration = self.call.clone().send().await?.json()?;
            self.call.take_off(started.elapsed());
            self = self.at(&configuration.jwks_uri);
        }
        if let Some(Err(elsewhere)) = &self.place {
            let base = self.core.base_url();
            let message = format!("get_jwk: the keys are said to be at {elsewhere}, which is not at {base}");
            return Err(Error::new(ErrorKind::Decode, message));
        }
        self.call.send().await?.json()
    }
}

impl IntoFuture for GetJwk {
    type Output = Result<JsonWebKeySet, Error>;
    type IntoFuture = ResponseFuture<JsonWebKeySet>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
