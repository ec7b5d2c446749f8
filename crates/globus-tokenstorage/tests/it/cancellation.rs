//! Futures that are dropped: after any number of polls, in every storage.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use globus_auth_core::{OAuthToken, OAuthTokenResponse, UnixTime};
use globus_tokenstorage::{MemoryTokenStorage, TokenData, TokenStorage};

#[cfg(any(feature = "json", feature = "sqlite"))]
use crate::support::{FILES, open_with, quick_dir};

/// A lock that was left behind keeps a test waiting for this long, and fails it.
const PATIENCE: Duration = Duration::from_secs(10);

/// Polls a future so many times, each time once it is woken, and drops it. `None` when it was not done by then.
async fn polled<T>(future: impl Future<Output = T>, polls: usize) -> Option<T> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(value) => Poll::Ready(Some(value)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

fn token(text: &str) -> TokenData {
    TokenData::new("rs", "s", text, UnixTime::from_seconds(5))
}

fn response() -> OAuthTokenResponse {
    OAuthTokenResponse::from_tokens(
        vec![OAuthToken::new("rs", "s", "AgNew", UnixTime::from_seconds(5))],
        None,
    )
}

/// What a storage does, each of it over a stored `AgOld`, and `AgNew` or nothing after it.
async fn run(storage: &dyn TokenStorage, operation: usize, polls: usize) -> Option<bool> {
    let (old, new) = (token("AgOld"), token("AgNew"));
    let tokens = [("rs".to_owned(), new.clone()), ("more".to_owned(), new.clone())].into();
    Some(match operation {
        0 => polled(storage.get_token_data("rs"), polls).await?.unwrap().is_some(),
        1 => polled(storage.get_token_data_by_resource_server(), polls).await?.unwrap().len() == 1,
        2 => polled(storage.store_token_data_by_resource_server(&tokens), polls).await?.is_ok(),
        3 => polled(storage.store_token_data(&new), polls).await?.is_ok(),
        4 => polled(storage.remove_token_data("rs"), polls).await?.unwrap(),
        5 => polled(storage.compare_and_swap("rs", Some(&old), Some(&new)), polls).await?.unwrap(),
        6 => polled(storage.compare_and_swap("rs", Some(&old), None), polls).await?.unwrap(),
        7 => polled(storage.lock("rs"), polls).await?.is_ok(),
        8 => polled(storage.store_token_response(&response()), polls).await?.is_ok(),
        _ => polled(storage.store_token_response_for(&response(), None), polls).await?.is_ok(),
    })
}

/// After each number of polls up to the last: what is stored is the old or the new, nothing is locked, and the next change is
/// the last.
async fn survives_being_dropped(storage: &dyn TokenStorage) {
    for operation in 0..10 {
        for polls in 0.. {
            storage.remove_token_data("more").await.unwrap();
            storage.store_token_data(&token("AgOld")).await.unwrap();
            let done = run(storage, operation, polls).await;
            assert_ne!(done, Some(false), "operation {operation}");

            let found = storage.get_token_data_by_resource_server().await.unwrap();
            let text = found.get("rs").map(|data| data.access_token.expose());
            assert!(
                matches!(text, Some("AgOld" | "AgNew")) || matches!((text, operation), (None, 4 | 6)),
                "{found:?}"
            );
            assert_eq!(found.contains_key("more"), operation == 2 && text == Some("AgNew"), "half a write");
            drop(storage.lock("rs").await.unwrap());
            // What was begun and not waited for does not come after what is done now.
            storage.store_token_data(&token("AgLast")).await.unwrap();
            let last = storage.get_token_data("rs").await.unwrap().unwrap();
            assert_eq!(last.access_token.expose(), "AgLast", "operation {operation} after {polls} polls");
            if done.is_some() {
                break;
            }
        }
    }
}

/// As long as `other`, another storage in the same place, has the lock, waiting for it is broken off anywhere.
async fn leaves_the_line_when_dropped(storage: &dyn TokenStorage, other: &dyn TokenStorage) {
    for polls in 0..50 {
        let held = other.lock("rs").await.unwrap();
        let mut waiting = storage.lock("rs");
        for _ in 0..polls {
            let polled = poll_fn(|context| Poll::Ready(waiting.as_mut().poll(context))).await;
            assert!(polled.is_pending(), "two hold one lock");
            tokio::task::yield_now().await;
        }
        drop(waiting);
        drop(held);
        drop(other.lock("rs").await.unwrap());
        drop(storage.lock("rs").await.unwrap());
    }
}

#[tokio::test]
async fn memory_survives_futures_that_are_dropped() {
    let storage = MemoryTokenStorage::new().with_lock_timeout(PATIENCE);
    survives_being_dropped(&storage).await;
    leaves_the_line_when_dropped(&storage, &storage.clone()).await;
    survives_being_dropped(&Arc::new(storage)).await;
}

#[cfg(any(feature = "json", feature = "sqlite"))]
#[tokio::test]
async fn files_survive_futures_that_are_dropped() {
    for name in FILES {
        let dir = quick_dir();
        let path = dir.path().join(name);
        let storage = open_with(&path, "DEFAULT", PATIENCE);
        survives_being_dropped(&*storage).await;
        leaves_the_line_when_dropped(&*storage, &*open_with(&path, "DEFAULT", PATIENCE)).await;
    }
}
