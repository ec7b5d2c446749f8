//! One renewal at a time: who begins it, who waits for it, how it ends.

use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use globus_auth_core::UnixTime;
use tokio::runtime::Handle;
use tokio::sync::watch;

use super::Shared;
use super::underway::{Outcome, Underway, Waited};
use crate::{AuthorizationHeader, AuthorizerError, AuthorizerErrorKind};

/// The pause after a renewal in the background failed: this, then twice as long each time, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The running renewal, and what decides about the next.
#[derive(Debug, Default)]
pub(super) struct Landing {
    flight: Option<Underway>,
    failures: u32,
    /// The token that a service refused last, and its end.
    refused: Option<(AuthorizationHeader, UnixTime)>,
}

impl Shared {
    /// The header of the one renewal that runs, or of one that is begun for it.
    pub(super) async fn renewed(self: &Arc<Self>) -> Result<AuthorizationHeader, AuthorizerError> {
        loop {
            let flight = match self.board()? {
                Boarding::NotNeeded(header) => return Ok(header),
                Boarding::Wait(flight) => flight,
            };
            match flight.clone().landed().await {
                Waited::Landed(outcome) => return outcome.map(|held| held.header.clone()),
                Waited::Vanished => {
                    return Err(self.interrupted("its task ended without a result; try again"));
                }
                Waited::Stalled => self.give_up(&flight),
            }
        }
    }

    /// Begins a renewal for which nobody waits.
    pub(super) fn start_early(self: &Arc<Self>, runtime: &Handle) {
        let mut landing = self.landing();
        if landing.flight.is_none() {
            self.launch(&mut landing.flight, runtime).depart(landing);
        }
    }

    pub(super) fn is_under_way(&self) -> bool {
        self.landing().flight.is_some()
    }

    /// Waits until no renewal runs.
    pub(super) async fn landed(&self) {
        loop {
            let Some(flight) = self.landing().flight.clone() else { return };
            if let Waited::Stalled = flight.clone().landed().await {
                self.give_up(&flight);
            }
        }
    }

    /// Gives up the token in use if `header` is made of it.
    pub(super) fn forget(&self, header: &AuthorizationHeader) {
        let mut landing = self.landing();
        match self.held.load().as_ref() {
            Some(held) if held.header == *header => {
                landing.refused = Some((header.clone(), held.expires_at));
            }
            _ => return,
        }
        self.held.store(None);
        // No event under the lock: whoever takes it in may come back for a header.
        drop(landing);
        tracing::debug!(
            resource_server = self.settings.name(),
            header = header.value().fingerprint(),
            "the access token was refused"
        );
    }

    /// Whether a service refused this token. With a later end it is another, which an Auth for tests may give the same text.
    pub(super) fn was_refused(&self, header: &AuthorizationHeader, expires_at: UnixTime) -> bool {
        self.landing().refused.as_ref().is_some_and(|(refused, end)| refused == header && expires_at <= *end)
    }

    pub(super) fn interrupted(&self, why: &str) -> AuthorizerError {
        let name = self.settings.name();
        AuthorizerError::new(
            AuthorizerErrorKind::Interrupted,
            format!("the renewal of the access token for {name} was broken off: {why}"),
        )
    }

    fn landing(&self) -> MutexGuard<'_, Landing> {
        self.landing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves a renewal alone whose runtime stands still, so that another can begin. Should it go on one day, it finds the
    /// storage as another process would.
    fn give_up(&self, stalled: &Underway) {
        let mut landing = self.landing();
        if !landing.flight.as_ref().is_some_and(|flight| flight.is(stalled)) {
            return;
        }
        landing.flight = None;
        drop(landing);
        tracing::warn!(
            resource_server = self.settings.name(),
            "a renewal does not go on, since nothing drives the runtime on which it began; another one begins"
        );
    }

    fn board(self: &Arc<Self>) -> Result<Boarding, AuthorizerError> {
        let runtime = Handle::try_current()
            .map_err(|_| self.interrupted("there is no tokio runtime to run it; ask from inside one"))?;
        let mut landing = self.landing();
        // Look again: the renewal may have landed since the caller looked.
        if let Some(held) = &*self.held.load()
            && held.is_fresh(self.settings.clock.now())
        {
            return Ok(Boarding::NotNeeded(held.header.clone()));
        }
        if let Some(underway) = &landing.flight {
            return Ok(Boarding::Wait(underway.clone()));
        }
        let flight = self.launch(&mut landing.flight, &runtime);
        let underway = flight.underway.clone();
        flight.depart(landing);
        Ok(Boarding::Wait(underway))
    }

    fn launch(self: &Arc<Self>, slot: &mut Option<Underway>, runtime: &Handle) -> Flight {
        let (result, arrival) = watch::channel(None);
        let underway = Underway::new(arrival, runtime.clone());
        *slot = Some(underway.clone());
        Flight { shared: Arc::clone(self), result, underway, landed: false }
    }

    fn land(&self, flight: &Underway, outcome: &Outcome) {
        let mut landing = self.landing();
        if !landing.flight.as_ref().is_some_and(|current| current.is(flight)) {
            // Given up, and late. What it obtained is in the storage, or known; the token in use is another renewal's.
            return;
        }
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
                    held.postpone(now, pause);
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
    Wait(Underway),
}

/// A renewal on its way. However it ends, also by a panic or with its runtime, it lands.
struct Flight {
    shared: Arc<Shared>,
    result: watch::Sender<Option<Outcome>>,
    underway: Underway,
    landed: bool,
}

impl Flight {
    /// Takes the guard: a runtime that shuts down drops the task at once, which lands it, which locks.
    fn depart(self, landing: MutexGuard<'_, Landing>) {
        drop(landing);
        let runtime = self.underway.runtime().clone();
        runtime.spawn(self.fly());
    }

    async fn fly(mut self) {
        let outcome = self.shared.renew().await;
        self.land(outcome);
    }

    fn land(&mut self, outcome: Outcome) {
        self.landed = true;
        self.shared.land(&self.underway, &outcome);
        self.result.send_replace(Some(outcome));
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        if !self.landed {
            let why = "its task panicked, or its runtime shut down; try again";
            self.land(Err(self.shared.interrupted(why)));
        }
    }
}
