//! [`Session`]: the connection whose locks these are.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{self, Waker};

use globus_tokenstorage::{StorageError, StorageErrorKind};
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use crate::database::Database;
use crate::error::Doing;

/// Closed when the last lock is gone, and nobody wants more.
pub(super) struct Session {
    client: Client,
    is_stuck: AtomicBool,
}

impl Session {
    pub(super) fn new(client: Client) -> Self {
        Self { client, is_stuck: AtomicBool::new(false) }
    }

    pub(super) fn is_alive(&self) -> bool {
        !self.client.is_closed() && !self.is_stuck.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("is_alive", &self.is_alive()).finish_non_exhaustive()
    }
}

/// One lock, or what may become one: dropped at any moment, it is released.
pub(super) struct Lock {
    session: Arc<Session>,
    key: i64,
    /// It is there, or the answer is still out.
    may_be_there: bool,
}

impl Lock {
    /// `None`: somebody else has it.
    pub(super) async fn attempt(
        session: Arc<Session>,
        database: &Database,
        key: i64,
    ) -> Result<Option<Self>, StorageError> {
        let mut lock = Self { session, key, may_be_there: true };
        let client = &lock.session.client;
        let answer = database
            .limited(Doing::Locking, async {
                let rows = client.query_typed("SELECT pg_try_advisory_lock($1)", &[(&key, Type::INT8)]).await;
                rows.map_err(|err| database.context(Doing::Locking).because(err))
            })
            .await;
        match answer {
            Ok(rows) => match rows.first().map(|row| row.try_get(0)) {
                Some(Ok(true)) => Ok(Some(lock)),
                Some(Ok(false)) => {
                    lock.may_be_there = false;
                    Ok(None)
                }
                _ => {
                    let why = "it answers what was not asked";
                    Err(database.context(Doing::Locking).error(StorageErrorKind::Other, why))
                }
            },
            Err(err) => {
                // Whoever comes next shall not wait for the same silence.
                lock.session.is_stuck.store(true, Ordering::Relaxed);
                Err(err)
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if !self.may_be_there {
            return;
        }
        // Requests are sent when they are first polled, in that order, by the task that owns the connection: this needs no
        // runtime here, and comes before whatever this process asks next. Nobody waits for the answer.
        let sql = format!("SELECT pg_advisory_unlock({})", self.key);
        let release = pin!(self.session.client.batch_execute(&sql));
        let _ = release.poll(&mut task::Context::from_waker(Waker::noop()));
    }
}
