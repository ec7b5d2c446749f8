//! One statement, on a connection of the pool.

use globus_tokenstorage::{StorageError, StorageErrorKind};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error, Row};

use crate::database::{Connection, Database};
use crate::error::{self, Doing};
use crate::schema;

/// A value and its type: a statement whose types are known needs no round trip to be prepared, and nothing on the server.
pub(crate) type Value<'a> = (&'a (dyn ToSql + Sync), Type);

/// What another attempt may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    /// The same, also when the first has taken effect unseen.
    Harmless,
    /// Something else.
    Never,
}

impl Database {
    /// The rows that `sql` returns. It is a whole transaction: dropped while it runs, it takes effect or does not.
    pub(crate) async fn query(
        &self,
        doing: Doing,
        again: Again,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StorageError> {
        self.check_runtime(doing)?;
        self.tables(doing).await?;
        let mut connection = self.connection(doing).await?;
        let mut may_be_stale = connection.is_used;
        if may_be_stale && again == Again::Never {
            // Once it is sent there is no second attempt: see first that somebody listens.
            let alive =
                self.limited(doing, async { Ok(connection.client.check_connection().await.is_ok()) }).await;
            if !alive.unwrap_or(false) {
                connection = self.fresh(doing, connection).await?;
            }
            may_be_stale = false;
        }
        loop {
            let answer =
                self.limited(doing, async { Ok(connection.client.query_typed(sql, values).await) }).await?;
            match answer {
                Ok(rows) => {
                    connection.give_back();
                    return Ok(rows);
                }
                Err(err) if may_be_stale && error::may_be_repeated(&err) => {
                    connection = self.fresh(doing, connection).await?;
                    may_be_stale = false;
                }
                Err(err) => return Err(self.failed(doing, again, connection, err)),
            }
        }
    }

    /// A new connection for one that the server has closed; the idle ones are no better.
    async fn fresh<'a>(
        &'a self,
        doing: Doing,
        stale: Connection<'a>,
    ) -> Result<Connection<'a>, StorageError> {
        drop(stale);
        self.forget_idle();
        self.connection(doing).await
    }

    fn failed(&self, doing: Doing, again: Again, connection: Connection<'_>, err: Error) -> StorageError {
        let context = self.context(doing);
        if !error::is_lost(&err) {
            connection.give_back();
        } else if doing == Doing::Writing && again == Again::Never && err.code().is_none() {
            let why =
                "the connection broke off, and whether the change was made is not known; look, and try again";
            return context.error(StorageErrorKind::Unavailable, why).with_source(err);
        }
        context.because(err)
    }

    /// Creates the tables, or brings them up to date, before anything else is done.
    async fn tables(&self, doing: Doing) -> Result<(), StorageError> {
        let ready = self.tables_are_there.get_or_try_init(|| async {
            let connection = self.connection(doing).await?;
            self.limited(doing, schema::bring_up_to_date(&connection.client, self.context(doing))).await?;
            connection.give_back();
            Ok(())
        });
        // Others may stand before this one, each with an attempt of its own.
        self.limited(doing, ready).await.copied()
    }
}
