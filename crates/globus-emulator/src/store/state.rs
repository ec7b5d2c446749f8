//! The state of all services together, and how it begins.

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::database::Database;
use super::kept::{Kept as _, tables};
use super::table::{Changes, Table};
use crate::auth::AuthState;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::{Error, ErrorKind, Result};
use crate::groups::GroupsState;
use crate::ids::Ids;
use crate::keys::Key;
use crate::transfer::TransferState;
use crate::world::World;

tables! {
    /// What belongs to no service: the settings that stay the same across a restart, by name.
    pub(crate) struct Own {
        settings: Table<Value>,
    }
}

/// Names of settings.
const WORLD: &str = "world";
const DIRECTORY: &str = "directory";
const STARTS: &str = "starts";
const CLOCK_OFFSET: &str = "clock_offset_millis";
const SIGNING_KEY: &str = "signing_key";

impl Own {
    fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        self.settings.get(name).and_then(|value| T::deserialize(value).ok())
    }

    fn set(&mut self, name: &str, value: &impl Serialize) {
        // Texts, numbers and structs of them: each of them is a JSON value.
        if let Ok(value) = serde_json::to_value(value) {
            self.settings.insert(name.to_owned(), value);
        }
    }

    pub(crate) fn set_clock_offset(&mut self, millis: i64) {
        self.set(CLOCK_OFFSET, &millis);
    }

    pub(crate) fn set_key(&mut self, key: &Key) {
        if let Some(text) = key.to_text() {
            self.set(SIGNING_KEY, &text);
        }
    }
}

tables! {
    /// All that is kept.
    pub(crate) struct State {
        pub(crate) own: Own,
        pub(crate) auth: AuthState,
        pub(crate) groups: GroupsState,
        pub(crate) transfer: TransferState,
    }
}

/// The first part of the names of all tables on disk.
pub(crate) const NAME: &str = "state";

/// How an emulator begins.
#[derive(Debug)]
pub(crate) struct Beginning {
    pub(crate) state: State,
    pub(crate) world: World,
    pub(crate) ids: Ids,
    /// Where the clock was moved to before.
    pub(crate) clock_offset_millis: Option<i64>,
    /// The key from before; a new emulator makes one while it runs.
    pub(crate) key: Option<Key>,
    /// Where changes go; `None` when nothing is kept.
    pub(crate) disk: Option<(Database, Arc<Changes>)>,
}

impl Beginning {
    /// An emulator that has never run, with its directories below `base`. If it is kept, its database is there when this returns.
    pub(crate) fn new(base: &Path, seed: Option<u64>, config: Option<&Config>, kept: bool) -> Result<Self> {
        let ids = Ids::new(seed, 0);
        let world = World::create(&ids, seed, base, config).map_err(directories)?;
        let mut state = State {
            own: Own::default(),
            auth: world.auth(&Clock::default()),
            groups: world.groups(&Clock::default()),
            transfer: world.transfer(&Clock::default()),
        };
        state.own.set(WORLD, &world);
        state.own.set(DIRECTORY, &base);
        let disk = if kept { Some(first_database(base, &mut state)?) } else { None };
        Ok(Self { state, world, ids, clock_offset_millis: None, key: None, disk })
    }

    /// The emulator whose state is in the directory.
    pub(crate) fn again(base: &Path, seed: Option<u64>, config: Option<&Config>) -> Result<Self> {
        let (database, snapshot) = Database::open(base)?;
        let mut state = State::default();
        state.load(NAME, &snapshot).map_err(|error| database.damaged(error))?;
        let missing = |name: &str| database.damaged(format!("the setting {name} is missing"));
        let mut world: World = state.own.get(WORLD).ok_or_else(|| missing(WORLD))?;
        if world.digest() != config.and_then(Config::digest) {
            return Err(Error::of(
                ErrorKind::DataConfigured,
                format!(
                    "the users, clients, groups and collections in {} are not those of this configuration; they are made at \
                     the first start: take the file from then, or another directory",
                    base.display()
                ),
            ));
        }
        world.place(base, config).map_err(directories)?;
        let key = match state.own.get::<String>(SIGNING_KEY) {
            None => None,
            Some(text) => Some(Key::from_text(&text).ok_or_else(|| missing(SIGNING_KEY))?),
        };
        let changes = Arc::new(Changes::default());
        state.track(&changes, true);
        let starts = state.own.get(STARTS).unwrap_or(0_u64) + 1;
        state.own.set(STARTS, &starts);
        if let Some(before) = state.own.get::<std::path::PathBuf>(DIRECTORY).filter(|before| before != base) {
            state.transfer.move_roots(&before, base);
            state.own.set(DIRECTORY, &base);
        }
        let clock_offset_millis = state.own.get(CLOCK_OFFSET);
        // What was given out before must not be given out again.
        let ids = Ids::new(seed, starts);
        Ok(Self { state, world, ids, clock_offset_millis, key, disk: Some((database, changes)) })
    }
}

fn first_database(base: &Path, state: &mut State) -> Result<(Database, Arc<Changes>)> {
    let (changes, mut rows) = (Arc::new(Changes::default()), Vec::new());
    state.track(&changes, false);
    state.take(NAME, &mut rows).map_err(|error| Error::io("cannot write down the state", error.into()))?;
    Ok((Database::create(base, &rows)?, changes))
}

fn directories(error: std::io::Error) -> Error {
    Error::io("cannot fill the directories of the collections", error)
}
