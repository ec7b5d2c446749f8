//! [`StorageLock`], and locks by name among the tasks of one process.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

use crate::{StorageError, StorageErrorKind};

/// How long to wait for a lock unless the storage was told otherwise: longer than a token exchange that is retried.
pub(crate) const DEFAULT_LOCK_TIMEOUT: Duration = Duration::from_secs(60);

/// The lock of one resource server in one namespace. Dropping it releases it.
#[must_use = "the lock is released when it is dropped"]
pub struct StorageLock(#[expect(dead_code, reason = "kept to be dropped")] Box<dyn Any + Send + Sync>);

impl StorageLock {
    /// A lock that is released when `guard` is dropped, for storages of your own.
    pub fn new(guard: impl Any + Send + Sync) -> Self {
        Self(Box::new(guard))
    }
}

impl fmt::Debug for StorageLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StorageLock")
    }
}

/// When waiting ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    at: Option<Instant>,
    limit: Duration,
}

impl Deadline {
    pub(crate) fn after(limit: Duration) -> Self {
        Self { at: Instant::now().checked_add(limit), limit }
    }

    #[cfg(any(feature = "json", feature = "sqlite"))]
    pub(crate) fn has_passed(self) -> bool {
        self.at.is_some_and(|at| Instant::now() >= at)
    }

    #[cfg(feature = "sqlite")]
    pub(crate) fn left(self) -> Duration {
        self.at.map_or(self.limit, |at| at.saturating_duration_since(Instant::now()))
    }

    pub(crate) fn error(self, what: &str) -> StorageError {
        StorageError::new(
            StorageErrorKind::LockTimedOut,
            format!(
                "the lock of {what} was held by another task or process for {} s; \
                 see what keeps it, or raise the lock timeout",
                self.limit.as_secs_f32()
            ),
        )
    }
}

type NamedLock = tokio::sync::Mutex<()>;

/// Locks by name, made when asked for and forgotten when nobody holds or awaits them.
#[derive(Debug, Default)]
pub(crate) struct NamedLocks(Mutex<HashMap<String, Weak<NamedLock>>>);

impl NamedLocks {
    /// Waits in line for the lock `name`; `what` is its name in the error.
    pub(crate) async fn lock(
        &self,
        name: String,
        what: &str,
        deadline: Deadline,
    ) -> Result<OwnedMutexGuard<()>, StorageError> {
        let lock = self.named(name);
        // The timer is touched only when there is something to wait for: it may not be there.
        if let Ok(guard) = Arc::clone(&lock).try_lock_owned() {
            return Ok(guard);
        }
        match deadline.at {
            Some(at) if Handle::try_current().is_ok() => {
                tokio::time::timeout_at(at, lock.lock_owned()).await.map_err(|_| deadline.error(what))
            }
            _ => Ok(lock.lock_owned().await),
        }
    }

    fn named(&self, name: String) -> Arc<NamedLock> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = locks.get(&name).and_then(Weak::upgrade) {
            return lock;
        }
        if locks.len() == locks.capacity() {
            locks.retain(|_, lock| lock.strong_count() > 0);
        }
        let lock = Arc::new(NamedLock::default());
        locks.insert(name, Arc::downgrade(&lock));
        lock
    }
}

/// One text for a namespace and a resource server; two pairs never share one.
pub(crate) fn key(namespace: &str, resource_server: &str) -> String {
    format!("{}:{namespace}{resource_server}", namespace.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn waiting_ends_at_the_limit() {
        let locks = NamedLocks::default();
        let deadline = Deadline::after(Duration::from_secs(3));
        let held = locks.lock("a".into(), "a", deadline).await.unwrap();
        let err = locks.lock("a".into(), "rs", deadline).await.unwrap_err();
        assert!(err.is_transient() && err.to_string().contains("rs"), "{err}");
        drop(held);
        locks.lock("a".into(), "a", Deadline::after(Duration::ZERO)).await.unwrap();
    }

    #[tokio::test]
    async fn names_without_a_holder_are_forgotten() {
        let locks = NamedLocks::default();
        for name in 0..10_000 {
            drop(locks.lock(name.to_string(), "x", Deadline::after(Duration::MAX)).await.unwrap());
        }
        assert!(locks.0.lock().unwrap().len() < 100);
    }

    #[test]
    fn keys_do_not_run_together() {
        assert_ne!(key("a", "bc"), key("ab", "c"));
        assert_ne!(key("1:a", "b"), key("1", ":ab"));
    }
}
