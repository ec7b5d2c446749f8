//! Rows as entries, and entries as values.

use globus_auth_core::{Secret, UnixTime};
use globus_tokenstorage::TokenData;
use tokio_postgres::types::Type;
use tokio_postgres::{Error, Row};

use crate::query::Value;

/// What is read of a row, in the order of [`read`].
macro_rules! columns {
    () => {
        "resource_server, token_resource_server, identity_id, scope, access_token, refresh_token, token_type, \
         expires_at_seconds"
    };
}
pub(crate) use columns;

/// An entry and the name that it is kept under.
pub(crate) fn read(row: &Row) -> Result<(String, TokenData), Error> {
    let name: String = row.try_get(0)?;
    let resource_server: Option<String> = row.try_get(1)?;
    let resource_server = resource_server.unwrap_or_else(|| name.clone());
    let access_token = Secret::new(row.try_get::<_, String>(4)?);
    let expires_at = UnixTime::from_seconds(row.try_get(7)?);
    let data = TokenData::new(resource_server, row.try_get::<_, String>(3)?, access_token, expires_at)
        .with_identity_id(row.try_get(2)?)
        .with_refresh_token(row.try_get::<_, Option<String>>(5)?.map(Secret::new))
        .with_token_type(row.try_get(6)?);
    Ok((name, data))
}

/// An entry, column by column.
pub(crate) struct Columns<'a> {
    token_resource_server: Option<&'a str>,
    identity_id: Option<&'a str>,
    scope: &'a str,
    access_token: &'a str,
    refresh_token: Option<&'a str>,
    token_type: Option<&'a str>,
    expires_at_seconds: i64,
}

impl<'a> Columns<'a> {
    pub(crate) fn of(name: &str, data: &'a TokenData) -> Self {
        Self {
            token_resource_server: (data.resource_server != name).then_some(&*data.resource_server),
            identity_id: data.identity_id.as_deref(),
            scope: &data.scope,
            access_token: data.access_token.expose(),
            refresh_token: data.refresh_token.as_ref().map(Secret::expose),
            token_type: data.token_type.as_deref(),
            expires_at_seconds: data.expires_at.as_seconds(),
        }
    }

    /// In the order of the columns, without the name.
    pub(crate) fn values(&self) -> [Value<'_>; 7] {
        [
            (&self.token_resource_server, Type::TEXT),
            (&self.identity_id, Type::TEXT),
            (&self.scope, Type::TEXT),
            (&self.access_token, Type::TEXT),
            (&self.refresh_token, Type::TEXT),
            (&self.token_type, Type::TEXT),
            (&self.expires_at_seconds, Type::INT8),
        ]
    }
}

/// Many entries, column by column, for one statement.
pub(crate) struct Table<'a> {
    texts: [Vec<Option<&'a str>>; 6],
    expires_at_seconds: Vec<i64>,
}

impl<'a> Table<'a> {
    pub(crate) fn of(rows: &[Columns<'a>]) -> Self {
        let column = |of: fn(&Columns<'a>) -> Option<&'a str>| rows.iter().map(of).collect();
        Self {
            texts: [
                column(|row| row.token_resource_server),
                column(|row| row.identity_id),
                column(|row| Some(row.scope)),
                column(|row| Some(row.access_token)),
                column(|row| row.refresh_token),
                column(|row| row.token_type),
            ],
            expires_at_seconds: rows.iter().map(|row| row.expires_at_seconds).collect(),
        }
    }

    /// In the order of the columns, without the names.
    pub(crate) fn values(&self) -> impl Iterator<Item = Value<'_>> {
        let texts = self.texts.iter().map(|column| -> Value<'_> { (column, Type::TEXT_ARRAY) });
        texts.chain([(&self.expires_at_seconds as _, Type::INT8_ARRAY)])
    }
}
