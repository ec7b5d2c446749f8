//! [`Rows`]: a storage whose entries are rows, sealed or not.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use globus_tokenstorage::{StorageError, StorageErrorKind, StorageLock, TokenData, TokenStorage};
use tokio_postgres::Row;
use tokio_postgres::types::Type;

use crate::database::Database;
use crate::error::Doing;
use crate::locks::Locks;
use crate::query::{Again, Value};
use crate::row::{self, Columns, columns};

const ALL: &str = concat!("SELECT ", columns!(), " FROM globus_sdk_tokens WHERE namespace = $1");
const ONE: &str =
    concat!("SELECT ", columns!(), " FROM globus_sdk_tokens WHERE namespace = $1 AND resource_server = $2");
const STORE: &str = concat!(
    "INSERT INTO globus_sdk_tokens (namespace, ",
    columns!(),
    ") SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[]) \
     ON CONFLICT (namespace, resource_server) DO UPDATE SET token_resource_server = EXCLUDED.token_resource_server, \
     identity_id = EXCLUDED.identity_id, scope = EXCLUDED.scope, access_token = EXCLUDED.access_token, \
     refresh_token = EXCLUDED.refresh_token, token_type = EXCLUDED.token_type, \
     expires_at_seconds = EXCLUDED.expires_at_seconds, updated_at = now()"
);
const INSERT: &str = concat!(
    "INSERT INTO globus_sdk_tokens (namespace, ",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING true"
);
/// The row with this name and these values.
macro_rules! expected {
    () => {
        " WHERE namespace = $1 AND resource_server = $2 AND token_resource_server IS NOT DISTINCT FROM $3 \
         AND identity_id IS NOT DISTINCT FROM $4 AND scope = $5 AND access_token = $6 \
         AND refresh_token IS NOT DISTINCT FROM $7 AND token_type IS NOT DISTINCT FROM $8 AND expires_at_seconds = $9 \
         RETURNING true"
    };
}
const UPDATE: &str = concat!(
    "UPDATE globus_sdk_tokens SET token_resource_server = $10, identity_id = $11, scope = $12, access_token = $13, \
     refresh_token = $14, token_type = $15, expires_at_seconds = $16, updated_at = now()",
    expected!()
);
const REMOVE_EXPECTED: &str = concat!("DELETE FROM globus_sdk_tokens", expected!());
/// In the order of their bytes, whatever the database sorts by.
const NAMESPACES: &str = "SELECT DISTINCT namespace COLLATE \"C\" FROM globus_sdk_tokens ORDER BY 1";
const REMOVE: &str =
    "DELETE FROM globus_sdk_tokens WHERE namespace = $1 AND resource_server = $2 RETURNING true";

/// The rows of one namespace.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    pub(crate) database: Arc<Database>,
    pub(crate) locks: Arc<Locks>,
    pub(crate) namespace: Arc<str>,
}

impl Rows {
    fn read(&self, row: &Row) -> Result<(String, TokenData), StorageError> {
        row::read(row).map_err(|err| {
            let name = row.try_get(0).unwrap_or_else(|_| "?".to_owned());
            let why = format!(
                "the row of {} in globus_sdk_tokens was changed to what cannot be understood ({err}); it was left as it is: mend \
                 or remove it",
                name.escape_debug()
            );
            self.database.context(Doing::Reading).error(StorageErrorKind::Corrupt, &why)
        })
    }

    /// PostgreSQL keeps every text but this.
    fn check<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> Result<(), StorageError> {
        if self.namespace.contains('\0') || texts.into_iter().any(|text| text.contains('\0')) {
            let why = "PostgreSQL keeps no text with a NUL in it; see the names that are used";
            return Err(self.database.context(Doing::Writing).error(StorageErrorKind::Other, why));
        }
        Ok(())
    }

    fn check_entry(&self, name: &str, data: &TokenData) -> Result<(), StorageError> {
        let texts = [Some(name), Some(&data.resource_server), Some(&data.scope)].into_iter();
        let texts = texts.chain([data.identity_id.as_deref(), data.token_type.as_deref()]);
        self.check(texts.flatten())
    }
}

#[async_trait]
impl TokenStorage for Rows {
    async fn store_token_data_by_resource_server(
        &self,
        tokens: &BTreeMap<String, TokenData>,
    ) -> Result<(), StorageError> {
        for (name, data) in tokens {
            self.check_entry(name, data)?;
        }
        if tokens.is_empty() {
            return Ok(());
        }
        // In the order of their names: two that store at once lock the rows in the same order.
        let names: Vec<&str> = tokens.keys().map(String::as_str).collect();
        let rows: Vec<Columns<'_>> = tokens.iter().map(|(name, data)| Columns::of(name, data)).collect();
        let table = row::Table::of(&rows);
        let namespace = &*self.namespace;
        let mut values: Vec<Value<'_>> = vec![(&namespace, Type::TEXT), (&names, Type::TEXT_ARRAY)];
        values.extend(table.values());
        self.database.query(Doing::Writing, Again::Harmless, STORE, &values).await.map(drop)
    }

    async fn get_token_data_by_resource_server(&self) -> Result<BTreeMap<String, TokenData>, StorageError> {
        self.check([])?;
        let namespace = &*self.namespace;
        let values: [Value<'_>; 1] = [(&namespace, Type::TEXT)];
        let rows = self.database.query(Doing::Reading, Again::Harmless, ALL, &values).await?;
        rows.iter().map(|row| self.read(row)).collect()
    }

    async fn get_token_data(&self, resource_server: &str) -> Result<Option<TokenData>, StorageError> {
        self.check([resource_server])?;
        let namespace = &*self.namespace;
        let values: [Value<'_>; 2] = [(&namespace, Type::TEXT), (&resource_server, Type::TEXT)];
        let rows = self.database.query(Doing::Reading, Again::Harmless, ONE, &values).await?;
        rows.first().map(|row| self.read(row).map(|(_, data)| data)).transpose()
    }

    async fn remove_token_data(&self, resource_server: &str) -> Result<bool, StorageError> {
        self.check([resource_server])?;
        let namespace = &*self.namespace;
        let values: [Value<'_>; 2] = [(&namespace, Type::TEXT), (&resource_server, Type::TEXT)];
        let rows = self.database.query(Doing::Writing, Again::Never, REMOVE, &values).await?;
        Ok(!rows.is_empty())
    }

    async fn compare_and_swap(
        &self,
        resource_server: &str,
        expected: Option<&TokenData>,
        new: Option<&TokenData>,
    ) -> Result<bool, StorageError> {
        self.check([resource_server])?;
        if let Some(new) = new {
            self.check_entry(resource_server, new)?;
        }
        let expected = expected.map(|data| Columns::of(resource_server, data));
        let new = new.map(|data| Columns::of(resource_server, data));
        let namespace = &*self.namespace;
        let mut values: Vec<Value<'_>> = vec![(&namespace, Type::TEXT), (&resource_server, Type::TEXT)];
        values.extend(expected.iter().chain(&new).flat_map(Columns::values));
        let sql = match (&expected, &new) {
            (Some(_), Some(_)) => UPDATE,
            (Some(_), None) => REMOVE_EXPECTED,
            (None, Some(_)) => INSERT,
            (None, None) => return Ok(self.get_token_data(resource_server).await?.is_none()),
        };
        let rows = self.database.query(Doing::Writing, Again::Never, sql, &values).await?;
        Ok(!rows.is_empty())
    }

    async fn lock(&self, resource_server: &str) -> Result<StorageLock, StorageError> {
        self.locks.lock(&self.database, &self.namespace, resource_server).await
    }

    fn namespace(&self) -> &str {
        &self.namespace
    }

    async fn namespaces(&self) -> Result<Vec<String>, StorageError> {
        let rows = self.database.query(Doing::Reading, Again::Harmless, NAMESPACES, &[]).await?;
        let names = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>();
        names.map_err(|_| {
            let why = "its names of namespaces cannot be read; see the table globus_sdk_tokens";
            self.database.context(Doing::Reading).error(StorageErrorKind::Corrupt, why)
        })
    }
}
