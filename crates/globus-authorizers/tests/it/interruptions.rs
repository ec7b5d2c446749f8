//! Renewals that do not come to their end.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use globus_authorizers::{Authorizer, AuthorizerErrorKind};
use globus_tokenstorage::TokenStorage;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use crate::support::{
    Answer, BreakableStorage, FakeAuth, LIFE, RS, authorizer, clock, entry, put, seconds, settle,
    stored_authorizer, token_of,
};

#[tokio::test]
async fn a_panic_in_the_exchange_is_an_error_and_the_next_call_tries_again() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Panic]);
    let authorizer = authorizer(&auth, &clock);
    let err = authorizer.authorization_header().await.unwrap_err();
    assert_eq!(err.kind(), AuthorizerErrorKind::Interrupted);
    assert!(err.is_transient());
    assert_eq!(token_of(&authorizer).await, "AgAccess2");
}

#[tokio::test(start_paused = true)]
async fn an_exchange_that_never_ends_is_given_up() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Hang]);
    let authorizer = authorizer(&auth, &clock);
    let err = authorizer.authorization_header().await.unwrap_err();
    assert!(err.to_string().contains("did not answer within five minutes"), "{err}");
    assert_eq!(token_of(&authorizer).await, "AgAccess2");
}

#[tokio::test]
async fn a_panic_in_the_write_loses_no_refresh_token() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Rotate, Answer::Rotate]);
    let storage = BreakableStorage::default();
    put(&storage, entry(&clock, "AgStored", 0)).await;
    let authorizer = stored_authorizer(&auth, &clock, &storage);
    storage.writing_panics.store(true, Ordering::SeqCst);
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
    storage.writing_panics.store(false, Ordering::SeqCst);
    clock.advance(seconds(LIFE));
    assert_eq!(token_of(&authorizer).await, "AgAccess2");
    assert_eq!(auth.refresh_tokens(), ["AgStoredRefresh", "AgRotated1"]);
    let stored = storage.get_token_data(RS).await.unwrap().unwrap();
    assert_eq!(stored.refresh_token.unwrap().expose(), "AgRotated2");
}

#[tokio::test(start_paused = true)]
async fn a_write_that_never_ends_keeps_nobody_from_the_tokens() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Rotate]);
    let storage = BreakableStorage::default();
    put(&storage, entry(&clock, "AgStored", 0)).await;
    let authorizer = stored_authorizer(&auth, &clock, &storage);
    storage.writing_hangs.store(true, Ordering::SeqCst);
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
    // The lock stays with the write, so that it cannot come after a later one.
    clock.advance(seconds(LIFE));
    let err = authorizer.authorization_header().await.unwrap_err();
    assert_eq!(err.kind(), AuthorizerErrorKind::Storage);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_comes_late_has_all_the_time_to_be_stored() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::RotateAfter(seconds(299))]);
    let storage = BreakableStorage::default();
    put(&storage, entry(&clock, "AgStored", 0)).await;
    let authorizer = stored_authorizer(&auth, &clock, &storage);
    storage.writing_takes.store(60, Ordering::SeqCst);
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
    let stored = storage.get_token_data(RS).await.unwrap().unwrap();
    assert_eq!(stored.refresh_token.unwrap().expose(), "AgRotated1");
}

#[test]
fn a_runtime_that_ends_during_the_write_loses_no_refresh_token() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Rotate]);
    let storage = BreakableStorage::default();
    let build = || tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let (one, two) = (build(), build());
    let authorizer = stored_authorizer(&auth, &clock, &storage);
    let first = authorizer.clone();
    one.block_on(async {
        put(&storage, entry(&clock, "AgStored", 0)).await;
        storage.writing_hangs.store(true, Ordering::SeqCst);
        tokio::spawn(async move { first.authorization_header().await });
        settle().await;
        assert_eq!(auth.calls(), 1);
    });
    drop(one);
    storage.writing_hangs.store(false, Ordering::SeqCst);
    assert_eq!(two.block_on(token_of(&authorizer)), "AgAccess2");
    assert_eq!(auth.refresh_tokens(), ["AgStoredRefresh", "AgRotated1"]);
}

#[test]
fn the_end_of_a_runtime_wakes_those_who_wait_on_another() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Hang]);
    let authorizer = Arc::new(authorizer(&auth, &clock));
    let build = || tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let (one, two) = (build(), build());
    let first = Arc::clone(&authorizer);
    one.block_on(async move {
        tokio::spawn(async move { first.authorization_header().await });
        settle().await;
    });
    two.block_on(async move {
        let waiting = Arc::clone(&authorizer);
        let waiting = tokio::spawn(async move { waiting.authorization_header().await });
        settle().await;
        one.shutdown_background();
        let err = waiting.await.unwrap().unwrap_err();
        assert_eq!(err.kind(), AuthorizerErrorKind::Interrupted);
        assert_eq!(token_of(&authorizer).await, "AgAccess2");
    });
}

#[test]
fn without_a_runtime_there_is_an_error_and_no_panic() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = authorizer(&auth, &clock);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(Err(err)) = authorizer.authorization_header().as_mut().poll(&mut context)
    else {
        panic!("no error");
    };
    assert!(err.to_string().contains("no tokio runtime"), "{err}");
}

#[tokio::test]
async fn a_storage_that_panics_is_an_error_and_the_next_call_tries_again() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Rotate]);
    let storage = BreakableStorage::default();
    put(&storage, entry(&clock, "AgStored", 0)).await;
    let authorizer = stored_authorizer(&auth, &clock, &storage);
    for panics in [&storage.reading_panics, &storage.locking_panics] {
        panics.store(true, Ordering::SeqCst);
        let err = authorizer.authorization_header().await.unwrap_err();
        assert_eq!(err.kind(), AuthorizerErrorKind::Interrupted);
        panics.store(false, Ordering::SeqCst);
    }
    assert_eq!(auth.calls(), 0);
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
}

/// A runtime of one thread, which runs only while something blocks on it.
fn runtime(paused: bool) -> Runtime {
    Builder::new_current_thread().enable_time().start_paused(paused).build().unwrap()
}

#[test]
fn a_renewal_on_a_runtime_that_nobody_drives_any_more_keeps_nobody_waiting() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = authorizer(&auth, &clock);
    let (idle, busy) = (runtime(false), runtime(true));
    idle.block_on(async {
        auth.close_gate();
        let authorizer = authorizer.clone();
        tokio::spawn(async move { authorizer.authorization_header().await });
        settle().await;
        assert_eq!(auth.calls(), 1);
    });
    // From here on the first runtime stands still, with the renewal in it.
    auth.open_gate();
    busy.block_on(async {
        let mut tasks = JoinSet::new();
        for _ in 0..50 {
            let authorizer = authorizer.clone();
            tasks.spawn(async move { token_of(&authorizer).await });
        }
        assert!(tasks.join_all().await.iter().all(|token| token == "AgAccess2"));
        authorizer.settle().await;
    });
    assert_eq!(auth.calls(), 2);
    // When it goes on, it changes nothing any more.
    idle.block_on(settle());
    assert_eq!(busy.block_on(token_of(&authorizer)), "AgAccess2");
}

#[test]
fn two_runtimes_that_share_an_authorizer_share_its_renewals() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = authorizer(&auth, &clock);
    let threads: Vec<_> = (0..2)
        .map(|_| {
            let authorizer = authorizer.clone();
            std::thread::spawn(move || {
                runtime(false).block_on(async {
                    let mut tasks = JoinSet::new();
                    for _ in 0..500 {
                        let authorizer = authorizer.clone();
                        tasks.spawn(async move { token_of(&authorizer).await });
                    }
                    tasks.join_all().await
                })
            })
        })
        .collect();
    for thread in threads {
        assert!(thread.join().unwrap().iter().all(|token| token == "AgAccess1"));
    }
    assert_eq!(auth.calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn settling_waits_for_no_renewal_that_stands_still() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = authorizer(&auth, &clock);
    let idle = authorizer.clone();
    let idle = std::thread::spawn(move || {
        let runtime = runtime(false);
        runtime.block_on(async {
            tokio::spawn(async move { idle.authorization_header().await });
            tokio::task::yield_now().await;
        });
        runtime
    })
    .join()
    .unwrap();
    authorizer.settle().await;
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
    idle.shutdown_background();
}
