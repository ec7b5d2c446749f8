//! What a 401 does.

use globus_authorizers::Authorizer;
use globus_tokenstorage::MemoryTokenStorage;
use tokio::task::JoinSet;

use crate::support::{FakeAuth, authorizer, clock, entry, put, settle, stored_authorizer, token_of};

#[tokio::test]
async fn fifty_refusals_of_one_token_cost_one_renewal() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = authorizer(&auth, &clock);
    let old = authorizer.authorization_header().await.unwrap().unwrap();
    let mut tasks = JoinSet::new();
    for turn in 0..50 {
        let (authorizer, old) = (authorizer.clone(), old.clone());
        tasks.spawn(async move {
            for _ in 0..turn {
                tokio::task::yield_now().await;
            }
            assert!(authorizer.refused(&old));
            token_of(&authorizer).await
        });
    }
    assert!(tasks.join_all().await.iter().all(|token| token == "AgAccess2"));
    assert_eq!(auth.calls(), 2);
}

#[tokio::test]
async fn the_refusal_of_an_older_token_leaves_the_newer_alone() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = authorizer(&auth, &clock);
    let old = authorizer.authorization_header().await.unwrap().unwrap();
    assert!(authorizer.refused(&old));
    let new = authorizer.authorization_header().await.unwrap().unwrap();
    assert!(authorizer.refused(&old));
    assert_eq!(authorizer.current_header(), Some(new));
    settle().await;
    assert_eq!(auth.calls(), 2);
}

#[tokio::test]
async fn a_refused_token_is_not_taken_from_the_storage_again() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let storage = MemoryTokenStorage::new();
    put(&storage, entry(&clock, "AgStored", 3600)).await;
    let authorizer = stored_authorizer(&auth, &clock, &storage);
    let stored = authorizer.authorization_header().await.unwrap().unwrap();
    authorizer.refused(&stored);
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
}

#[tokio::test]
async fn after_a_refusal_the_token_of_another_process_will_do() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let storage = MemoryTokenStorage::new();
    put(&storage, entry(&clock, "AgStored", 3600)).await;
    let authorizer = stored_authorizer(&auth, &clock, &storage);
    let stored = authorizer.authorization_header().await.unwrap().unwrap();
    put(&storage, entry(&clock, "AgOther", 1800)).await;
    authorizer.refused(&stored);
    assert_eq!(token_of(&authorizer).await, "AgOther");
    assert_eq!(auth.calls(), 0);
}
