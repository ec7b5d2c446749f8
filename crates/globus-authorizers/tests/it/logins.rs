//! Logins and logouts while a renewal is on its way.

use globus_authorizers::{Authorizer, RefreshTokenAuthorizer};
use globus_tokenstorage::{MemoryTokenStorage, TokenData, TokenStorage};
use tokio::task::JoinHandle;

use crate::support::{Answer, FakeAuth, RS, clock, entry, put, settle, stored_authorizer, token_of};

/// An entry with another refresh token than that of [`entry`].
fn new_login(access_token: &str, left: i64) -> TokenData {
    entry(&clock(), access_token, left)
        .with_refresh_token(Some("AgNewLogin".into()))
        .with_identity_id(Some("somebody else".to_owned()))
}

/// A renewal of a stored token, which has come as far as the exchange.
async fn renewal(auth: &FakeAuth, storage: &MemoryTokenStorage) -> (RefreshTokenAuthorizer, JoinHandle<()>) {
    let clock = clock();
    put(storage, entry(&clock, "AgStored", 0)).await;
    let authorizer = stored_authorizer(auth, &clock, storage);
    auth.close_gate();
    let renewing = authorizer.clone();
    let task = tokio::spawn(async move { drop(renewing.authorization_header().await) });
    settle().await;
    assert_eq!(auth.calls(), 1);
    (authorizer, task)
}

#[tokio::test]
async fn a_login_during_a_renewal_stays_and_is_used() {
    let auth = FakeAuth::new(&clock()).answers([Answer::Rotate]);
    let storage = MemoryTokenStorage::new();
    let (authorizer, task) = renewal(&auth, &storage).await;
    put(&storage, new_login("AgLogin", 3600)).await;
    auth.open_gate();
    task.await.unwrap();
    assert_eq!(token_of(&authorizer).await, "AgLogin");
    assert_eq!(storage.get_token_data(RS).await.unwrap(), Some(new_login("AgLogin", 3600)));
    assert_eq!(auth.calls(), 1);
}

#[tokio::test]
async fn a_login_during_a_renewal_is_renewed_in_its_turn_if_it_has_to_be() {
    let auth = FakeAuth::new(&clock()).answers([Answer::Rotate, Answer::Rotate]);
    let storage = MemoryTokenStorage::new();
    let (authorizer, task) = renewal(&auth, &storage).await;
    put(&storage, new_login("AgLogin", 0)).await;
    auth.open_gate();
    task.await.unwrap();
    assert_eq!(token_of(&authorizer).await, "AgAccess2");
    assert_eq!(auth.refresh_tokens(), ["AgStoredRefresh", "AgNewLogin"]);
    let stored = storage.get_token_data(RS).await.unwrap().unwrap();
    assert_eq!(stored.refresh_token.unwrap().expose(), "AgRotated2");
    assert_eq!(stored.identity_id.as_deref(), Some("somebody else"));
}

#[tokio::test]
async fn a_logout_during_a_renewal_is_not_undone() {
    let auth = FakeAuth::new(&clock()).answers([Answer::Rotate]);
    let storage = MemoryTokenStorage::new();
    let (authorizer, task) = renewal(&auth, &storage).await;
    assert!(storage.remove_token_data(RS).await.unwrap());
    auth.open_gate();
    task.await.unwrap();
    assert_eq!(storage.get_token_data(RS).await.unwrap(), None);
    assert!(authorizer.authorization_header().await.unwrap_err().needs_login());
    assert_eq!(auth.calls(), 1);
}

#[tokio::test]
async fn an_identity_that_becomes_known_during_a_renewal_is_kept() {
    let auth = FakeAuth::new(&clock()).answers([Answer::Rotate]);
    let storage = MemoryTokenStorage::new();
    let (_, task) = renewal(&auth, &storage).await;
    put(&storage, entry(&clock(), "AgStored", 0).with_identity_id(Some("found".to_owned()))).await;
    auth.open_gate();
    task.await.unwrap();
    let stored = storage.get_token_data(RS).await.unwrap().unwrap();
    assert_eq!(stored.refresh_token.unwrap().expose(), "AgRotated1");
    assert_eq!(stored.identity_id.as_deref(), Some("found"));
}

#[tokio::test]
async fn a_later_token_of_the_same_login_is_not_replaced_by_an_earlier_one() {
    let auth = FakeAuth::new(&clock());
    let storage = MemoryTokenStorage::new();
    let (authorizer, task) = renewal(&auth, &storage).await;
    // A program that takes no lock has renewed too, and got the better token.
    put(&storage, entry(&clock(), "AgLater", 7200)).await;
    auth.open_gate();
    task.await.unwrap();
    assert_eq!(storage.get_token_data(RS).await.unwrap(), Some(entry(&clock(), "AgLater", 7200)));
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
    assert_eq!(auth.calls(), 1);
}

#[tokio::test]
async fn a_new_refresh_token_is_stored_whatever_another_program_got_with_the_old_one() {
    let auth = FakeAuth::new(&clock()).answers([Answer::Rotate]);
    let storage = MemoryTokenStorage::new();
    let (_authorizer, task) = renewal(&auth, &storage).await;
    put(&storage, entry(&clock(), "AgLater", 7200)).await;
    auth.open_gate();
    task.await.unwrap();
    let stored = storage.get_token_data(RS).await.unwrap().unwrap();
    assert_eq!(stored.refresh_token.unwrap().expose(), "AgRotated1");
}
