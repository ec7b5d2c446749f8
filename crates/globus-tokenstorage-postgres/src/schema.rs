//! The tables, and how they came to be: one script a version.

use globus_tokenstorage::{StorageError, StorageErrorKind};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row};

use crate::error::Context;
use crate::locks;

/// The script at index `n` leads from version `n` to version `n + 1`.
const SCRIPTS: [&str; 1] = [include_str!("schema/1.sql")];

/// Creates the tables, or brings them up to date. Many processes may come at once: one does it, and the others wait. A
/// connection on which this fails, or is dropped, must not be used again: a transaction may be open on it.
pub(crate) async fn bring_up_to_date(client: &Client, context: Context<'_>) -> Result<(), StorageError> {
    // Who may only read and write finds the tables there, and needs no more.
    if version(client, context).await? == SCRIPTS.len() {
        return Ok(());
    }
    let failed = |err| context.because(err);
    client.batch_execute("BEGIN").await.map_err(failed)?;
    let key = locks::key_of_schema();
    client.query_typed("SELECT pg_advisory_xact_lock($1)", &[(&key, Type::INT8)]).await.map_err(failed)?;
    let version = version(client, context).await?;
    for script in SCRIPTS.iter().skip(version) {
        client.batch_execute(script).await.map_err(failed)?;
    }
    let newest = i32::try_from(SCRIPTS.len()).unwrap_or(i32::MAX);
    let note = "INSERT INTO globus_sdk_schema (version) VALUES ($1) ON CONFLICT (only_row) DO UPDATE SET version = $1";
    client.query_typed(note, &[(&newest, Type::INT4)]).await.map_err(failed)?;
    client.batch_execute("COMMIT").await.map_err(failed)
}

/// 0 where there is nothing.
async fn version(client: &Client, context: Context<'_>) -> Result<usize, StorageError> {
    let failed = |err| context.because(err);
    // `to_regclass` would be shorter, and answer from before the lock was had: it looks at a cache that only a look at a real
    // table brings up to date.
    let ask = "SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'globus_sdk_schema' AND pg_table_is_visible(oid))";
    let there = client.query_typed(ask, &[]).await.map_err(failed)?;
    if !there.first().is_some_and(|row| row.try_get(0).unwrap_or(false)) {
        return Ok(0);
    }
    let rows = client.query_typed("SELECT version FROM globus_sdk_schema", &[]).await.map_err(failed)?;
    let [row] = &*rows else {
        return Err(context.error(StorageErrorKind::Corrupt, &strange("has not one row")));
    };
    understood(row, context)
}

fn understood(row: &Row, context: Context<'_>) -> Result<usize, StorageError> {
    let version = row.try_get::<_, i32>(0).ok().and_then(|version| usize::try_from(version).ok());
    match version {
        Some(version) if version > SCRIPTS.len() => {
            let why = format!(
                "a newer version of the Globus SDK made its tables (version {version}, this one knows {}); they were left \
                 as they are: use that version, or another schema or database",
                SCRIPTS.len()
            );
            Err(context.error(StorageErrorKind::UnsupportedVersion, &why))
        }
        Some(version) if version > 0 => Ok(version),
        _ => Err(context.error(StorageErrorKind::Corrupt, &strange("holds no version"))),
    }
}

fn strange(what: &str) -> String {
    format!(
        "its table globus_sdk_schema {what}; it was left as it is: restore it, or use another schema or database"
    )
}
