//! One renewal at a time: who begins it, who waits for it, how it ends.

use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use globus_auth_core::UnixTime;
use tokio::runtime::Handle;
use tokio::sync::watch;

use super::{Held, Shared};
use crate::{AuthorizationHeader, AuthorizerError, AuthorizerErrorKind};

/// The pause after a renewal in the background failed: this, then twice as long each time, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

type Outcome = Result<Arc<Held>, AuthorizerError>;
type Arrival = watch::Receiver<Option<Outcome>>;

/// The running renewal, and what decides about the next.
#[derive(Debug, Default)]
pub(super) struct Landing {
    flight: Option<Arrival>,
    failures: u32,
    refused: Option<AuthorizationHeader>,
}

impl Shared {
    /// The header of the one renewal that runs, or of one that is begun for it.
    pub(super) async fn renewed(self: &Arc<Self>) -> Result<AuthorizationHeader, AuthorizerError> {
        let mut arrival = match self.board()? {
            Boarding::NotNeeded(header) => return Ok(header),
            Boarding::Wait(arrival) => arrival,
        };
        match arrival.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(Ok(held))) => Ok(held.header.clone()),
            Ok(Some(Err(err))) => Err(err.clone()),
            _ => Err(interrupted("its task ended without a result")),
        }
    }

    /// Begins a renewal for which nobody waits.
    pub(super) fn start_early(self: &Arc<Self>, runtime: &Handle) {
        let mut landing = self.landing();
        if landing.flight.is_none() {
            self.launch(&mut landing.flight).depart(landing, runtime);
        }
    }

    /// Waits until no renewal runs.
    pub(super) async fn settled(&self) {
        loop {
            let Some(mut arrival) = self.landing().flight.clone() else { return };
            let _ = arrival.wait_for(Option::is_some).await;
        }
    }

    /// Gives up the token in use if `header` is made of it.
    pub(super) fn forget(&self, header: &AuthorizationHeader) {
        let mut landing = self.landing();
        if !self.held.load().as_ref().is_some_and(|held| held.header == *header) {
            return;
        }
        self.held.store(None);
        landing.refused = Some(header.clone());
        // No event under the lock: whoever takes it in may come back for a header.
        drop(landing);
        tracing::debug!(
            resource_server = self.settings.name(),
            header = header.value().fingerprint(),
            "the access token was refused"
        );
    }

    /// The header that a service refused last.
    pub(super) fn refused_header(&self) -> Option<AuthorizationHeader> {
        self.landing().refused.clone()
    }

    fn landing(&self) -> MutexGuard<'_, Landing> {
        self.landing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn board(self: &Arc<Self>) -> Result<Boarding, AuthorizerError> {
        let runtime =
            Handle::try_current().map_err(|_| interrupted("there is no tokio runtime to run it"))?;
        let mut landing = self.landing();
        // Look again: the renewal may have landed since the caller looked.
        if let Some(held) = &*self.held.load()
            && held.is_fresh(self.settings.clock.now())
        {
            return Ok(Boarding::NotNeeded(held.header.clone()));
        }
        if let Some(arrival) = &landing.flight {
            return Ok(Boarding::Wait(arrival.clone()));
        }
        let flight = self.launch(&mut landing.flight);
        let arrival = flight.arrival();
        flight.depart(landing, &runtime);
        Ok(Boarding::Wait(arrival))
    }

    fn launch(self: &Arc<Self>, slot: &mut Option<Arrival>) -> Flight {
        let (result, arrival) = watch::channel(None);
        *slot = Some(arrival);
        Flight { shared: Arc::clone(self), result, landed: false }
    }

    fn land(&self, outcome: &Outcome) {
        let mut landing = self.landing();
        landing.flight = None;
        match outcome {
            Ok(held) => {
                landing.failures = 0;
                self.held.store(Some(Arc::clone(held)));
            }
            Err(err) => {
                let pause = LONGEST_PAUSE.min(FIRST_PAUSE.saturating_mul(1 << landing.failures.min(10)));
                landing.failures = landing.failures.saturating_add(1);
                let now = self.settings.clock.now();
                if let Some(held) = &*self.held.load() {
                    held.postpone(now.saturating_add(pause));
                }
                drop(landing);
                self.report(err, now);
            }
        }
    }

    fn report(&self, err: &AuthorizerError, now: UnixTime) {
        let serving = self.held.load().as_ref().is_some_and(|held| held.is_fresh(now));
        tracing::warn!(
            resource_server = self.settings.name(),
            kind = ?err.kind(),
            serving,
            "the access token was not renewed: {err}"
        );
    }
}

enum Boarding {
    NotNeeded(AuthorizationHeader),
    Wait(Arrival),
}

/// A renewal on its way. However it ends, also by a panic or with its runtime, it lands.
struct Flight {
    shared: Arc<Shared>,
    result: watch::Sender<Option<Outcome>>,
    landed: bool,
}

impl Flight {
    fn arrival(&self) -> Arrival {
        self.result.subscribe()
    }

    /// Takes the guard: a runtime that shuts down drops the task at once, which lands it, which locks.
    fn depart(self, landing: MutexGuard<'_, Landing>, runtime: &Handle) {
        drop(landing);
        runtime.spawn(self.fly());
    }

    async fn fly(mut self) {
        let outcome = self.shared.renew().await;
        self.land(outcome);
    }

    fn land(&mut self, outcome: Outcome) {
        self.landed = true;
        self.shared.land(&outcome);
        self.result.send_replace(Some(outcome));
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        if !self.landed {
            self.land(Err(interrupted("its task panicked or its runtime shut down")));
        }
    }
}

pub(super) fn interrupted(why: &str) -> AuthorizerError {
    AuthorizerError::new(
        AuthorizerErrorKind::Interrupted,
        format!("the renewal of the access token was broken off: {why}; try again"),
    )
}
