//! Requests of a confidential client that have optional parameters.

use std::future::IntoFuture;

use globus_auth_core::{FormFields, Grant, IntoScopes, OAuthTokenResponse, Secret};
use globus_transport::{Error, Idempotency};

use super::tokens::Login;
use crate::ClientCore;
use crate::auth::TokenIntrospection;
use crate::request::{Request, ResponseFuture};

/// [`ConfidentialAppAuthClient::oauth2_get_dependent_tokens`](super::ConfidentialAppAuthClient::oauth2_get_dependent_tokens).
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct GetDependentTokens {
    login: Login,
    token: Secret,
    scope: Option<String>,
    refresh_tokens: bool,
}

impl GetDependentTokens {
    pub(super) fn new(login: Login, token: Secret) -> Self {
        Self { login, token, scope: None, refresh_tokens: false }
    }

    /// Only tokens for these scopes; for all that the token's own scope depends on, when not given.
    pub fn scope(mut self, scopes: impl IntoScopes) -> Self {
        self.scope = Some(scopes.into_scope_string());
        self
    }

    /// Whether refresh tokens are wanted as well.
    pub fn refresh_tokens(mut self, refresh_tokens: bool) -> Self {
        self.refresh_tokens = refresh_tokens;
        self
    }
}

impl IntoFuture for GetDependentTokens {
    type Output = Result<OAuthTokenResponse, Error>;
    type IntoFuture = ResponseFuture<OAuthTokenResponse>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { login, token, scope, refresh_tokens } = self;
        let grant = Grant::DependentTokens { token, scope, refresh_tokens };
        login.token("oauth2_get_dependent_tokens", &grant).into_future()
    }
}

/// [`ConfidentialAppAuthClient::oauth2_token_introspect`](super::ConfidentialAppAuthClient::oauth2_token_introspect).
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct IntrospectToken {
    core: ClientCore,
    token: Secret,
    include: Vec<String>,
}

impl IntrospectToken {
    pub(super) fn new(core: ClientCore, token: Secret) -> Self {
        Self { core, token, include: Vec::new() }
    }

    /// What the answer holds beyond the token itself: `identity_set`, `session_info`.
    pub fn include(mut self, parts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.include.extend(parts.into_iter().map(Into::into));
        self
    }
}

impl IntoFuture for IntrospectToken {
    type Output = Result<TokenIntrospection, Error>;
    type IntoFuture = ResponseFuture<TokenIntrospection>;

    fn into_future(self) -> Self::IntoFuture {
        let mut form = FormFields::default();
        form.push("token", self.token);
        if !self.include.is_empty() {
            form.push("include", self.include.join(","));
        }
        let call = self.core.post("oauth2_token_introspect", "v2/oauth2/token/introspect", &[]).form(form);
        Request::new(call.idempotency(Idempotency::Safe)).into_future()
    }
}
