//! Tokens that the storage does not take at once.

use std::sync::atomic::Ordering;

use globus_auth_core::{ExchangeErrorKind, ManualClock};
use globus_authorizers::{Authorizer, RefreshTokenAuthorizer};
use globus_tokenstorage::TokenStorage;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep};
use tracing::Level;

use crate::events::Events;
use crate::support::{
    Answer, BreakableStorage, FakeAuth, LIFE, RS, clock, entry, put, seconds, settle, stored_authorizer,
    token_of,
};

/// An authorizer whose new tokens could not be stored.
async fn unsaved(auth: &FakeAuth, clock: &ManualClock, storage: &BreakableStorage) -> RefreshTokenAuthorizer {
    put(storage, entry(clock, "AgStored", 0)).await;
    auth.next_answer(Answer::Rotate);
    storage.writing_fails.store(true, Ordering::SeqCst);
    let authorizer = stored_authorizer(auth, clock, storage);
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
    authorizer
}

async fn stored_refresh_token(storage: &BreakableStorage) -> Option<String> {
    let stored = storage.inner.get_token_data(RS).await.unwrap()?;
    stored.refresh_token.map(|token| token.expose().to_owned())
}

fn tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

#[tokio::test(start_paused = true)]
async fn a_write_that_was_refused_is_tried_again_until_it_works() {
    let (clock, storage) = (clock(), BreakableStorage::default());
    let auth = FakeAuth::new(&clock);
    let events = Events::record();
    let authorizer = unsaved(&auth, &clock, &storage).await;
    assert_eq!(
        events.take(Level::WARN),
        [
            "the renewed tokens are used from memory alone, since they could not be stored: the disk is gone; the write is \
          tried again until it works, and the login may be lost if the program ends before"
        ]
    );
    let writes = storage.writes.load(Ordering::SeqCst);
    sleep(seconds(600)).await;
    let tried = storage.writes.load(Ordering::SeqCst) - writes;
    assert!((10..=16).contains(&tried), "{tried} attempts in ten minutes");
    assert_eq!(events.take(Level::WARN), [""; 0]);
    assert_eq!(stored_refresh_token(&storage).await.unwrap(), "AgStoredRefresh");

    storage.writing_fails.store(false, Ordering::SeqCst);
    sleep(seconds(61)).await;
    assert_eq!(stored_refresh_token(&storage).await.unwrap(), "AgRotated1");
    assert_eq!(storage.inner.get_token_data(RS).await.unwrap().unwrap().identity_id.unwrap(), "identity");
    assert!(events.take(Level::INFO).contains(&"the renewed tokens are stored now".to_owned()));
    assert_eq!((auth.calls(), tasks()), (1, 0));
    drop(authorizer);
    assert_eq!(events.take(Level::WARN), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_login_that_comes_before_the_next_attempt_stays() {
    let (clock, storage) = (clock(), BreakableStorage::default());
    let auth = FakeAuth::new(&clock);
    let _authorizer = unsaved(&auth, &clock, &storage).await;
    let login = entry(&clock, "AgLogin", 3600).with_refresh_token(Some("AgLoginRefresh".into()));
    put(&storage.inner, login.clone()).await;
    storage.writing_fails.store(false, Ordering::SeqCst);
    sleep(seconds(600)).await;
    assert_eq!(storage.inner.get_token_data(RS).await.unwrap(), Some(login));
    assert_eq!(tasks(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_logout_that_comes_before_the_next_attempt_is_not_undone() {
    let (clock, storage) = (clock(), BreakableStorage::default());
    let auth = FakeAuth::new(&clock);
    let authorizer = unsaved(&auth, &clock, &storage).await;
    assert!(storage.remove_token_data(RS).await.unwrap());
    storage.writing_fails.store(false, Ordering::SeqCst);
    sleep(seconds(600)).await;
    assert_eq!(storage.inner.get_token_data(RS).await.unwrap(), None);
    clock.advance(seconds(LIFE));
    assert!(authorizer.authorization_header().await.unwrap_err().needs_login());
    assert_eq!((auth.calls(), tasks()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn settling_tries_at_once_and_says_when_it_is_in_vain() {
    let (clock, storage) = (clock(), BreakableStorage::default());
    let auth = FakeAuth::new(&clock);
    let events = Events::record();
    let authorizer = unsaved(&auth, &clock, &storage).await;
    events.take(Level::WARN);
    let began = Instant::now();
    authorizer.settle().await;
    assert_eq!(
        events.take(Level::WARN),
        [
            "the renewed tokens are in memory alone, and the login may be lost with this program: the disk is gone"
        ]
    );
    storage.writing_fails.store(false, Ordering::SeqCst);
    authorizer.settle().await;
    assert_eq!(stored_refresh_token(&storage).await.unwrap(), "AgRotated1");
    assert_eq!(began, Instant::now());
    sleep(seconds(61)).await;
    assert_eq!(tasks(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_attempts_end_with_the_authorizer_which_says_what_is_lost() {
    let (clock, storage) = (clock(), BreakableStorage::default());
    let auth = FakeAuth::new(&clock);
    let events = Events::record();
    let authorizer = unsaved(&auth, &clock, &storage).await;
    sleep(seconds(10)).await;
    assert_eq!(tasks(), 1);
    events.take(Level::WARN);
    drop(authorizer);
    settle().await;
    assert_eq!(tasks(), 0);
    let warnings = events.take(Level::WARN);
    assert!(matches!(&*warnings, [only] if only.contains("a new refresh token that could not be stored")));
}

#[tokio::test(start_paused = true)]
async fn no_lock_is_held_between_the_attempts() {
    let (clock, storage) = (clock(), BreakableStorage::default());
    let auth = FakeAuth::new(&clock);
    let _authorizer = unsaved(&auth, &clock, &storage).await;
    for _ in 0..300 {
        let before = Instant::now();
        drop(storage.inner.lock(RS).await.unwrap());
        assert_eq!(before, Instant::now());
        sleep(seconds(1) / 2).await;
    }
}

#[tokio::test(start_paused = true)]
async fn another_process_recovers_when_the_write_works_at_last() {
    let (clock, storage) = (clock(), BreakableStorage::default());
    let auth = FakeAuth::new(&clock);
    let _authorizer = unsaved(&auth, &clock, &storage).await;
    auth.next_answer(Answer::Fail(ExchangeErrorKind::InvalidGrant));
    let another = stored_authorizer(&auth, &clock, &storage);
    for _ in 0..3 {
        assert!(another.authorization_header().await.unwrap_err().needs_login());
    }
    storage.writing_fails.store(false, Ordering::SeqCst);
    sleep(seconds(60)).await;
    assert_eq!(token_of(&another).await, "AgAccess1");
    assert_eq!(auth.refresh_tokens(), ["AgStoredRefresh", "AgStoredRefresh"]);
}

#[tokio::test(start_paused = true)]
async fn the_next_renewal_stores_its_own_tokens_and_nothing_comes_after_them() {
    let (clock, storage) = (clock(), BreakableStorage::default());
    let auth = FakeAuth::new(&clock);
    let authorizer = unsaved(&auth, &clock, &storage).await;
    storage.writing_fails.store(false, Ordering::SeqCst);
    auth.next_answer(Answer::Rotate);
    clock.advance(seconds(LIFE));
    assert_eq!(token_of(&authorizer).await, "AgAccess2");
    let writes = storage.writes.load(Ordering::SeqCst);
    sleep(seconds(600)).await;
    assert_eq!(stored_refresh_token(&storage).await.unwrap(), "AgRotated2");
    assert_eq!((storage.writes.load(Ordering::SeqCst), tasks()), (writes, 0));
    assert_eq!(auth.refresh_tokens(), ["AgStoredRefresh", "AgRotated1"]);
}

#[tokio::test(start_paused = true)]
async fn a_storage_that_panics_or_has_no_lock_ends_no_attempts() {
    let (clock, storage) = (clock(), BreakableStorage::default());
    let auth = FakeAuth::new(&clock);
    let authorizer = unsaved(&auth, &clock, &storage).await;
    storage.writing_fails.store(false, Ordering::SeqCst);
    for trouble in [
        &storage.locking_panics,
        &storage.reading_panics,
        &storage.writing_panics,
        &storage.locking_fails,
        &storage.reading_fails,
    ] {
        trouble.store(true, Ordering::SeqCst);
        sleep(seconds(120)).await;
        authorizer.settle().await;
        trouble.store(false, Ordering::SeqCst);
        assert_eq!(stored_refresh_token(&storage).await.unwrap(), "AgStoredRefresh");
    }
    sleep(seconds(61)).await;
    assert_eq!(stored_refresh_token(&storage).await.unwrap(), "AgRotated1");
    assert_eq!(tasks(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_write_that_was_given_up_as_too_slow_and_works_in_the_end_is_not_repeated() {
    let (clock, storage) = (clock(), BreakableStorage::default());
    let auth = FakeAuth::new(&clock).answers([Answer::Rotate]);
    put(&storage, entry(&clock, "AgStored", 0)).await;
    storage.writes.store(0, Ordering::SeqCst);
    storage.writing_takes.store(500, Ordering::SeqCst);
    let authorizer = stored_authorizer(&auth, &clock, &storage);
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
    assert_eq!(stored_refresh_token(&storage).await.unwrap(), "AgStoredRefresh");
    sleep(seconds(600)).await;
    assert_eq!(stored_refresh_token(&storage).await.unwrap(), "AgRotated1");
    assert_eq!((storage.writes.load(Ordering::SeqCst), tasks()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn an_identity_that_becomes_known_meanwhile_does_not_bring_the_spent_token_back() {
    let (clock, storage) = (clock(), BreakableStorage::default());
    let auth = FakeAuth::new(&clock);
    let authorizer = unsaved(&auth, &clock, &storage).await;
    put(&storage.inner, entry(&clock, "AgStored", 0).with_identity_id(Some("found".to_owned()))).await;
    clock.advance(seconds(LIFE));
    auth.next_answer(Answer::Rotate);
    assert_eq!(token_of(&authorizer).await, "AgAccess2");
    assert_eq!(auth.refresh_tokens(), ["AgStoredRefresh", "AgRotated1"]);
    storage.writing_fails.store(false, Ordering::SeqCst);
    authorizer.settle().await;
    let stored = storage.inner.get_token_data(RS).await.unwrap().unwrap();
    assert_eq!(
        (stored.refresh_token.unwrap().expose(), stored.identity_id.unwrap()),
        ("AgRotated2", "found".into())
    );
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_had_to_wait_for_a_renewal_stores_what_that_has_brought() {
    let (clock, storage) = (clock(), BreakableStorage::default());
    let auth = FakeAuth::new(&clock);
    let events = Events::record();
    let authorizer = unsaved(&auth, &clock, &storage).await;
    events.take(Level::WARN);
    auth.close_gate();
    auth.next_answer(Answer::Rotate);
    clock.advance(seconds(LIFE));
    let waiting = tokio::spawn(async move { token_of(&authorizer).await });
    sleep(seconds(5)).await;
    // The renewal has the lock, and the attempt waits for it. The second write fails too, and then the storage is mended.
    storage.turns.store(20, Ordering::SeqCst);
    auth.open_gate();
    while events.take(Level::WARN).is_empty() {
        tokio::task::yield_now().await;
    }
    storage.writing_fails.store(false, Ordering::SeqCst);
    assert_eq!(waiting.await.unwrap(), "AgAccess2");
    settle().await;
    assert_eq!(stored_refresh_token(&storage).await.unwrap(), "AgRotated2");
    assert_eq!(auth.refresh_tokens(), ["AgStoredRefresh", "AgRotated1"]);
}
