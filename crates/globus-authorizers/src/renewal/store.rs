//! What a renewal does with the token storage.

use std::sync::Arc;

use globus_tokenstorage::{StorageError, StorageErrorKind, StorageLock, TokenData, TokenStorage};

use tokio::task::JoinError;

use super::knowledge::has_same_tokens;
use super::{Shared, limited};
use crate::AuthorizerError;

/// What became of tokens that were to be stored.
pub(super) enum Written {
    Done,
    /// They are not in the storage: it holds another login now, or none.
    Superseded,
}

/// The place in the storage for new tokens.
enum Place {
    /// It has what they are to replace.
    Free,
    /// It has them, or others that are no worse.
    Served,
    /// Somebody has logged in or out.
    Taken,
}

impl Shared {
    pub(super) async fn entry(
        &self,
        storage: &dyn TokenStorage,
    ) -> Result<Option<TokenData>, AuthorizerError> {
        let read = limited(storage.get_token_data(self.settings.name())).await;
        self.or_without(read.unwrap_or_else(|| Err(too_slow()))).map(Option::flatten)
    }

    pub(super) async fn lock(
        &self,
        storage: &dyn TokenStorage,
    ) -> Result<Option<StorageLock>, AuthorizerError> {
        let locked = limited(storage.lock(self.settings.name())).await;
        self.or_without(locked.unwrap_or_else(|| Err(too_slow())))
    }

    /// A storage that fails ends a renewal by refresh token, which could be spent and lost. Client credentials cannot be.
    fn or_without<T>(&self, result: Result<T, StorageError>) -> Result<Option<T>, AuthorizerError> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(err) if self.needs_stored_token() => {
                Err(AuthorizerError::storage(self.settings.name(), &err))
            }
            Err(err) => {
                tracing::warn!(
                    resource_server = self.settings.name(),
                    "going on without the token storage: {err}"
                );
                Ok(None)
            }
        }
    }

    /// Stores new tokens in place of `before`. Tokens that cannot be stored are used all the same: they are all there is.
    /// `false` when a login or a logout came first, whose word counts: the new tokens are given up.
    pub(super) async fn store(
        self: &Arc<Self>,
        storage: &Arc<dyn TokenStorage>,
        lock: &mut Option<StorageLock>,
        data: &TokenData,
        before: Option<TokenData>,
    ) -> bool {
        // The old refresh token may be spent: from here on, whatever happens to the write, the new one is known.
        self.knowledge().keep(data.clone(), before.clone());
        let name = self.settings.name();
        match self.write_apart(storage, lock, data.clone(), before).await {
            Ok(Written::Done) => self.knowledge().clear(),
            Ok(Written::Superseded) if self.needs_stored_token() => {
                tracing::info!(
                    resource_server = name,
                    "the stored tokens were replaced during their renewal"
                );
                self.superseded();
                return false;
            }
            Ok(Written::Superseded) => {
                self.superseded();
                tracing::warn!(
                    resource_server = name,
                    "the token is kept in memory alone: the storage has a user's or another client's in its place, or \
                     was emptied; give this client a namespace of its own"
                );
            }
            Err(err) => {
                tracing::warn!(
                    resource_server = name,
                    "the renewed tokens are used from memory alone, since they could not be stored: {err}; the write \
                     is tried again until it works, and the login may be lost if the program ends before"
                );
                self.save_later();
            }
        }
        true
    }

    /// Others' tokens, or none, are stored in place of ours. A user's login counts; a client's own tokens are used on.
    pub(super) fn superseded(&self) {
        if self.needs_stored_token() {
            self.knowledge().clear();
        } else {
            self.knowledge().leave_unsaved();
        }
    }

    /// Writes in a task of its own, which has the lock as long as it runs: a storage that panics does not take the renewal
    /// with it, and one that is slow beyond measure is not broken off.
    pub(super) async fn write_apart(
        self: &Arc<Self>,
        storage: &Arc<dyn TokenStorage>,
        lock: &mut Option<StorageLock>,
        data: TokenData,
        before: Option<TokenData>,
    ) -> Result<Written, StorageError> {
        let (shared, storage, held) = (Arc::clone(self), Arc::clone(storage), lock.take());
        let task = tokio::spawn(async move {
            let written = shared.write(storage.as_ref(), data, before.as_ref()).await;
            (held, written)
        });
        match limited(task).await {
            Some(Ok((held, written))) => {
                *lock = held;
                written
            }
            Some(Err(err)) => Err(panicked(err)),
            None => Err(too_slow()),
        }
    }

    async fn write(
        &self,
        storage: &dyn TokenStorage,
        mut data: TokenData,
        before: Option<&TokenData>,
    ) -> Result<Written, StorageError> {
        // The lock keeps renewals apart. A login takes none, and may come first at any moment.
        loop {
            let now = storage.get_token_data(self.settings.name()).await?;
            match self.place(before, now.as_ref(), &data) {
                Place::Free => {}
                Place::Served => return Ok(Written::Done),
                Place::Taken => return Ok(Written::Superseded),
            }
            if let Some(now) = &now {
                data.identity_id.clone_from(&now.identity_id);
            }
            if storage.compare_and_swap(self.settings.name(), now.as_ref(), Some(&data)).await? {
                return Ok(Written::Done);
            }
        }
    }

    /// What is stored `now` where `new` is to replace `before`.
    fn place(&self, before: Option<&TokenData>, now: Option<&TokenData>, new: &TokenData) -> Place {
        let refresh_token = |data: Option<&TokenData>| data.and_then(|data| data.refresh_token.clone());
        match now {
            // A write that was given up as too slow has come to its end.
            Some(_) if has_same_tokens(now, Some(new)) => Place::Served,
            None if before.is_some() => Place::Taken,
            None => Place::Free,
            Some(stored) if self.settings.is_foreign(stored) => Place::Taken,
            Some(stored) if stored.refresh_token != refresh_token(before) => Place::Taken,
            // Another program got a later token with the same refresh token, and nothing is lost.
            Some(stored)
                if !has_same_tokens(before, now)
                    && stored.refresh_token == new.refresh_token
                    && stored.expires_at >= new.expires_at =>
            {
                Place::Served
            }
            Some(_) => Place::Free,
        }
    }
}

pub(super) fn too_slow() -> StorageError {
    StorageError::new(
        StorageErrorKind::Unavailable,
        "the token storage took longer than five minutes; see what keeps it",
    )
}

pub(super) fn panicked(err: JoinError) -> StorageError {
    StorageError::new(
        StorageErrorKind::Other,
        "the token storage panicked, or its runtime was shut down; the panic's message says more",
    )
    .with_source(err)
}
