//! The rows on disk: a `redb` database in one file.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use redb::{ReadTransaction, ReadableDatabase as _, ReadableTable as _, TableDefinition, TableHandle as _};

use super::directory::private;
use super::kept::{Act, Change, Source};
use crate::error::{Error, ErrorKind, Result};

const FILE: &str = "state.redb";
/// What the file is called until it is whole.
const UNFINISHED: &str = "state.redb.new";
/// The file as it was before a repair that may fail.
const BEFORE_REPAIR: &str = "state.redb.before-repair";

/// Which tables there are and what their rows mean. An emulator refuses what is newer than itself.
const SCHEMA: u32 = 1;
const SCHEMA_TABLE: &str = "schema";
const SCHEMA_KEY: &str = "version";

/// The first bytes of every file of `redb`.
const MAGIC: [u8; 9] = *b"redb\x1a\x0a\xa9\x0d\x0a";

/// Everything is in memory anyway.
const CACHE_BYTES: usize = 16 * 1024 * 1024;

type Rows<'a> = TableDefinition<'a, &'static str, &'static [u8]>;

/// The open database.
#[derive(Debug)]
pub(crate) struct Database {
    path: PathBuf,
    /// `None` after an error, until it could be opened again.
    open: Option<redb::Database>,
}

/// All rows, as they were when the database was opened.
#[derive(Debug, Default)]
pub(crate) struct Snapshot(BTreeMap<String, Vec<(String, Vec<u8>)>>);

impl Source for Snapshot {
    fn rows(&self, table: &str) -> &[(String, Vec<u8>)] {
        self.0.get(table).map(Vec::as_slice).unwrap_or_default()
    }
}

impl Database {
    /// Whether there is a database in the directory.
    pub(crate) fn is_in(directory: &Path) -> bool {
        directory.join(FILE).exists()
    }

    /// Makes the database. It is there with all these rows, or not at all.
    pub(crate) fn create(directory: &Path, rows: &[Change]) -> Result<Self> {
        let path = directory.join(FILE);
        let open = make(directory, rows).map_err(|error| {
            let remedy = "is the disk full, or the directory read-only?";
            Error::io(format!("cannot make {}; {remedy}", path.display()), as_io(error))
        })?;
        Ok(Self { path, open: Some(open) })
    }

    /// Opens the database and reads all of it. A file that is not understood is left as it is.
    pub(crate) fn open(directory: &Path) -> Result<(Self, Snapshot)> {
        let path = directory.join(FILE);
        check_magic(&path)?;
        let looked = guarded(|| {
            let open = redb::Builder::new().set_cache_size(CACHE_BYTES).open_read_only(&path)?;
            read_all(&open.begin_read()?)
        });
        let snapshot = match looked {
            Ok(snapshot) => snapshot,
            // It was not closed: the last emulator was killed.
            Err(redb::Error::RepairAborted) => repair(directory, &path)?,
            Err(error) => return Err(damaged(&path, error)),
        };
        check_schema(&path, &snapshot)?;
        let open = guarded(|| reopen(&path)).map_err(|error| damaged(&path, error))?;
        Ok((Self { path, open: Some(open) }, snapshot))
    }

    /// Writes the rows in one transaction; they are on disk when this returns. After an error nothing of them is, and the next
    /// call begins anew.
    pub(crate) fn write(&mut self, rows: &[Change]) -> io::Result<()> {
        let open = match self.open.take() {
            Some(open) => open,
            None => guarded(|| reopen(&self.path)).map_err(as_io)?,
        };
        guarded(|| commit(&open, rows)).map_err(as_io)?;
        self.open = Some(open);
        Ok(())
    }

    /// As after an error: the next write opens the file anew.
    #[cfg(test)]
    pub(crate) fn close(&mut self) {
        self.open = None;
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// That what was read is not what this program writes.
    pub(crate) fn damaged(&self, reason: impl fmt::Display) -> Error {
        damaged(&self.path, reason)
    }
}

fn reopen(path: &Path) -> std::result::Result<redb::Database, redb::Error> {
    let file = private().open(path)?;
    Ok(redb::Builder::new().set_cache_size(CACHE_BYTES).create_file(file)?)
}

fn make(directory: &Path, rows: &[Change]) -> std::result::Result<redb::Database, redb::Error> {
    let unfinished = directory.join(UNFINISHED);
    let file = private().create(true).truncate(true).open(&unfinished)?;
    let open = redb::Builder::new().set_cache_size(CACHE_BYTES).create_file(file)?;
    let schema = Change {
        table: SCHEMA_TABLE.to_owned(),
        key: SCHEMA_KEY.to_owned(),
        act: Act::Put(SCHEMA.to_string().into_bytes()),
    };
    commit(&open, std::iter::once(&schema).chain(rows))?;
    fs::rename(&unfinished, directory.join(FILE))?;
    // So that the name survives a power failure, too.
    #[cfg(unix)]
    File::open(directory)?.sync_all()?;
    Ok(open)
}

fn commit<'a>(
    open: &redb::Database,
    rows: impl IntoIterator<Item = &'a Change>,
) -> std::result::Result<(), redb::Error> {
    let mut tables: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
    for row in rows {
        tables.entry(&row.table).or_default().push(row);
    }
    let transaction = open.begin_write()?;
    for (name, rows) in tables {
        let mut table = transaction.open_table(Rows::new(name))?;
        for Change { key, act, .. } in rows {
            match act {
                Act::Put(value) => drop(table.insert(key.as_str(), value.as_slice())?),
                Act::Remove => drop(table.remove(key.as_str())?),
                Act::RemoveBelow => {
                    let (from, until) = below(key);
                    table.retain_in(from.as_str()..until.as_str(), |_, _| false)?;
                }
            }
        }
    }
    Ok(transaction.commit()?)
}

/// The keys that start with this one and a slash.
fn below(key: &str) -> (String, String) {
    // `0` is what comes after `/`.
    (format!("{key}/"), format!("{key}0"))
}

fn read_all(transaction: &ReadTransaction) -> std::result::Result<Snapshot, redb::Error> {
    let mut all = Snapshot::default();
    for handle in transaction.list_tables()? {
        let name = handle.name().to_owned();
        let table = transaction.open_table(Rows::new(&name))?;
        let mut rows = Vec::new();
        for row in table.iter()? {
            let (key, value) = row?;
            rows.push((key.value().to_owned(), value.value().to_vec()));
        }
        all.0.insert(name, rows);
    }
    Ok(all)
}

/// Repairs the file of an emulator that was killed. If that fails, the file is as it was.
fn repair(directory: &Path, path: &Path) -> Result<Snapshot> {
    let copy = directory.join(BEFORE_REPAIR);
    fs::copy(path, &copy).map_err(|error| {
        let doing = format!("cannot copy {} before it is repaired; is the disk full?", path.display());
        Error::io(doing, error)
    })?;
    let repaired = guarded(|| read_all(&reopen(path)?.begin_read()?))
        .map_err(|error| damaged(path, error))
        .and_then(|snapshot| check_schema(path, &snapshot).map(|()| snapshot));
    let tidied = if repaired.is_ok() { fs::remove_file(&copy) } else { fs::rename(&copy, path) };
    tidied.map_err(|error| Error::io(format!("cannot put {} back", copy.display()), error))?;
    repaired
}

/// What is damaged may break an assumption inside of `redb`, which must not end the program.
fn guarded<T>(
    work: impl FnOnce() -> std::result::Result<T, redb::Error>,
) -> std::result::Result<T, redb::Error> {
    let broken = || redb::Error::Corrupted("a page makes no sense".to_owned());
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(broken()))
}

fn check_magic(path: &Path) -> Result<()> {
    let unreadable = |error| {
        let remedy = "is it this user's?";
        Error::io(format!("cannot read {}; {remedy}", path.display()), error)
    };
    let mut start = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(MAGIC.len() as u64).read_to_end(&mut start).map_err(unreadable)?;
    if start == MAGIC { Ok(()) } else { Err(damaged(path, "it is not a database")) }
}

fn check_schema(path: &Path, snapshot: &Snapshot) -> Result<()> {
    let rows = snapshot.rows(SCHEMA_TABLE).iter().find(|(key, _)| key == SCHEMA_KEY);
    let version: Option<u32> = rows.and_then(|(_, text)| std::str::from_utf8(text).ok()?.parse().ok());
    match version {
        Some(version) if version <= SCHEMA => Ok(()),
        Some(version) => Err(Error::of(
            ErrorKind::DataTooNew,
            format!(
                "{} was written by a newer emulator (schema {version}, this one knows {SCHEMA}); use that one, or \
                 another directory with `--data`",
                path.display()
            ),
        )),
        None => Err(damaged(path, "it does not say which schema it has")),
    }
}

/// The file is left alone: it may be worth more to somebody than to this program.
fn damaged(path: &Path, reason: impl fmt::Display) -> Error {
    Error::of(
        ErrorKind::DataDamaged,
        format!(
            "cannot read {} ({reason}); nothing was changed: restore it from a copy, or move the directory away to begin \
             anew",
            path.display()
        ),
    )
}

fn as_io(error: redb::Error) -> io::Error {
    match error {
        redb::Error::Io(error) => error,
        error => io::Error::other(error),
    }
}
