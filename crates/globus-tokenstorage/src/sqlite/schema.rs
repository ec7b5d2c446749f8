//! The tables of the Python SDK, and whose database a file is.

use rusqlite::{Connection, OptionalExtension, params};

use crate::entry::WRITER_VERSION;

const WRITER: &str = "globus-sdk.version";
const SCHEMA: &str = "globus-sdk.database_schema_version";

/// The newest schema this version knows. Version 1 has one table more, which nothing here touches.
const NEWEST: u32 = 2;

// Letter for letter as the Python SDK makes them: SQLite keeps the text.
const TABLES: &str = "\
CREATE TABLE IF NOT EXISTS token_storage (
    namespace VARCHAR NOT NULL,
    resource_server VARCHAR NOT NULL,
    token_data_json VARCHAR NOT NULL,
    PRIMARY KEY (namespace, resource_server)
);
CREATE TABLE IF NOT EXISTS sdk_storage_adapter_internal (
    attribute VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    PRIMARY KEY (attribute)
);";

/// What a database turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Contents {
    Nothing,
    Tokens,
    /// Of a schema that a later version made.
    NewerTokens,
    SomethingElse,
}

pub(super) fn look(db: &Connection) -> rusqlite::Result<Contents> {
    let tables = "SELECT count(*), ifnull(sum(name IN ('token_storage', 'sdk_storage_adapter_internal')), 0) \
                  FROM sqlite_master WHERE type = 'table'";
    let (all, ours): (u32, u32) =
        db.prepare_cached(tables)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    match (all, ours) {
        (0, _) => return Ok(Contents::Nothing),
        (_, 2) => {}
        _ => return Ok(Contents::SomethingElse),
    }
    let version: Option<String> = db
        .prepare_cached("SELECT value FROM sdk_storage_adapter_internal WHERE attribute = ?")?
        .query_row([SCHEMA], |row| row.get(0))
        .optional()?;
    Ok(match version.and_then(|version| version.parse::<u32>().ok()) {
        Some(1..=NEWEST) => Contents::Tokens,
        Some(_) => Contents::NewerTokens,
        None => Contents::SomethingElse,
    })
}

/// Makes the tables of an empty database. To be called in a transaction.
pub(super) fn create(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(TABLES)?;
    let insert = "INSERT INTO sdk_storage_adapter_internal (attribute, value) VALUES (?, ?)";
    db.execute(insert, params![WRITER, WRITER_VERSION])?;
    db.execute(insert, params![SCHEMA, NEWEST.to_string()])?;
    Ok(())
}
