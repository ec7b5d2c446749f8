//! The renewal engine: one token in use, replaced by at most one renewal at a time.
//!
//! ```text
//! fresh                      serve
//! in the early window        serve, and start a renewal in the background if none runs
//! expired, refused, none     wait for the one renewal, and share its result
//! ```
//!
//! Reading a fresh header takes no lock. A renewal is a task of its own, so that no caller's cancellation ends it between the
//! exchange and the write. The only locks held are a mutex for the instant in which a renewal begins or ends, and the
//! storage's lock during a renewal. What the storage did not take is kept in memory, and stored by a task that tries again.

mod flight;
mod held;
mod knowledge;
mod renew;
mod settings;
mod store;
mod trade;
mod underway;
mod unsaved;

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use globus_auth_core::UnixTime;
use globus_tokenstorage::TokenData;
use tokio::runtime::Handle;

use self::flight::Landing;
pub use self::held::LEAST_TOKEN_LIFE;
use self::held::{Held, Look};
use self::knowledge::Knowledge;
pub(crate) use self::settings::{GrantSource, Settings};
use self::unsaved::Retry;
use crate::{AuthorizationHeader, AuthorizerError};

/// A clone shares the token and the renewals.
#[derive(Clone)]
pub(crate) struct Engine(Arc<Shared>);

struct Shared {
    settings: Settings,
    held: ArcSwapOption<Held>,
    /// Locked to begin and to end a renewal, and to change `held`; never across an `await`.
    landing: Mutex<Landing>,
    /// Used by the running renewal, and where its tokens are stored later.
    knowledge: Mutex<Knowledge>,
    retry: Mutex<Option<Retry>>,
}

impl Engine {
    pub(crate) fn new(settings: Settings) -> Self {
        let initial = settings.initial.as_ref().map(|(access_token, expires_at)| {
            let data = TokenData::new(settings.name(), "", access_token.clone(), *expires_at);
            Arc::new(Held::new(&data, settings.clock.now(), settings.refresh_ahead))
        });
        Self(Arc::new(Shared {
            settings,
            held: ArcSwapOption::new(initial),
            landing: Mutex::default(),
            knowledge: Mutex::default(),
            retry: Mutex::default(),
        }))
    }

    /// An engine with other settings. It starts anew: it shares nothing with this one.
    pub(crate) fn configure(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = self.0.settings.clone();
        change(&mut settings);
        Self::new(settings)
    }

    pub(crate) fn current_header(&self) -> Option<AuthorizationHeader> {
        let held = self.0.held.load();
        let held = held.as_ref()?;
        let now = self.0.settings.clock.now();
        match held.look(now) {
            Look::Serve => {}
            Look::ServeAndRenew => self.renew_early(held, now),
            Look::Replace => return None,
        }
        Some(held.header.clone())
    }

    pub(crate) async fn authorization_header(&self) -> Result<AuthorizationHeader, AuthorizerError> {
        match self.current_header() {
            Some(header) => Ok(header),
            None => self.0.renewed().await,
        }
    }

    pub(crate) fn refused(&self, header: &AuthorizationHeader) -> bool {
        self.0.forget(header);
        true
    }

    pub(crate) async fn settle(&self) {
        self.0.landed().await;
        self.0.save_at_last().await;
    }

    pub(crate) fn is_settled(&self) -> bool {
        // In this order: what a renewal leaves to be stored is known before it lands.
        !self.0.is_under_way()
            && (self.0.settings.storage.is_none() || self.0.knowledge().unsaved().is_none())
    }

    pub(crate) fn held_header(&self) -> Option<AuthorizationHeader> {
        self.0.held.load().as_ref().map(|held| held.header.clone())
    }

    fn renew_early(&self, held: &Held, now: UnixTime) {
        match Handle::try_current() {
            Ok(runtime) => self.0.start_early(&runtime),
            // Nothing to run it on here; the next caller may have a runtime.
            Err(_) => held.postpone(now, Duration::ZERO),
        }
    }
}

/// How long one step of a renewal may take: reading, waiting for the storage's lock, the exchange, the write.
const STEP_LIMIT: Duration = Duration::from_secs(300);

/// What the step comes to, if it does in time.
async fn limited<F: Future<Output: Send> + Send>(step: F) -> Option<F::Output> {
    tokio::time::timeout(STEP_LIMIT, step).await.ok()
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("settings", &self.0.settings)
            .field("held", &self.0.held.load())
            .finish_non_exhaustive()
    }
}
