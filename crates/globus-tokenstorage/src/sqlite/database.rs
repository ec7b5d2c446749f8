//! What is done with the database: looked up, changed, and said when that fails.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use std::{error, fmt, fs, io};

use rusqlite::{Connection, ErrorCode, OptionalExtension, Transaction, TransactionBehavior, params};
use zeroize::Zeroizing;

use super::pool::{self, Open, Pool};
use super::schema::{self, Contents};
use crate::entry::{self, EntryOut};
use crate::files::{self, Located};
use crate::{StorageError, StorageErrorKind, TokenData};

/// Where the database is, and how long to wait for others that use it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Database<'a> {
    pub(super) path: &'a Path,
    pub(super) pool: &'a Pool,
    pub(super) wait: Duration,
}

impl Database<'_> {
    pub(super) fn all(&self, namespace: &str) -> Result<BTreeMap<String, TokenData>, StorageError> {
        let rows = self.read(|db| {
            db.prepare_cached(
                "SELECT resource_server, token_data_json FROM token_storage WHERE namespace = ?",
            )?
            .query_map([namespace], |row| Ok((row.get(0)?, secret(row.get(1)?))))?
            .collect::<rusqlite::Result<Vec<(String, _)>>>()
        })?;
        rows.unwrap_or_default()
            .into_iter()
            .map(|(resource_server, json)| {
                let data = self.parse(&resource_server, &json)?;
                Ok((resource_server, data))
            })
            .collect()
    }

    pub(super) fn one(
        &self,
        namespace: &str,
        resource_server: &str,
    ) -> Result<Option<TokenData>, StorageError> {
        let json = self.read(|db| find(db, namespace, resource_server))?.flatten();
        json.map(|json| self.parse(resource_server, &json)).transpose()
    }

    /// In the order of their bytes, which is that of the names.
    pub(super) fn namespaces(&self) -> Result<Vec<String>, StorageError> {
        let names = self.read(|db| {
            db.prepare_cached("SELECT DISTINCT namespace FROM token_storage ORDER BY namespace")?
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<String>>>()
        })?;
        Ok(names.unwrap_or_default())
    }

    pub(super) fn store(
        &self,
        namespace: &str,
        tokens: &BTreeMap<String, TokenData>,
    ) -> Result<(), StorageError> {
        self.change(self.create()?, |db| {
            tokens.iter().try_for_each(|(name, data)| put(db, namespace, name, data))
        })
    }

    pub(super) fn remove(&self, namespace: &str, resource_server: &str) -> Result<bool, StorageError> {
        if self.read(|_| Ok(()))?.is_none() {
            return Ok(false);
        }
        self.change(self.locate(StorageErrorKind::Unwritable)?, |db| delete(db, namespace, resource_server))
    }

    /// `false` when something else than `expected` is stored.
    pub(super) fn swap(
        &self,
        namespace: &str,
        resource_server: &str,
        expected: Option<&TokenData>,
        new: Option<&TokenData>,
    ) -> Result<bool, StorageError> {
        let located = if new.is_some() {
            self.create()?
        } else if self.read(|_| Ok(()))?.is_none() {
            return Ok(expected.is_none());
        } else {
            self.locate(StorageErrorKind::Unwritable)?
        };
        self.change(located, |db| {
            let found = find(db, namespace, resource_server)?;
            match found.map(|json| self.parse(resource_server, &json)).transpose() {
                Ok(found) if found.as_ref() != expected => return Ok(Ok(false)),
                Err(err) => return Ok(Err(err)),
                Ok(_) => {}
            }
            match new {
                Some(new) => put(db, namespace, resource_server, new)?,
                None => drop(delete(db, namespace, resource_server)?),
            }
            Ok(Ok(true))
        })?
    }

    /// Reads from one state of the database; `None` when there are no tables, or no file. Reading never makes anything.
    fn read<T>(
        &self,
        read: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StorageError> {
        let located = self.locate(StorageErrorKind::Unreadable)?;
        let Some(mut open) = self.open(&located, StorageErrorKind::Unreadable)? else { return Ok(None) };
        let failed = |err| self.failed(StorageErrorKind::Unreadable, err);
        let transaction = open.db.transaction().map_err(failed)?;
        let result = match schema::look(&transaction).map_err(failed)? {
            Contents::Tokens => {
                self.check_length(&located.path, &transaction)?;
                Some(read(&transaction).map_err(failed)?)
            }
            Contents::Nothing => None,
            other => return Err(self.refuse(other)),
        };
        transaction.commit().map_err(failed)?;
        self.pool.put(open);
        Ok(result)
    }

    fn change<T>(
        &self,
        located: Located,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StorageError> {
        let open = self.open(&located, StorageErrorKind::Unwritable)?;
        let mut open = open.ok_or_else(|| files::unwritable(self.path, io::ErrorKind::NotFound.into()))?;
        let failed = |err| self.failed(StorageErrorKind::Unwritable, err);
        // Takes the write lock at once: of many processes that find an empty database, one makes the tables.
        let transaction =
            open.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        match schema::look(&transaction).map_err(failed)? {
            Contents::Tokens => self.check_length(&located.path, &transaction)?,
            Contents::Nothing => schema::create(&transaction).map_err(failed)?,
            other => return Err(self.refuse(other)),
        }
        let result = change(&transaction).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        self.pool.put(open);
        Ok(result)
    }

    fn locate(&self, kind: StorageErrorKind) -> Result<Located, StorageError> {
        files::locate(self.path).map_err(|err| self.unusable(kind, err))
    }

    /// Where the database is, which is made if it is not there.
    fn create(&self) -> Result<Located, StorageError> {
        let located = self.locate(StorageErrorKind::Unwritable)?;
        if located.meta.is_some() {
            return Ok(located);
        }
        pool::create(&located.path).map_err(|err| files::unwritable(self.path, err))?;
        self.locate(StorageErrorKind::Unwritable)
    }

    /// A connection, if there is a file.
    fn open(&self, located: &Located, kind: StorageErrorKind) -> Result<Option<Open>, StorageError> {
        let Some(meta) = &located.meta else { return Ok(None) };
        files::make_private_at(&located.path, meta).map_err(|err| self.unusable(kind, err))?;
        self.pool.take(&located.path, meta, self.wait).map(Some).map_err(|err| self.failed(kind, err))
    }

    /// Refuses a database whose last page is not whole: SQLite would take what is missing for zeros.
    fn check_length(&self, path: &Path, db: &Connection) -> Result<(), StorageError> {
        let page: i64 = db
            .pragma_query_value(None, "page_size", |row| row.get(0))
            .map_err(|err| self.failed(StorageErrorKind::Unreadable, err))?;
        let length = fs::metadata(path).map_err(|err| files::unreadable(self.path, err))?.len();
        if u64::try_from(page).is_ok_and(|page| length.is_multiple_of(page)) {
            return Ok(());
        }
        Err(files::corrupt(self.path, "it is cut off"))
    }

    fn parse(&self, resource_server: &str, json: &str) -> Result<TokenData, StorageError> {
        entry::read(json).map_err(|why| {
            files::corrupt(self.path, &format!("the entry of {}: {why}", resource_server.escape_debug()))
        })
    }

    fn refuse(&self, contents: Contents) -> StorageError {
        if contents == Contents::NewerTokens {
            return StorageError::new(
                StorageErrorKind::UnsupportedVersion,
                format!(
                    "cannot use the token file {}: a newer version of the Globus SDK made it; it was left as it is: \
                     use that version, or another file",
                    self.path.display()
                ),
            )
            .with_path(self.path);
        }
        files::corrupt(self.path, "it is a database of something else")
    }

    fn unusable(&self, kind: StorageErrorKind, err: io::Error) -> StorageError {
        match kind {
            StorageErrorKind::Unreadable => files::unreadable(self.path, err),
            _ => files::unwritable(self.path, err),
        }
    }

    fn failed(&self, kind: StorageErrorKind, err: rusqlite::Error) -> StorageError {
        let doing = if kind == StorageErrorKind::Unwritable { "write" } else { "read" };
        let (kind, why) = match err.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
                StorageErrorKind::LockTimedOut,
                "another program keeps it to itself; see which, or raise the lock timeout",
            ),
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                return files::corrupt(self.path, "it is not a whole SQLite database")
                    .with_source(Cause(err));
            }
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                (kind, "this user has no access to it, or to its directory; correct the owner and the mode")
            }
            Some(ErrorCode::DiskFull) => (kind, "no space is left; free some"),
            Some(ErrorCode::SystemIoFailure) => {
                (kind, "the disk failed, or a limit of this process was met (`ulimit -f`); see to both")
            }
            Some(ErrorCode::TooBig) => (kind, "an entry is larger than 1 MiB; store a shorter one"),
            _ => (kind, "SQLite reports a failure; see the cause"),
        };
        StorageError::new(kind, format!("cannot {doing} the token file {}: {why}", self.path.display()))
            .with_path(self.path)
            .with_source(Cause(err))
    }
}

/// What SQLite says, once: its library says it again in the cause of its error.
#[derive(Debug)]
struct Cause(rusqlite::Error);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        self.0.sqlite_error().map_or(Ok(()), |err| write!(f, " (SQLite error {})", err.extended_code))
    }
}

impl error::Error for Cause {}

fn find(
    db: &Connection,
    namespace: &str,
    resource_server: &str,
) -> rusqlite::Result<Option<Zeroizing<String>>> {
    let sql = "SELECT token_data_json FROM token_storage WHERE namespace = ? AND resource_server = ?";
    db.prepare_cached(sql)?.query_row([namespace, resource_server], |row| row.get(0).map(secret)).optional()
}

fn put(db: &Connection, namespace: &str, resource_server: &str, data: &TokenData) -> rusqlite::Result<()> {
    let json = entry::write(&EntryOut::from(data), entry::ROOM)
        .map_err(|err| rusqlite::Error::ToSqlConversionFailure(err.into()))?;
    let sql = "REPLACE INTO token_storage (namespace, resource_server, token_data_json) \
               VALUES (?, ?, CAST(? AS TEXT))";
    db.prepare_cached(sql)?.execute(params![namespace, resource_server, *json]).map(drop)
}

fn delete(db: &Connection, namespace: &str, resource_server: &str) -> rusqlite::Result<bool> {
    let sql = "DELETE FROM token_storage WHERE namespace = ? AND resource_server = ?";
    db.prepare_cached(sql)?.execute([namespace, resource_server]).map(|rows| rows > 0)
}

fn secret(json: String) -> Zeroizing<String> {
    Zeroizing::new(json)
}
