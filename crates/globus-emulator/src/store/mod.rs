//! What the services remember, so that it can outlive the process.
//!
//! The state of a service is a struct of [`Table`]s, written with [`tables!`]. A row is a text key and a value that serde can
//! read and write. A table that is kept on disk remembers which of its rows were touched; one that is not costs nothing.
//!
//! **A new table is one line in a `tables!` struct**, and its value derives `Serialize` and `Deserialize`:
//!
//! ```text
//! tables! {
//!     pub(crate) struct AuthState {
//!         pub(crate) projects: Table<Project>,     // by id
//!     }
//! }
//! ```
//!
//! The names of the struct's fields name the tables on disk, rows are JSON objects: a field that is added to a value later
//! needs `#[serde(default)]`, so that older rows can still be read. A key of several parts is made by [`key`].
//!
//! Read with what `BTreeMap` has; change with what [`Table`] has. `get_mut` says that the row changes, and the answer to the
//! request waits until it is on disk: what only looks uses `get`. What nobody is promised uses `get_mut_soon`. A state is never
//! assigned but [replaced](Kept::replace): an assignment would forget which rows are on disk.
//!
//! The [`Writer`] collects what was touched and writes it to the [`Database`] in the [`Directory`]. Tables are read when the emulator
//! begins ([`Beginning`]), and never again.

mod database;
mod directory;
mod kept;
mod log;
pub(crate) mod shared;
mod state;
mod table;
mod writer;

pub(crate) use database::Database;
pub(crate) use directory::Directory;
pub(crate) use kept::{Act, Change, Kept, LoadError, Source, tables};
pub(crate) use log::{KeptLog, Log};
pub(crate) use state::{Beginning, NAME, Own};
pub(crate) use table::{Changes, Table, key};
pub(crate) use writer::Writer;
