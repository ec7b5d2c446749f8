//! What an authorizer is told when it is made.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use globus_auth_core::{Clock, Scopes, Secret, SystemClock, TokenExchange, UnixTime};
use globus_tokenstorage::{TokenData, TokenStorage};

pub(crate) type OnRefresh = Arc<dyn Fn(&TokenData) + Send + Sync>;

#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) exchange: Arc<dyn TokenExchange>,
    pub(crate) source: GrantSource,
    /// `None`: whatever the only token of the answer is for.
    pub(crate) resource_server: Option<String>,
    pub(crate) storage: Option<Arc<dyn TokenStorage>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) refresh_ahead: Option<Duration>,
    pub(crate) on_refresh: Option<OnRefresh>,
    pub(crate) initial: Option<(Secret, UnixTime)>,
}

/// What is traded for an access token.
#[derive(Clone, Debug)]
pub(crate) enum GrantSource {
    /// A refresh token: this one at first, or the stored one.
    RefreshToken(Option<Secret>),
    /// The client itself, which needs nothing that could be lost.
    ClientCredentials { scope: String },
}

impl Settings {
    pub(crate) fn new(exchange: impl TokenExchange + 'static, source: GrantSource) -> Self {
        Self {
            exchange: Arc::new(exchange),
            source,
            resource_server: None,
            storage: None,
            clock: Arc::new(SystemClock),
            refresh_ahead: None,
            on_refresh: None,
            initial: None,
        }
    }

    pub(crate) fn resource_server(mut self, resource_server: impl Into<String>) -> Self {
        self.resource_server = Some(resource_server.into());
        self
    }

    pub(crate) fn storage(mut self, storage: impl TokenStorage + 'static) -> Self {
        self.storage = Some(Arc::new(storage));
        self
    }

    /// What errors and events call the token.
    pub(super) fn name(&self) -> &str {
        self.resource_server.as_deref().unwrap_or("the scopes asked for")
    }

    /// Whether a stored token allows all that is asked for. A refresh token brings the scopes of its login, whatever they are.
    pub(super) fn is_covered_by(&self, stored: &TokenData) -> bool {
        match &self.source {
            GrantSource::RefreshToken(_) => true,
            GrantSource::ClientCredentials { scope } => Scopes::parse(scope).is_ok_and(|wanted| {
                wanted.iter().all(|wanted| stored.scopes().any(|held| held == wanted.name()))
            }),
        }
    }

    /// Whether a stored token is not what a client obtains for itself, which has no refresh token, and no identity but the
    /// client's own, whose id is the client's.
    pub(super) fn is_foreign(&self, stored: &TokenData) -> bool {
        let is_another = |id: &String| !id.eq_ignore_ascii_case(self.exchange.client_id());
        matches!(self.source, GrantSource::ClientCredentials { .. })
            && (stored.refresh_token.is_some() || stored.identity_id.as_ref().is_some_and(is_another))
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("exchange", &self.exchange)
            .field("source", &self.source)
            .field("resource_server", &self.resource_server)
            .field("storage", &self.storage)
            .field("clock", &self.clock)
            .field("refresh_ahead", &self.refresh_ahead)
            .finish_non_exhaustive()
    }
}
