//! Locks between hosts: advisory locks of PostgreSQL, which belong to a session and end with it.

mod session;
mod turns;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use globus_tokenstorage::{StorageError, StorageErrorKind, StorageLock};
use tokio::time::{Instant, sleep};

use self::session::Session;
use self::turns::{Turn, Turns};
use crate::database::Database;
use crate::error::Doing;

const FIRST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// The locks of one database.
///
/// One session holds all locks of a process: a service that renews the tokens of ten thousand users needs one more connection, and
/// not ten thousand. A session never waits on itself, so the tasks of a process line up here first.
#[derive(Debug, Default)]
pub(crate) struct Locks {
    turns: Turns,
    session: Mutex<Option<Arc<Session>>>,
    connecting: tokio::sync::Mutex<()>,
}

/// Released by the server, then the next task of this process has its turn.
struct Held {
    _on_server: session::Lock,
    _turn: Turn,
}

impl Locks {
    pub(crate) async fn lock(
        &self,
        database: &Database,
        namespace: &str,
        resource_server: &str,
    ) -> Result<StorageLock, StorageError> {
        database.check_runtime(Doing::Locking)?;
        let limit = database.settings.limits.lock;
        let until = Instant::now().checked_add(limit);
        let timed_out = || timed_out(database, resource_server, limit);
        let key = key(namespace, resource_server);
        let turn = self.turns.wait(key, until).await.ok_or_else(timed_out)?;
        let mut pause = FIRST_PAUSE;
        let mut broken = false;
        loop {
            let session = database.limited(Doing::Locking, self.session(database)).await?;
            match session::Lock::attempt(session, database, key).await {
                Ok(Some(lock)) => return Ok(StorageLock::new(Held { _on_server: lock, _turn: turn })),
                Ok(None) if until.is_some_and(|until| Instant::now() >= until) => return Err(timed_out()),
                Ok(None) => {}
                // The server may have been started again since the last lock.
                Err(_) if !broken => {
                    broken = true;
                    continue;
                }
                Err(err) => return Err(err),
            }
            sleep(pause).await;
            pause = LONGEST_PAUSE.min(pause * 2);
        }
    }

    /// The session that holds new locks. One that broke is replaced; locks that it held are free by then.
    async fn session(&self, database: &Database) -> Result<Arc<Session>, StorageError> {
        if let Some(session) = self.living() {
            return Ok(session);
        }
        let _one_at_a_time = self.connecting.lock().await;
        if let Some(session) = self.living() {
            return Ok(session);
        }
        let session = Arc::new(Session::new(database.connect(Doing::Locking).await?));
        *self.session.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&session));
        Ok(session)
    }

    fn living(&self) -> Option<Arc<Session>> {
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        session.as_ref().filter(|session| session.is_alive()).cloned()
    }
}

fn timed_out(database: &Database, resource_server: &str, limit: Duration) -> StorageError {
    let why = format!(
        "the lock of {} was held by another task or process for {} s; see what keeps it, or raise the lock timeout",
        resource_server.escape_debug(),
        limit.as_secs_f32()
    );
    database.context(Doing::Locking).error(StorageErrorKind::LockTimedOut, &why)
}

/// The lock that whoever changes the tables holds.
pub(crate) fn key_of_schema() -> i64 {
    hash(b"globus-sdk schema")
}

/// Two pairs with the same key share a lock, which costs time but nothing else.
fn key(namespace: &str, resource_server: &str) -> i64 {
    hash(format!("globus-sdk token {}:{namespace}{resource_server}", namespace.len()).as_bytes())
}

/// FNV-1a, 64 bits: the same in every version and on every machine, for ever.
fn hash(bytes: &[u8]) -> i64 {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_never_change_and_do_not_run_together() {
        assert_eq!(hash(b""), 0xcbf2_9ce4_8422_2325_u64.cast_signed());
        assert_eq!(hash(b"foobar"), 0x8594_4171_f739_67e8_u64.cast_signed());
        assert_ne!(key("a", "bc"), key("ab", "c"));
        assert_ne!(key("1:a", "b"), key("1", ":ab"));
    }
}
