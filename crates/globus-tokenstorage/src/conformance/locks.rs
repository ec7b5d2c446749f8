//! One promise each: locks.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::task::{JoinSet, yield_now};

use super::Violation;
use super::checks::{Checked, WRITERS, all, ensure, put, token};
use crate::{StorageErrorKind, TokenStorage};

pub(super) async fn a_lock_is_held_by_one(storage: impl TokenStorage + 'static) -> Checked {
    const PROMISE: &str = "a lock is held by one at a time";
    let storage = Arc::new(storage);
    let holders = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..WRITERS {
        let (storage, holders) = (Arc::clone(&storage), Arc::clone(&holders));
        tasks.spawn(async move {
            let lock = storage.lock("rs").await?;
            ensure(holders.fetch_add(1, Ordering::SeqCst) == 0, PROMISE)?;
            // Others that could get the lock now would do so here.
            for _ in 0..3 {
                yield_now().await;
            }
            ensure(holders.fetch_sub(1, Ordering::SeqCst) == 1, PROMISE)?;
            drop(lock);
            Ok(())
        });
    }
    all(tasks).await
}

pub(super) async fn locks_of_different_keys_are_independent(storage: &impl TokenStorage) -> Checked {
    let _one = storage.lock("a").await?;
    let _two = storage.lock("b").await?;
    Ok(())
}

pub(super) async fn a_lock_does_not_hinder_reading_and_writing(storage: &impl TokenStorage) -> Checked {
    let lock = storage.lock("a").await?;
    put(storage, "a", token("a", "Ag1")).await?;
    ensure(storage.get_token_data("a").await?.is_some(), "a lock does not hinder reading and writing")?;
    drop(lock);
    drop(storage.lock("a").await?);
    Ok(())
}

pub(super) async fn locks_of_different_namespaces_are_independent(
    one: &impl TokenStorage,
    other: &impl TokenStorage,
) -> Checked {
    let _one = one.lock("rs").await?;
    let _other = other.lock("rs").await?;
    Ok(())
}

pub(super) async fn who_stops_waiting_leaves_the_line(storage: impl TokenStorage + 'static) -> Checked {
    let storage = Arc::new(storage);
    // How far it has come when it is dropped is nobody's business: each time somewhere else.
    for steps in 0..WRITERS {
        let held = storage.lock("rs").await?;
        let waiting = tokio::spawn({
            let storage = Arc::clone(&storage);
            async move { storage.lock("rs").await }
        });
        for _ in 0..steps {
            yield_now().await;
        }
        waiting.abort();
        let came = waiting.await;
        ensure(!matches!(came, Ok(Ok(_))), "a lock is held by one at a time")?;
        drop(held);
        match storage.lock("rs").await {
            Ok(lock) => drop(lock),
            Err(err) if err.kind() == StorageErrorKind::LockTimedOut => {
                return Err(Violation::of("who stops waiting for a lock does not take it"));
            }
            Err(err) => return Err(err.into()),
        }
    }
    Ok(())
}

pub(super) async fn waiting_for_a_lock_ends(storage: &impl TokenStorage) -> Checked {
    let held = storage.lock("rs").await?;
    match storage.lock("rs").await {
        Ok(_) => return Err(Violation::of("a lock is held by one at a time")),
        Err(err) => {
            let says_so = err.kind() == StorageErrorKind::LockTimedOut && err.is_transient();
            ensure(says_so, "waiting for a lock ends with `LockTimedOut`")?;
        }
    }
    drop(storage.lock("another").await?);
    drop(held);
    drop(storage.lock("rs").await?);
    Ok(())
}
