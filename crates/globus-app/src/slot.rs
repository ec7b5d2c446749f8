//! [`Slot`]: the tokens for one resource server, as one app uses them.

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use globus_auth_core::Secret;
use globus_authorizers::{
    AuthorizationHeader, Authorizer, AuthorizerError, ClientCredentialsAuthorizer, RefreshTokenAuthorizer,
};
use globus_tokenstorage::TokenData;

use crate::requirements::Requirement;

/// Shared by all clients of the app that use the resource server.
pub(crate) struct Slot {
    pub(crate) resource_server: Arc<str>,
    pub(crate) requirement: Arc<Requirement>,
    ready: ArcSwapOption<Ready>,
    /// Held while the stored tokens are looked at, so that they are for all who wait.
    pub(crate) looking: tokio::sync::Mutex<()>,
}

/// What gives headers, since the stored tokens were found to be good.
pub(crate) struct Ready {
    pub(crate) engine: Engine,
    /// Of the requirement that they were found to meet.
    pub(crate) version: u64,
    /// The tokens as they were.
    pub(crate) entry: Option<TokenData>,
}

/// The authorizers that renew, of which each kind of app has its own.
#[derive(Clone, Debug)]
pub(crate) enum Engine {
    User(RefreshTokenAuthorizer),
    Client(ClientCredentialsAuthorizer),
}

impl Slot {
    pub(crate) fn new(resource_server: &str, requirement: Arc<Requirement>) -> Self {
        let looking = tokio::sync::Mutex::new(());
        Self { resource_server: resource_server.into(), requirement, ready: ArcSwapOption::empty(), looking }
    }

    /// What gives headers now, if that is known. It takes no lock.
    pub(crate) fn ready(&self) -> Option<Arc<Ready>> {
        self.ready.load_full().filter(|ready| ready.version == self.requirement.version())
    }

    /// The same without counting references, for each request.
    pub(crate) fn current_header(&self) -> Option<AuthorizationHeader> {
        let ready = self.ready.load();
        let ready = ready.as_ref()?;
        (ready.version == self.requirement.version()).then(|| ready.engine.get().current_header())?
    }

    /// The engine in use, also where the requirement has changed since.
    pub(crate) fn engine(&self) -> Option<Engine> {
        self.ready.load().as_ref().map(|ready| ready.engine.clone())
    }

    pub(crate) fn set(&self, ready: Ready) -> Arc<Ready> {
        let ready = Arc::new(ready);
        self.ready.store(Some(Arc::clone(&ready)));
        ready
    }

    /// Whoever asks next looks at what is stored.
    pub(crate) fn reset(&self) {
        self.ready.store(None);
    }

    /// The same, unless somebody has looked since.
    pub(crate) fn reset_if(&self, ready: &Arc<Ready>) {
        self.ready.compare_and_swap(ready, None);
    }
}

impl Engine {
    pub(crate) fn get(&self) -> &dyn Authorizer {
        match self {
            Self::User(engine) => engine,
            Self::Client(engine) => engine,
        }
    }

    /// There is always a header, or an error.
    pub(crate) async fn header(&self) -> Result<Option<AuthorizationHeader>, AuthorizerError> {
        self.get().authorization_header().await
    }

    pub(crate) fn is_settled(&self) -> bool {
        match self {
            Self::User(engine) => engine.is_settled(),
            Self::Client(engine) => engine.is_settled(),
        }
    }

    /// The access token in use, whether it has ended or not.
    pub(crate) fn access_token(&self) -> Option<Secret> {
        let header = match self {
            Self::User(engine) => engine.held_header(),
            Self::Client(engine) => engine.held_header(),
        };
        header?.value().expose().strip_prefix("Bearer ").map(Secret::from)
    }

    pub(crate) async fn settle(&self) {
        match self {
            Self::User(engine) => engine.settle().await,
            Self::Client(engine) => engine.settle().await,
        }
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot")
            .field("resource_server", &self.resource_server)
            .field("requirement", &self.requirement)
            .finish_non_exhaustive()
    }
}
