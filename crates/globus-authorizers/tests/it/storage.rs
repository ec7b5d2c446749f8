//! Tokens shared through a storage.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use globus_authorizers::{Authorizer, AuthorizerErrorKind};
use globus_tokenstorage::{JsonTokenStorage, MemoryTokenStorage, TokenData, TokenStorage};
use tokio::task::JoinSet;

use crate::support::{
    Answer, BreakableStorage, FakeAuth, LIFE, RS, authorizer, clock, entry, put, seconds, settle,
    stored_authorizer, token_of,
};

#[tokio::test]
async fn a_good_stored_token_costs_no_exchange() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let storage = MemoryTokenStorage::new();
    put(&storage, entry(&clock, "AgStored", 60)).await;
    // Nor does it wait for whoever holds the lock.
    let _lock = storage.lock(RS).await.unwrap();
    assert_eq!(token_of(&stored_authorizer(&auth, &clock, &storage)).await, "AgStored");
    assert_eq!(auth.calls(), 0);
}

#[tokio::test]
async fn a_rotated_refresh_token_is_stored_with_what_was_there() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Rotate]);
    let storage = MemoryTokenStorage::new();
    put(&storage, entry(&clock, "AgStored", 59)).await;
    let authorizer = stored_authorizer(&auth, &clock, &storage);
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
    let stored = storage.get_token_data(RS).await.unwrap().unwrap();
    assert_eq!(stored.access_token.expose(), "AgAccess1");
    assert_eq!(stored.refresh_token.unwrap().expose(), "AgRotated1");
    assert_eq!(stored.identity_id.as_deref(), Some("identity"));
}

#[tokio::test]
async fn an_answer_without_a_refresh_token_keeps_the_old_one() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let storage = MemoryTokenStorage::new();
    put(&storage, entry(&clock, "AgStored", 0)).await;
    let authorizer = stored_authorizer(&auth, &clock, &storage);
    token_of(&authorizer).await;
    let stored = storage.get_token_data(RS).await.unwrap().unwrap();
    assert_eq!(stored.refresh_token.unwrap().expose(), "AgStoredRefresh");
}

#[tokio::test]
async fn new_tokens_are_stored_then_told_then_used() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Rotate]);
    let storage = MemoryTokenStorage::new();
    put(&storage, entry(&clock, "AgStored", 0)).await;
    let told: Arc<Mutex<Vec<TokenData>>> = Arc::default();
    let stored = stored_authorizer(&auth, &clock, &storage).on_refresh({
        let told = Arc::clone(&told);
        move |data| told.lock().unwrap().push(data.clone())
    });
    token_of(&stored).await;
    let written = storage.get_token_data(RS).await.unwrap().unwrap();
    assert_eq!(*told.lock().unwrap(), [written]);

    // Without a storage of ours, the function is what stores.
    let told = Arc::new(AtomicUsize::new(0));
    let unstored = authorizer(&auth, &clock).on_refresh({
        let told = Arc::clone(&told);
        move |_| {
            told.fetch_add(1, Ordering::SeqCst);
            panic!("as told")
        }
    });
    assert_eq!(token_of(&unstored).await, "AgAccess2");
    assert_eq!(told.load(Ordering::SeqCst), 1);
}

async fn two_authorizers_cost_one_exchange(
    one: impl TokenStorage + Clone + 'static,
    two: impl TokenStorage + Clone + 'static,
) {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Rotate]);
    put(&one, entry(&clock, "AgStored", 0)).await;
    let (one, two) = (stored_authorizer(&auth, &clock, &one), stored_authorizer(&auth, &clock, &two));
    let mut tasks = JoinSet::new();
    for authorizer in [one, two] {
        for _ in 0..20 {
            let authorizer = authorizer.clone();
            tasks.spawn(async move { token_of(&authorizer).await });
        }
    }
    assert!(tasks.join_all().await.iter().all(|token| token == "AgAccess1"));
    assert_eq!(auth.refresh_tokens(), ["AgStoredRefresh"]);
}

#[tokio::test]
async fn two_authorizers_over_one_storage_cost_one_exchange() {
    let storage = MemoryTokenStorage::new();
    two_authorizers_cost_one_exchange(storage.clone(), storage).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_storages_of_one_file_cost_one_exchange() {
    let dir = tempfile::tempdir().unwrap();
    let storage = || JsonTokenStorage::new(dir.path().join("tokens.json"));
    two_authorizers_cost_one_exchange(storage(), storage()).await;
}

#[tokio::test]
async fn an_early_renewal_takes_over_what_another_process_obtained() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let storage = MemoryTokenStorage::new();
    put(&storage, entry(&clock, "AgStored", 400)).await;
    let authorizer = stored_authorizer(&auth, &clock, &storage).with_refresh_ahead(seconds(600));
    assert_eq!(token_of(&authorizer).await, "AgStored");
    put(&storage, entry(&clock, "AgOther", 7200)).await;
    clock.advance(seconds(300));
    authorizer.current_header();
    settle().await;
    assert_eq!(token_of(&authorizer).await, "AgOther");
    assert_eq!(auth.calls(), 0);
}

#[tokio::test]
async fn tokens_that_cannot_be_stored_are_used_and_their_successors_stored() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Rotate, Answer::Rotate, Answer::Rotate]);
    let storage = BreakableStorage::default();
    put(&storage, entry(&clock, "AgStored", 0)).await;
    let authorizer = stored_authorizer(&auth, &clock, &storage);
    storage.writing_fails.store(true, Ordering::SeqCst);
    for token in ["AgAccess1", "AgAccess2"] {
        assert_eq!(token_of(&authorizer).await, token);
        clock.advance(seconds(LIFE));
    }
    storage.writing_fails.store(false, Ordering::SeqCst);
    assert_eq!(token_of(&authorizer).await, "AgAccess3");
    assert_eq!(auth.refresh_tokens(), ["AgStoredRefresh", "AgRotated1", "AgRotated2"]);
    let stored = storage.inner.get_token_data(RS).await.unwrap().unwrap();
    assert_eq!(stored.refresh_token.unwrap().expose(), "AgRotated3");
    assert_eq!(stored.identity_id.as_deref(), Some("identity"));
}

#[tokio::test]
async fn an_outdated_entry_is_not_taken_back() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Rotate]);
    let storage = BreakableStorage::default();
    put(&storage, entry(&clock, "AgStored", 7200)).await;
    let authorizer = stored_authorizer(&auth, &clock, &storage);
    storage.writing_fails.store(true, Ordering::SeqCst);
    // The entry would still be good, but it was refused, and then so was its successor, which could not be stored.
    for token in ["AgStored", "AgAccess1", "AgAccess2"] {
        let header = authorizer.authorization_header().await.unwrap().unwrap();
        assert_eq!(header.value().expose(), format!("Bearer {token}"));
        authorizer.refused(&header);
    }
    assert_eq!(auth.refresh_tokens(), ["AgStoredRefresh", "AgRotated1"]);
}

#[tokio::test]
async fn an_early_renewal_is_not_content_with_the_stored_token() {
    for stored_now in ["AgStored", "AgEndsSooner"] {
        let clock = clock();
        let auth = FakeAuth::new(&clock);
        let storage = MemoryTokenStorage::new();
        put(&storage, entry(&clock, "AgStored", 400)).await;
        let authorizer = stored_authorizer(&auth, &clock, &storage).with_refresh_ahead(seconds(600));
        assert_eq!(token_of(&authorizer).await, "AgStored");
        put(&storage, entry(&clock, stored_now, if stored_now == "AgStored" { 400 } else { 300 })).await;
        clock.advance(seconds(250));
        authorizer.current_header();
        settle().await;
        assert_eq!(token_of(&authorizer).await, "AgAccess1");
    }
}

#[tokio::test]
async fn a_storage_that_cannot_be_read_or_locked_spends_no_refresh_token() {
    for broken in [
        |s: &BreakableStorage| Arc::clone(&s.reading_fails),
        |s: &BreakableStorage| Arc::clone(&s.locking_fails),
    ] {
        let clock = clock();
        let auth = FakeAuth::new(&clock);
        let storage = BreakableStorage::default();
        put(&storage, entry(&clock, "AgStored", 0)).await;
        let authorizer = stored_authorizer(&auth, &clock, &storage);
        let broken = broken(&storage);
        broken.store(true, Ordering::SeqCst);
        let err = authorizer.authorization_header().await.unwrap_err();
        assert_eq!(err.kind(), AuthorizerErrorKind::Storage);
        assert!(err.to_string().contains("the disk is gone") && err.storage_error().is_some(), "{err}");
        assert_eq!(auth.calls(), 0);
        broken.store(false, Ordering::SeqCst);
        assert_eq!(token_of(&authorizer).await, "AgAccess1");
    }
}

#[tokio::test]
async fn a_wrong_resource_server_does_not_cost_the_refresh_token() {
    let clock = clock();
    for stored in [false, true] {
        let auth =
            FakeAuth::new(&clock).answers([Answer::RotateFor("groups.api.globus.org"), Answer::Rotate]);
        let storage = MemoryTokenStorage::new();
        put(&storage, entry(&clock, "AgStored", 0)).await;
        let authorizer =
            if stored { stored_authorizer(&auth, &clock, &storage) } else { authorizer(&auth, &clock) };
        let err = authorizer.authorization_header().await.unwrap_err();
        assert_eq!(err.kind(), AuthorizerErrorKind::UnexpectedTokens);
        if stored {
            let kept = entry(&clock, "AgStored", 0).with_refresh_token(Some("AgRotated1".into()));
            assert_eq!(storage.get_token_data(RS).await.unwrap(), Some(kept));
        }
        assert_eq!(token_of(&authorizer).await, "AgAccess2");
        assert_eq!(auth.refresh_tokens()[1], "AgRotated1");
    }
}
