//! Tokens that the storage did not take: the write is tried again, until it works or they have lost their place.

use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;

use globus_tokenstorage::{StorageError, TokenStorage};
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use super::store::{self, Written};
use super::{Shared, limited};

/// The pause before the write is tried again: this, then twice as long each time, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The task that tries again. It sleeps without a lock, and ends with the authorizer.
#[derive(Debug)]
pub(super) struct Retry(AbortHandle);

impl Drop for Retry {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Shared {
    /// Lets the write be tried again in the background.
    pub(super) fn save_later(self: &Arc<Self>) {
        let task = tokio::spawn(keep_saving(Arc::downgrade(self)));
        let before =
            self.retry.lock().unwrap_or_else(PoisonError::into_inner).replace(Retry(task.abort_handle()));
        drop(before);
    }

    /// Tries once more to store what is not.
    pub(super) async fn save_now(self: &Arc<Self>) -> Result<(), StorageError> {
        if self.knowledge().unsaved().is_none() {
            return Ok(());
        }
        let (Some(storage), Ok(runtime)) = (&self.settings.storage, Handle::try_current()) else {
            return Ok(());
        };
        let (shared, storage) = (Arc::clone(self), Arc::clone(storage));
        // A task of its own, since a storage may panic.
        let saving = runtime.spawn(async move { shared.save(&storage).await });
        saving.await.unwrap_or_else(|err| Err(store::panicked(err)))
    }

    /// The last attempt before the end.
    pub(super) async fn save_at_last(self: &Arc<Self>) {
        if let Err(err) = self.save_now().await {
            tracing::warn!(
                resource_server = self.settings.name(),
                "the renewed tokens are in memory alone, and the login may be lost with this program: {err}"
            );
        }
    }

    async fn save(self: &Arc<Self>, storage: &Arc<dyn TokenStorage>) -> Result<(), StorageError> {
        let mut lock = match limited(storage.lock(self.settings.name())).await {
            Some(lock) => Some(lock?),
            None => return Err(store::too_slow()),
        };
        // Look again: a renewal may have stored it, or its successor, while the lock was waited for.
        let Some(latest) = self.knowledge().unsaved().cloned() else { return Ok(()) };
        let name = self.settings.name();
        match self.write_apart(storage, &mut lock, latest.data, latest.replaces).await? {
            Written::Done => {
                self.knowledge().clear();
                tracing::info!(resource_server = name, "the renewed tokens are stored now");
            }
            Written::Superseded => {
                self.superseded();
                tracing::info!(
                    resource_server = name,
                    "the renewed tokens need not be stored any more: the stored ones were replaced or removed"
                );
            }
        }
        Ok(())
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if self.settings.storage.is_some()
            && self.knowledge().unsaved().is_some_and(|latest| latest.is_rotated())
        {
            tracing::warn!(
                resource_server = self.settings.name(),
                "the authorizer ends with a new refresh token that could not be stored; if Auth does not take the \
                 stored one any more, log in again"
            );
        }
    }
}

async fn keep_saving(shared: Weak<Shared>) {
    let mut pause = FIRST_PAUSE;
    loop {
        tokio::time::sleep(pause).await;
        let Some(shared) = shared.upgrade() else { return };
        match shared.save_now().await {
            Ok(()) => return,
            Err(err) => tracing::debug!(
                resource_server = shared.settings.name(),
                "the renewed tokens could not be stored once more: {err}"
            ),
        }
        drop(shared);
        pause = LONGEST_PAUSE.min(pause * 2);
    }
}
