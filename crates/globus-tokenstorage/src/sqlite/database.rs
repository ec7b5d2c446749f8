//! One use of the database: opened, checked, used, closed.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use rusqlite::{
    Connection, ErrorCode, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params,
};
use zeroize::Zeroizing;

use super::schema::{self, Contents};
use crate::entry::{self, EntryOut};
use crate::{StorageError, StorageErrorKind, TokenData, files};

/// Where the database is, and how long to wait for others that use it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) path: PathBuf,
    pub(super) wait: Duration,
}

impl Place {
    pub(super) fn all(&self, namespace: &str) -> Result<BTreeMap<String, TokenData>, StorageError> {
        let Some(db) = self.open_existing()? else { return Ok(BTreeMap::new()) };
        let rows = db
            .prepare("SELECT resource_server, token_data_json FROM token_storage WHERE namespace = ?")
            .and_then(|mut query| {
                query.query_map([namespace], |row| Ok((row.get(0)?, secret(row.get(1)?))))?.collect()
            });
        let rows: Vec<(String, Zeroizing<String>)> =
            rows.map_err(|err| self.failed(StorageErrorKind::Unreadable, err))?;
        rows.into_iter()
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
        let Some(db) = self.open_existing()? else { return Ok(None) };
        let json = find(&db, namespace, resource_server)
            .map_err(|err| self.failed(StorageErrorKind::Unreadable, err))?;
        json.map(|json| self.parse(resource_server, &json)).transpose()
    }

    pub(super) fn store(
        &self,
        namespace: &str,
        tokens: &BTreeMap<String, TokenData>,
    ) -> Result<(), StorageError> {
        self.create_file().map_err(|err| files::unwritable(&self.path, err))?;
        self.change(|change| {
            tokens
                .iter()
                .try_for_each(|(resource_server, data)| put(change, namespace, resource_server, data))
        })
    }

    pub(super) fn remove(&self, namespace: &str, resource_server: &str) -> Result<bool, StorageError> {
        if self.open_existing()?.is_none() {
            return Ok(false);
        }
        self.change(|change| delete(change, namespace, resource_server))
    }

    /// `false` when something else than `expected` is stored.
    pub(super) fn swap(
        &self,
        namespace: &str,
        resource_server: &str,
        expected: Option<&TokenData>,
        new: Option<&TokenData>,
    ) -> Result<bool, StorageError> {
        if new.is_some() {
            self.create_file().map_err(|err| files::unwritable(&self.path, err))?;
        } else if self.open_existing()?.is_none() {
            return Ok(expected.is_none());
        }
        self.change(|change| {
            let found = find(change, namespace, resource_server)?;
            match found.map(|json| self.parse(resource_server, &json)).transpose() {
                Ok(found) if found.as_ref() != expected => return Ok(Ok(false)),
                Err(err) => return Ok(Err(err)),
                Ok(_) => {}
            }
            match new {
                Some(new) => put(change, namespace, resource_server, new)?,
                None => drop(delete(change, namespace, resource_server)?),
            }
            Ok(Ok(true))
        })?
    }

    /// The database, if there is one with tables in it. Reading never makes anything.
    fn open_existing(&self) -> Result<Option<Connection>, StorageError> {
        match fs::metadata(&self.path) {
            Ok(_) => {}
            Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(err) => return Err(files::unreadable(&self.path, err)),
        }
        let (db, contents) = self
            .connect()
            .and_then(|db| schema::look(&db).map(|contents| (db, contents)))
            .map_err(|err| self.failed(StorageErrorKind::Unreadable, err))?;
        match contents {
            Contents::Tokens => Ok(Some(db)),
            Contents::Nothing => Ok(None),
            other => Err(self.refuse(other)),
        }
    }

    fn change<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StorageError> {
        let failed = |err| self.failed(StorageErrorKind::Unwritable, err);
        let mut db = self.connect().map_err(failed)?;
        // Takes the write lock at once: of many processes that find an empty database, one makes the tables.
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        match schema::look(&transaction).map_err(failed)? {
            Contents::Tokens => {}
            Contents::Nothing => schema::create(&transaction).map_err(failed)?,
            other => return Err(self.refuse(other)),
        }
        let result = change(&transaction).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        Ok(result)
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        // Neither `CREATE`, so that the mode of a new file is ours, nor `URI`, so that a path is only a path.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let read_only = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(&self.path, flags)
            .or_else(|_| Connection::open_with_flags(&self.path, read_only))?;
        db.busy_timeout(self.wait)?;
        // Otherwise a removed token stays readable in the file until something happens to be written over it.
        db.execute_batch("PRAGMA secure_delete = ON")?;
        Ok(db)
    }

    /// Makes an empty file, which SQLite takes for an empty database, or takes away what others may do with an old one.
    fn create_file(&self) -> io::Result<()> {
        let path = files::resolve(&self.path)?;
        files::create_private_dir(files::parent(&path))?;
        let file = files::open_private(&path)?;
        files::make_private(&file)
    }

    fn parse(&self, resource_server: &str, json: &str) -> Result<TokenData, StorageError> {
        entry::read(json).map_err(|why| {
            files::corrupt(&self.path, &format!("the entry of {}: {why}", resource_server.escape_debug()))
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
            .with_path(&self.path);
        }
        files::corrupt(&self.path, "it is a database of something else")
    }

    fn failed(&self, kind: StorageErrorKind, err: rusqlite::Error) -> StorageError {
        let (kind, why) = match err.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                (StorageErrorKind::LockTimedOut, "another program kept it locked; try again")
            }
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                return files::corrupt(&self.path, "it is not a whole SQLite database").with_source(err);
            }
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                (kind, "it, or its directory, cannot be opened; make it accessible to this user")
            }
            Some(ErrorCode::DiskFull) => (kind, "the disk is full; free some space"),
            _ => (kind, "SQLite reports a failure; see the cause"),
        };
        StorageError::new(kind, format!("cannot use the token file {}: {why}", self.path.display()))
            .with_path(&self.path)
            .with_source(err)
    }
}

fn find(
    db: &Connection,
    namespace: &str,
    resource_server: &str,
) -> rusqlite::Result<Option<Zeroizing<String>>> {
    let sql = "SELECT token_data_json FROM token_storage WHERE namespace = ? AND resource_server = ?";
    db.query_row(sql, [namespace, resource_server], |row| row.get(0).map(secret)).optional()
}

fn put(db: &Connection, namespace: &str, resource_server: &str, data: &TokenData) -> rusqlite::Result<()> {
    let json = entry::write(&EntryOut::from(data))
        .map_err(|err| rusqlite::Error::ToSqlConversionFailure(err.into()))?;
    let sql = "REPLACE INTO token_storage (namespace, resource_server, token_data_json) \
               VALUES (?, ?, CAST(? AS TEXT))";
    db.execute(sql, params![namespace, resource_server, *json]).map(drop)
}

fn delete(db: &Connection, namespace: &str, resource_server: &str) -> rusqlite::Result<bool> {
    let sql = "DELETE FROM token_storage WHERE namespace = ? AND resource_server = ?";
    db.execute(sql, [namespace, resource_server]).map(|rows| rows > 0)
}

fn secret(json: String) -> Zeroizing<String> {
    Zeroizing::new(json)
}
