//! [`LoginAnswer`]: what a login brought.

use std::fmt;

use globus_auth_core::login::{LoginError, LoginFlow};
use globus_auth_core::{OAuthTokenResponse, Scope, Scopes, Secret};

use crate::log_in::Required;

/// What a login brought: the code that the person pasted, the address to which the browser was sent, or the tokens.
#[derive(Clone)]
pub struct LoginAnswer(Brought);

#[derive(Clone)]
pub(super) enum Brought {
    Code(LoginFlow, Secret),
    Callback(LoginFlow, Secret),
    Tokens(OAuthTokenResponse),
}

impl LoginAnswer {
    /// The code that `flow` ended with, as the person pasted it.
    pub fn code(flow: LoginFlow, code: impl Into<Secret>) -> Self {
        Self(Brought::Code(flow, code.into()))
    }

    /// The URL to which `flow` sent the browser, or the query of it. The app compares its state.
    pub fn callback(flow: LoginFlow, callback: impl Into<Secret>) -> Self {
        Self(Brought::Callback(flow, callback.into()))
    }

    /// The tokens, where the manager has traded the code itself.
    pub fn tokens(tokens: OAuthTokenResponse) -> Self {
        Self(Brought::Tokens(tokens))
    }

    /// What of `required` the login was asked for; nothing is known of tokens that were traded elsewhere.
    pub(crate) fn asked_for(&self, required: Required) -> Required {
        let flow = match &self.0 {
            Brought::Code(flow, _) | Brought::Callback(flow, _) => flow,
            Brought::Tokens(_) => return Required::new(),
        };
        let asked = Scopes::parse(flow.scope()).unwrap_or_default();
        let is_asked = |scope: &&Scope| asked.iter().any(|asked| asked.name() == scope.name());
        let of_one = |(name, scopes): (String, Scopes)| {
            Some((name, Scopes::from_trees(scopes.iter().filter(is_asked)).ok()?))
        };
        required.into_iter().filter_map(of_one).filter(|(_, scopes)| !scopes.is_empty()).collect()
    }

    /// The flow whose code somebody may have mistyped.
    pub(crate) fn flow_of_code(&self) -> Option<&LoginFlow> {
        match &self.0 {
            Brought::Code(flow, _) => Some(flow),
            _ => None,
        }
    }

    pub(crate) async fn trade(self) -> Result<OAuthTokenResponse, LoginError> {
        match self.0 {
            Brought::Code(flow, code) => flow.exchange_code_for_tokens(code.expose()).await,
            Brought::Callback(flow, callback) => flow.exchange_callback(callback.expose()).await,
            Brought::Tokens(tokens) => Ok(tokens),
        }
    }

    #[cfg(all(test, feature = "login"))]
    pub(super) fn into_brought(self) -> Brought {
        self.0
    }
}

impl fmt::Debug for LoginAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Brought::Code(flow, code) => f.debug_tuple("Code").field(flow).field(code).finish(),
            Brought::Callback(flow, callback) => {
                f.debug_tuple("Callback").field(flow).field(callback).finish()
            }
            Brought::Tokens(tokens) => f.debug_tuple("Tokens").field(tokens).finish(),
        }
    }
}
