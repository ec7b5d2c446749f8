//! What both login clients share: the token endpoint, and how its answers are read.

use std::future::IntoFuture;
use std::sync::Arc;

use globus_auth_core::id_token::{IdTokenClaims, IdTokenVerifier};
use globus_auth_core::login::PendingLogin;
use globus_auth_core::{Clock, FormFields, Grant, IntoScopes, OAuthTokenResponse, Secret};
use globus_transport::{Error, ErrorKind, Idempotency};

use crate::ClientCore;
use crate::auth::keys::key_set;
use crate::request::{Call, ResponseFuture, call_settings};

/// In bytes. Tokens take a few thousand.
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
        self.token_form(operation, self.form(grant.form()), idempotency)
    }

    pub(super) fn token_form(
        &self,
        operation: &'static str,
        form: FormFields,
        idempotency: Idempotency,
    ) -> TokenRequest {
        let call = self.core.post(operation, "v2/oauth2/token", &[]).form(form);
        TokenRequest {
            call: call.idempotency(idempotency).longest_answer(LONGEST_ANSWER),
            clock: self.clock.clone(),
        }
    }

    pub(super) fn code(&self, login: &PendingLogin, code: &Secret) -> TokenRequest {
        let code = code.expose().trim();
        let verifier = login.code_verifier.clone();
        let grant = Grant::authorization_code(code, &*login.redirect_uri, verifier);
        let mut request = self.token("oauth2_exchange_code_for_tokens", &grant);
        if code.is_empty() {
            request.call.set_usage_error("the login code is empty".to_owned());
        }
        request
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

    pub(super) fn form(&self, mut form: FormFields) -> FormFields {
        if self.names_itself {
            form.push("client_id", &*self.client_id);
        }
        form
    }
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

    /// Sets a field of the form that this version does not know, in the place of one of that name.
    pub fn body_param(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.call.set_form_field(name.into(), value.into());
        self
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
