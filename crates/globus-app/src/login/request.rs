//! [`LoginRequest`]: a login that somebody is to be brought to.

use std::fmt;
use std::sync::Arc;

use globus_auth_core::login::{LoginError, LoginFlow, LoginFlowBuilder};
use globus_auth_core::{LoginDemand, Scopes};

use super::LoginReason;
use crate::LoginClient;

/// A login that a [`LoginFlowManager`](super::LoginFlowManager) is to bring somebody to. A clone is of the same login.
#[derive(Clone)]
pub struct LoginRequest(Arc<Wanted>);

pub(crate) struct Wanted {
    pub(crate) app_name: String,
    pub(crate) client: LoginClient,
    pub(crate) redirect_uri: Option<String>,
    pub(crate) refresh_tokens: bool,
    pub(crate) named_grant: Option<String>,
    pub(crate) scopes: Scopes,
    pub(crate) demand: LoginDemand,
    pub(crate) reason: LoginReason,
}

impl LoginRequest {
    pub(crate) fn new(wanted: Wanted) -> Self {
        Self(Arc::new(wanted))
    }

    /// The app's name, for the person who logs in.
    pub fn app_name(&self) -> &str {
        &self.0.app_name
    }

    /// The id of the login client.
    pub fn client_id(&self) -> &str {
        self.0.client.client_id()
    }

    /// Whether the login client is native. Such a client may be sent back to any port of this machine; a confidential one only to
    /// what is registered for it.
    pub fn is_native(&self) -> bool {
        self.0.client.is_native()
    }

    /// The redirect URI that the app was told to use, which is to be used then.
    pub fn redirect_uri(&self) -> Option<&str> {
        self.0.redirect_uri.as_deref()
    }

    /// All scopes that are asked for, those that a service demands included.
    pub fn scopes(&self) -> &Scopes {
        &self.0.scopes
    }

    /// What a service, or the caller of `login`, demands of this login alone.
    pub fn demand(&self) -> &LoginDemand {
        &self.0.demand
    }

    /// Why somebody has to log in.
    pub fn reason(&self) -> &LoginReason {
        &self.0.reason
    }

    /// Begins a flow that sends the browser to the redirect URI that the app was told to use, or else to Auth's own page, which
    /// shows a code to be pasted. Nothing is sent.
    ///
    /// # Errors
    /// When the redirect URI is not valid, or there is no randomness.
    pub fn start_flow(&self) -> Result<LoginFlow, LoginError> {
        self.flow_builder().start()
    }

    /// Begins a flow that sends the browser to `redirect_uri`.
    ///
    /// # Errors
    /// As [`start_flow`](Self::start_flow).
    pub fn start_flow_to(&self, redirect_uri: impl Into<String>) -> Result<LoginFlow, LoginError> {
        self.flow_builder().redirect_uri(redirect_uri).start()
    }

    /// The flow before it begins, for what the other methods have no argument for.
    pub fn flow_builder(&self) -> LoginFlowBuilder {
        let wanted = &*self.0;
        let builder = wanted.client.start_flow(wanted.redirect_uri.as_deref(), &wanted.scopes);
        let builder = builder.refresh_tokens(wanted.refresh_tokens).session(&wanted.demand);
        match &wanted.named_grant {
            Some(name) => builder.prefill_named_grant(name),
            None => builder,
        }
    }
}

impl fmt::Debug for LoginRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginRequest")
            .field("app_name", &self.0.app_name)
            .field("client_id", &self.client_id())
            .field("scopes", &self.0.scopes)
            .field("demand", &self.0.demand)
            .field("reason", &self.0.reason)
            .finish_non_exhaustive()
    }
}
