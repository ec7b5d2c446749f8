//! Requests of the login clients about tokens.

use std::future::IntoFuture;

use globus_auth_core::{FormFields, Grant, IntoScopes, OAuthTokenResponse, Secret};
use globus_transport::{Error, Idempotency};

use super::TokenRequest;
use super::tokens::Login;
use crate::ClientCore;
use crate::auth::{RevokedToken, TokenIntrospection};
use crate::request::{Call, ResponseFuture, call_settings, request};

/// [`ConfidentialAppAuthClient::oauth2_get_dependent_tokens`](crate::auth::ConfidentialAppAuthClient::oauth2_get_dependent_tokens).
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct Oauth2GetDependentTokens(TokenRequest);

impl Oauth2GetDependentTokens {
    pub(super) fn new(login: &Login, token: Secret) -> Self {
        let grant = Grant::dependent_tokens(token);
        Self(login.token("oauth2_get_dependent_tokens", &grant))
    }

    /// Only tokens for these scopes; for all that the token's own scope depends on, when not given.
    pub fn scope(mut self, scopes: impl IntoScopes) -> Self {
        self.call_mut().set_form_field("scope", Secret::from(scopes.into_scope_string()));
        self
    }

    /// Whether refresh tokens are wanted as well; they are not, when not given.
    pub fn refresh_tokens(mut self, refresh_tokens: bool) -> Self {
        self.call_mut().set_form_field("access_type", refresh_tokens.then(|| Secret::from("offline")));
        self
    }

    /// Sets a field of the form that this version does not know, in the place of one of that name.
    pub fn body_param(self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        Self(self.0.body_param(name, value))
    }

    fn call(&self) -> &Call {
        self.0.call()
    }

    fn call_mut(&mut self) -> &mut Call {
        self.0.call_mut()
    }

    call_settings!();
}

impl IntoFuture for Oauth2GetDependentTokens {
    type Output = Result<OAuthTokenResponse, Error>;
    type IntoFuture = ResponseFuture<OAuthTokenResponse>;

    fn into_future(self) -> Self::IntoFuture {
        self.0.into_future()
    }
}

request! {
    /// [`ConfidentialAppAuthClient::oauth2_token_introspect`](crate::auth::ConfidentialAppAuthClient::oauth2_token_introspect).
    pub struct Oauth2TokenIntrospect => TokenIntrospection {
        /// What the answer holds beyond the token itself: `identity_set`, `session_info`.
        form include: many as form_list;
    }
}

impl Oauth2TokenIntrospect {
    pub(super) fn new(core: &ClientCore, token: Secret) -> Self {
        let mut form = FormFields::default();
        form.push("token", token);
        let call = core.post("oauth2_token_introspect", "v2/oauth2/token/introspect", &[]).form(form);
        call.idempotency(Idempotency::Safe).into()
    }
}

request! {
    /// `oauth2_revoke_token` of the login clients.
    pub struct Oauth2RevokeToken => RevokedToken {}
}

impl Oauth2RevokeToken {
    pub(super) fn new(login: &Login, token: Secret) -> Self {
        let mut form = FormFields::default();
        form.push("token", token);
        let call =
            login.core.post("oauth2_revoke_token", "v2/oauth2/token/revoke", &[]).form(login.form(form));
        call.idempotency(Idempotency::Safe).into()
    }

    /// Sets a field of the form that this version does not know, in the place of one of that name.
    pub fn body_param(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.call_mut().set_form_field(name.into(), value.into());
        self
    }
}
