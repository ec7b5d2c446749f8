//! One login for all who wait: who begins it, who joins it, how it ends.
//!
//! A need that comes while a login is still being got ready becomes part of it. One that comes later, and is not covered by what
//! was asked for, waits for the end, and then all such needs are for one next login. A login goes on as long as anybody waits for
//! it, and what it brings is stored even when nobody does any more.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use globus_auth_core::LoginDemand;
use globus_tokenstorage::TokenData;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::AppError;
use crate::core::Core;
use crate::login::LoginReason;

/// What a login is wanted for.
#[derive(Clone, Debug)]
pub(crate) struct Need {
    pub(crate) reason: LoginReason,
    pub(crate) demand: LoginDemand,
    /// The stored entries that will not do, by resource server.
    pub(crate) stale: BTreeMap<String, Option<TokenData>>,
    /// Whether a login by another process will not do.
    pub(crate) forced: bool,
    /// Whether it is worth a moment's wait for others: where one request meets a demand, its neighbours meet theirs.
    pub(crate) gathers: bool,
}

pub(crate) type Outcome = Result<(), AppError>;

/// For this long nobody else has to come before a login that gathers begins, and at most this long it waits.
const QUIET: Duration = Duration::from_millis(50);
const LONGEST_GATHERING: Duration = Duration::from_millis(500);

/// Demands that logins have met are remembered, up to so many.
const MOST_MET: usize = 100;

/// The login under way, and what former ones were for.
#[derive(Debug, Default)]
pub(crate) struct Board(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    flight: Option<Flight>,
    met: Vec<LoginDemand>,
}

#[derive(Debug)]
struct Flight {
    need: Need,
    /// Whether needs can still become part of it, and how many have.
    open: bool,
    joined: u32,
    passengers: Weak<Passengers>,
    landing: watch::Receiver<Option<Outcome>>,
}

/// Held by all who wait for a login. When the last one is gone, so is its sender, and the login is given up.
#[derive(Debug)]
struct Passengers(#[expect(dead_code, reason = "kept to be dropped")] watch::Sender<()>);

/// A place in a login under way.
struct Ticket {
    landing: watch::Receiver<Option<Outcome>>,
    _passengers: Arc<Passengers>,
}

enum Boarding {
    /// The login is for this need as well.
    Ride(Ticket),
    /// It is not, and has to end first.
    Wait(Ticket),
    Begin(Ticket, Departure),
}

/// What the task of a login needs.
struct Departure {
    landed: watch::Sender<Option<Outcome>>,
    abandoned: Abandoned,
}

/// Resolves when nobody waits for the login any more.
pub(crate) struct Abandoned(watch::Receiver<()>);

impl Abandoned {
    pub(crate) async fn wait(&mut self) {
        while self.0.changed().await.is_ok() {}
    }
}

impl Core {
    /// Waits for a login that is for `need`, and begins it where none is; unless `is_met` says that it is needless by now.
    pub(crate) async fn log_in(
        self: &Arc<Self>,
        need: Need,
        is_met: impl Fn() -> bool + Send + Sync,
    ) -> Result<(), AppError> {
        loop {
            if is_met() {
                return Ok(());
            }
            match self.board(&need).await? {
                None => return Ok(()),
                Some(Boarding::Ride(ticket)) => return ticket.landed().await,
                // Whoever refused this login would hardly like another prompt.
                Some(Boarding::Wait(ticket)) => ticket.landed().await?,
                Some(Boarding::Begin(ticket, departure)) => {
                    let runtime = Handle::try_current().map_err(|_| {
                        AppError::interrupted("a login needs a tokio runtime to run on; ask from inside one")
                    })?;
                    runtime.spawn(Login { core: Arc::clone(self), departure: Some(departure) }.run());
                    return ticket.landed().await;
                }
            }
        }
    }

    /// A place in the login under way, or a new one; nothing when another process has logged in where nobody can be asked here.
    async fn board(self: &Arc<Self>, need: &Need) -> Result<Option<Boarding>, AppError> {
        if let Some(boarding) = self.board.join(need) {
            return Ok(Some(boarding));
        }
        if let Some(user) = self.user()
            && !user.manager.is_available()
        {
            return self.settle_without_asking(need).await.map(|()| None);
        }
        Ok(Some(self.board.join_or_begin(need)))
    }
}

impl Board {
    /// Whether a login has met the demand since the app was made.
    pub(crate) fn has_met(&self, demand: &LoginDemand) -> bool {
        self.state().met.iter().any(|met| met.covers(demand))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn join(&self, need: &Need) -> Option<Boarding> {
        self.state().join(need)
    }

    fn join_or_begin(&self, need: &Need) -> Boarding {
        let mut state = self.state();
        if let Some(boarding) = state.join(need) {
            return boarding;
        }
        let (landed, landing) = watch::channel(None);
        let (sender, abandoned) = watch::channel(());
        let passengers = Arc::new(Passengers(sender));
        state.flight = Some(Flight {
            need: need.clone(),
            open: true,
            joined: 0,
            passengers: Arc::downgrade(&passengers),
            landing: landing.clone(),
        });
        let departure = Departure { landed, abandoned: Abandoned(abandoned) };
        Boarding::Begin(Ticket { landing, _passengers: passengers }, departure)
    }

    /// Waits until nobody new has come for a moment, where that is worth it, and closes the login to others.
    async fn close(&self, landing: &watch::Sender<Option<Outcome>>) -> Option<Need> {
        let began = Instant::now();
        let mut seen = None;
        loop {
            {
                let mut state = self.state();
                let flight = state.flight.as_mut().filter(|flight| flight.is_of(landing))?;
                let is_quiet = seen == Some(flight.joined);
                if !flight.need.gathers || is_quiet || began.elapsed() >= LONGEST_GATHERING {
                    flight.open = false;
                    return Some(flight.need.clone());
                }
                seen = Some(flight.joined);
            }
            sleep(QUIET).await;
        }
    }

    fn land(&self, landed: &watch::Sender<Option<Outcome>>, outcome: Outcome) {
        let mut state = self.state();
        if let Some(flight) = state.flight.take_if(|flight| flight.is_of(landed))
            && outcome.is_ok()
        {
            state.met.retain(|met| !flight.need.demand.covers(met));
            state.met.push(flight.need.demand);
            let too_many = state.met.len().saturating_sub(MOST_MET);
            state.met.drain(..too_many);
        }
        drop(state);
        landed.send_replace(Some(outcome));
    }
}

impl State {
    fn join(&mut self, need: &Need) -> Option<Boarding> {
        let flight = self.flight.as_mut()?;
        // All who waited for it are gone: it ends without having brought anything, and is none to wait for.
        let passengers = flight.passengers.upgrade()?;
        let ticket = Ticket { landing: flight.landing.clone(), _passengers: passengers };
        let is_for_both =
            if flight.open { flight.need.take_in(need) } else { flight.need.is_enough_for(need) };
        flight.joined = flight.joined.wrapping_add(1);
        Some(if is_for_both { Boarding::Ride(ticket) } else { Boarding::Wait(ticket) })
    }
}

impl Flight {
    fn is_of(&self, landing: &watch::Sender<Option<Outcome>>) -> bool {
        landing.subscribe().same_channel(&self.landing)
    }
}

impl Need {
    fn is_enough_for(&self, other: &Self) -> bool {
        self.demand.covers(&other.demand) && (self.forced || !other.forced)
    }

    /// Makes one need of two, if one login can be for both.
    fn take_in(&mut self, other: &Self) -> bool {
        let Some(demand) = self.demand.merged(&other.demand) else { return false };
        self.demand = demand;
        self.stale.extend(other.stale.clone());
        self.forced |= other.forced;
        self.gathers |= other.gathers;
        true
    }
}

impl Ticket {
    async fn landed(mut self) -> Outcome {
        match self.landing.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(outcome)) => outcome.clone(),
            _ => Err(broken_off()),
        }
    }
}

/// The task of a login. However it ends, also by a panic or with its runtime, it lands.
struct Login {
    core: Arc<Core>,
    departure: Option<Departure>,
}

impl Login {
    async fn run(mut self) {
        let Some(Departure { landed, abandoned }) = self.departure.take() else { return };
        let guard = Landing { core: Arc::clone(&self.core), landed, is_over: false };
        let Some(need) = self.core.board.close(&guard.landed).await else { return };
        let outcome = self.core.bring_about(&need, abandoned).await;
        guard.land(outcome);
    }
}

struct Landing {
    core: Arc<Core>,
    landed: watch::Sender<Option<Outcome>>,
    is_over: bool,
}

impl Landing {
    fn land(mut self, outcome: Outcome) {
        self.is_over = true;
        self.core.board.land(&self.landed, outcome);
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        if !self.is_over {
            self.core.board.land(&self.landed, Err(broken_off()));
        }
    }
}

fn broken_off() -> AppError {
    AppError::interrupted(
        "the login was broken off: its manager panicked, or its runtime was shut down; try again",
    )
}
