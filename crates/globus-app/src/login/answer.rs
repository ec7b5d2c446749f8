//! [`LoginAnswer`]: what a login brought.

use std::fmt;

use globus_auth_core::login::LoginFlow;
use globus_auth_core::{OAuthTokenResponse, Secret};

/// What a login brought: the code that the person pasted, the address to which the browser was sent, or the tokens.
#[derive(Clone)]
pub struct LoginAnswer(Brought);

#[derive(Clone)]
pub(crate) enum Brought {
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

    pub(crate) fn into_brought(self) -> Brought {
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
