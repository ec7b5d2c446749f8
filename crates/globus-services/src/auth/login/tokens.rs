//! What both login clients share: the token endpoint, and how its answers are read.

use std::future::IntoFuture;
use std::sync::Arc;

use globus_auth_core::id_token::{IdTokenClaims, IdTokenVerifier, JsonWebKeySet, OpenIdConfiguration};
use globus_auth_core::{Clock, FormFields, Grant, IntoScopes, OAuthTokenResponse, Secret};
use globus_transport::{Error, ErrorKind, Idempotency};

use crate::ClientCore;
use crate::auth::RevokedToken;
use crate::request::{Call, Request, ResponseFuture, call_settings};

/// In bytes. Tokens, keys and the configuration take a few thousand.
const LONGEST_ANSWER: u64 = 1 << 20;

/// A login client without its public face.
#[derive(Clone, Debug)]
pub(super) struct Login {
    pub(super) core: ClientCore,
    pub(super) client_id: Arc<str>,
    /// A client without a secret names itself in the form; one with a secret does in its authorization.
    pub(super) names_itself: bool,
    pub(super) clock: Arc<dyn Clock>,
}

impl Login {
    pub(super) fn token(&self, operation: &'static str, grant: &Grant) -> TokenRequest {
        // A code, or a refresh token that rotates, may be spent by a request whose answer is lost.
        let idempotency = match grant {
            Grant::ClientCredentials { .. } | Grant::DependentTokens { .. } => Idempotency::Safe,
            _ => Idempotency::Unsafe,
        };
        let call = self.core.post(operation, "v2/oauth2/token", &[]).form(self.form(grant.form()));
        TokenRequest {
            call: call.idempotency(idempotency).longest_answer(LONGEST_ANSWER),
            clock: self.clock.clone(),
        }
    }

    pub(super) fn refresh(&self, refresh_token: impl Into<Secret>) -> TokenRequest {
        self.token("oauth2_refresh_token", &Grant::refresh_token(refresh_token))
    }

    pub(super) fn client_credentials(&self, scopes: impl IntoScopes) -> TokenRequest {
        let (scope, usage_error) = match scopes.into_required_scope_string() {
            Ok(scope) => (scope, None),
            Err(err) => (String::new(), Some(err.to_string())),
        };
        let mut request = self.token("oauth2_client_credentials_tokens", &Grant::client_credentials(scope));
        if let Some(usage_error) = usage_error {
            request.call.set_usage_error(usage_error);
        }
        request
    }

    pub(super) fn revoke(&self, token: &Secret) -> Request<RevokedToken> {
        let mut form = FormFields::default();
        form.push("token", token);
        let call = self.core.post("oauth2_revoke_token", "v2/oauth2/token/revoke", &[]).form(self.form(form));
        call.idempotency(Idempotency::Safe).into()
    }

    pub(super) async fn verify_id_token(
        &self,
        tokens: &OAuthTokenResponse,
        nonce: Option<&str>,
    ) -> Result<IdTokenClaims, Error> {
        let usage = "the response has no ID token; ask for the scope `openid` at login";
        let id_token = tokens.id_token().ok_or_else(|| Error::new(ErrorKind::Usage, usage))?;
        let (configuration, keys) = key_set(&self.core).await?;
        let mut verifier = IdTokenVerifier::from_configuration(&configuration, &*self.client_id, keys);
        if let Some(nonce) = nonce {
            verifier = verifier.with_nonce(nonce);
        }
        verifier.verify(id_token, self.clock.now()).map_err(|err| {
            Error::with_source(ErrorKind::Decode, format!("the ID token is not accepted: {err}"), err)
        })
    }

    fn form(&self, mut form: FormFields) -> FormFields {
        if self.names_itself {
            form.push("client_id", &*self.client_id);
        }
        form
    }
}

/// Asks where Auth's endpoints are.
pub(in crate::auth) fn openid_configuration(core: &ClientCore) -> Request<OpenIdConfiguration> {
    core.get("get_openid_configuration", ".well-known/openid-configuration", &[])
        .staying_put()
        .longest_answer(LONGEST_ANSWER)
        .into()
}

/// Fetches Auth's keys from where its configuration says they are, which must be at Auth itself.
pub(in crate::auth) async fn key_set(
    core: &ClientCore,
) -> Result<(OpenIdConfiguration, JsonWebKeySet), Error> {
    let configuration = openid_configuration(core).await?;
    let path = configuration.jwks_uri.strip_prefix(core.base_url().as_str()).ok_or_else(|| {
        let (uri, base) = (&configuration.jwks_uri, core.base_url());
        Error::new(
            ErrorKind::Decode,
            format!("get_jwk: the keys are said to be at {uri}, which is not at {base}"),
        )
    })?;
    let keys = Request::<JsonWebKeySet>::new(
        core.get("get_jwk", path, &[]).staying_put().longest_answer(LONGEST_ANSWER),
    )
    .await?;
    Ok((configuration, keys))
}

/// A request whose answer is tokens.
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct TokenRequest {
    call: Call,
    clock: Arc<dyn Clock>,
}

impl TokenRequest {
    pub(super) fn call(&self) -> &Call {
        &self.call
    }

    pub(super) fn call_mut(&mut self) -> &mut Call {
        &mut self.call
    }

    call_settings!();

    async fn send(self) -> Result<OAuthTokenResponse, Error> {
        let response = self.call.send().await?;
        OAuthTokenResponse::from_json(response.body(), self.clock.now())
            .map_err(|err| response.error(ErrorKind::Decode, err.to_string()))
    }
}

impl IntoFuture for TokenRequest {
    type Output = Result<OAuthTokenResponse, Error>;
    type IntoFuture = ResponseFuture<OAuthTokenResponse>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
