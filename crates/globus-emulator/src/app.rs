//! What all parts of the emulator share.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
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
use crate::keys::{self, Key};
use crate::lock::lock;
use crate::store::{Beginning, Change, Database, Kept as _, NAME, Own, Writer};
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
    own: Mutex<Own>,
    pub(crate) auth: Mutex<AuthState>,
    pub(crate) groups: Mutex<GroupsState>,
    pub(crate) transfer: Mutex<TransferState>,
    /// How fast the bytes of all tasks may move.
    pub(crate) pace: Pace,
    /// Wakes tasks that wait: the clock moved, a task was cancelled, or the emulator stops.
    pub(crate) wake: Notify,
    /// Held shared while a request is served, and alone while everything goes back to the start.
    pub(crate) serving: tokio::sync::RwLock<()>,
    /// The key of this emulator, when it is kept; otherwise all of a process share one.
    key: Mutex<Option<Arc<Key>>>,
    writer: Option<Arc<Writer>>,
    issued: Mutex<Vec<String>>,
    stopping: AtomicBool,
}

impl App {
    pub(crate) fn new(
        origin: String,
        settings: Settings,
        beginning: Beginning,
    ) -> Result<(Self, Option<Database>)> {
        let Beginning { state, world, mut ids, clock_offset_millis, key, disk } = beginning;
        let (database, changes) = disk.unzip();
        ids.started();
        let app = Self {
            own: Mutex::new(state.own),
            auth: Mutex::new(state.auth),
            groups: Mutex::new(state.groups),
            transfer: Mutex::new(state.transfer),
            pace: Pace::default(),
            origin,
            settings,
            clock: Clock::default(),
            key: Mutex::new(key.map(Arc::new)),
            writer: changes.map(Writer::new),
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
        if let (Some(millis), 0) = (clock_offset_millis, app.settings.clock_offset_millis) {
            app.move_clock(|clock| clock.set_offset(millis));
        }
        for secret in lock(&app.auth).secrets() {
            app.note_secret(secret);
        }
        Ok((app, database))
    }

    /// Clock, faults, journal and the list of secrets as they are at the start.
    pub(crate) fn steer_as_at_start(&self) -> Result<()> {
        self.move_clock(|clock| clock.set_offset(self.settings.clock_offset_millis));
        self.journal.reset();
        self.faults.reset();
        lock(&self.issued).clear();
        self.note_secret(&self.world.client_secret);
        self.settings.faults.iter().try_for_each(|fault| self.faults.add(fault.clone()).map(drop))
    }

    /// Moves the clock, for good.
    pub(crate) fn move_clock(&self, change: impl FnOnce(&Clock)) {
        change(&self.clock);
        lock(&self.own).set_clock_offset(self.clock.offset_millis());
        self.wake.notify_waiters();
    }

    /// Starts to write what changes to the database.
    pub(crate) fn keep(self: &Arc<Self>, database: Database) -> io::Result<Option<JoinHandle<()>>> {
        let Some(writer) = &self.writer else { return Ok(None) };
        let app = Arc::clone(self);
        writer.start(database, move |out| app.take_changes(out)).map(Some)
    }

    fn take_changes(&self, out: &mut Vec<Change>) -> serde_json::Result<()> {
        lock(&self.own).take(&format!("{NAME}.own"), out)?;
        lock(&self.auth).take(&format!("{NAME}.auth"), out)?;
        lock(&self.groups).take(&format!("{NAME}.groups"), out)?;
        lock(&self.transfer).take(&format!("{NAME}.transfer"), out)
    }

    /// Waits until all that was changed so far is on disk, if anything is kept at all.
    pub(crate) async fn settle(&self) -> Result<(), String> {
        match &self.writer {
            Some(writer) => writer.settle().await,
            None => Ok(()),
        }
    }

    /// Lets the writer write what is left, and end.
    pub(crate) fn end_keeping(&self) {
        if let Some(writer) = &self.writer {
            writer.end();
        }
    }

    /// The key that signs ID tokens, once it is made; `None` if that failed.
    pub(crate) async fn key(&self) -> Option<Arc<Key>> {
        if self.writer.is_none() {
            return keys::key().await;
        }
        if let Some(key) = lock(&self.key).clone() {
            return Some(key);
        }
        let made = keys::key().await?;
        let mut key = lock(&self.key);
        if key.is_none() {
            lock(&self.own).set_key(&made);
        }
        Some(Arc::clone(key.get_or_insert(made)))
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
