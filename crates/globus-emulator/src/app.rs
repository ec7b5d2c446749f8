//! What all parts of the emulator share.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use crate::auth::AuthState;
use crate::clock::Clock;
use crate::error::Result;
use crate::faults::{Fault, Faults};
use crate::groups::GroupsState;
use crate::http::Hosts;
use crate::ids::Ids;
use crate::journal::Journal;
use crate::lock::lock;
use crate::transfer::{Pace, TransferState};
use crate::world::World;

/// How the emulator behaves, as far as its user decides.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) token_lifetime: Duration,
    pub(crate) rotate_refresh_tokens: bool,
    /// Bytes per second of all tasks of one emulator together; `None` for as fast as it goes.
    pub(crate) transfer_rate: Option<u64>,
    /// How long a task waits before it tries again what failed.
    pub(crate) retry_interval: Duration,
    /// Where the clock starts, before the wall clock.
    pub(crate) clock_offset_millis: i64,
    /// The faults that are there from the start.
    pub(crate) faults: Vec<Fault>,
    pub(crate) hosts: Hosts,
}

/// The whole state of one emulator.
#[derive(Debug)]
pub(crate) struct App {
    /// `http://127.0.0.1:PORT`, without a slash.
    pub(crate) origin: String,
    pub(crate) settings: Settings,
    pub(crate) world: World,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) journal: Journal,
    pub(crate) faults: Faults,
    pub(crate) auth: Mutex<AuthState>,
    pub(crate) groups: Mutex<GroupsState>,
    pub(crate) transfer: Mutex<TransferState>,
    /// How fast the bytes of all tasks may move.
    pub(crate) pace: Pace,
    /// Wakes tasks that wait: the clock moved, a task was cancelled, or the emulator stops.
    pub(crate) wake: Notify,
    /// Held shared while a request is served, and alone while everything goes back to the start.
    pub(crate) serving: tokio::sync::RwLock<()>,
    issued: Mutex<Vec<String>>,
    stopping: AtomicBool,
}

impl App {
    pub(crate) fn new(
        origin: String,
        settings: Settings,
        mut ids: Ids,
        world: World,
        clock: Clock,
    ) -> Result<Self> {
        ids.started();
        let app = Self {
            auth: Mutex::new(world.auth(&clock)),
            groups: Mutex::new(world.groups()),
            transfer: Mutex::new(world.transfer()),
            pace: Pace::default(),
            origin,
            settings,
            clock,
            journal: Journal::default(),
            faults: Faults::new(ids.seed()),
            ids,
            serving: tokio::sync::RwLock::new(()),
            wake: Notify::new(),
            issued: Mutex::default(),
            stopping: AtomicBool::new(false),
            world,
        };
        app.steer_as_at_start()?;
        Ok(app)
    }

    /// Clock, faults, journal and the list of secrets as they are at the start.
    pub(crate) fn steer_as_at_start(&self) -> Result<()> {
        self.clock.set_offset(self.settings.clock_offset_millis);
        self.journal.reset();
        self.faults.reset();
        lock(&self.issued).clear();
        self.note_secret(&self.world.client_secret);
        self.settings.faults.iter().try_for_each(|fault| self.faults.add(fault.clone()).map(drop))
    }

    /// Remembers a secret that was given out, so that tests can look for leaks.
    pub(crate) fn note_secret(&self, secret: &str) {
        lock(&self.issued).push(secret.to_owned());
    }

    pub(crate) fn issued_secrets(&self) -> Vec<String> {
        lock(&self.issued).clone()
    }

    /// The page that shows a code for people to copy.
    pub(crate) fn display_page(&self) -> String {
        format!("{}/v2/web/auth-code", self.origin)
    }

    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        self.wake.notify_waiters();
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }
}
