//! A refresh token that Auth no longer accepts.

use std::error::Error;

use globus_auth_core::ExchangeErrorKind::{InvalidGrant, Transient};
use globus_authorizers::{Authorizer, AuthorizerErrorKind};
use globus_tokenstorage::{MemoryTokenStorage, TokenStorage};

use crate::support::{
    Answer, FakeAuth, RS, authorizer, clock, entry, put, settle, stored_authorizer, token_of,
};

#[tokio::test]
async fn it_needs_a_login_and_is_not_tried_again() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Fail(InvalidGrant)]);
    let authorizer = authorizer(&auth, &clock);
    for _ in 0..3 {
        let err = authorizer.authorization_header().await.unwrap_err();
        assert_eq!(err.kind(), AuthorizerErrorKind::LoginRequired);
        assert!(err.needs_login() && !err.is_transient());
        assert!(err.to_string().contains("log in again"), "{err}");
        assert_eq!(err.source().unwrap().to_string(), "failure 1");
    }
    assert_eq!(auth.calls(), 1);
}

#[tokio::test]
async fn the_stored_tokens_stay_and_a_new_login_ends_it() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Fail(InvalidGrant)]);
    let storage = MemoryTokenStorage::new();
    put(&storage, entry(&clock, "AgStored", 0)).await;
    let authorizer = stored_authorizer(&auth, &clock, &storage);
    for _ in 0..3 {
        assert!(authorizer.authorization_header().await.unwrap_err().needs_login());
    }
    assert_eq!(auth.calls(), 1);
    assert_eq!(storage.get_token_data(RS).await.unwrap(), Some(entry(&clock, "AgStored", 0)));

    let login = entry(&clock, "AgLogin", 0).with_refresh_token(Some("AgLoginRefresh".into()));
    put(&storage, login).await;
    assert_eq!(token_of(&authorizer).await, "AgAccess2");
    assert_eq!(auth.refresh_tokens(), ["AgStoredRefresh", "AgLoginRefresh"]);
}

#[tokio::test]
async fn the_tokens_that_another_program_stored_meanwhile_are_used() {
    for (left, token, calls) in [(3600, "AgOther", 1), (0, "AgAccess2", 2)] {
        let clock = clock();
        let auth = FakeAuth::new(&clock).answers([Answer::Fail(InvalidGrant)]);
        let storage = MemoryTokenStorage::new();
        put(&storage, entry(&clock, "AgStored", 0)).await;
        let authorizer = stored_authorizer(&auth, &clock, &storage);
        auth.close_gate();
        let waiting = tokio::spawn(async move { token_of(&authorizer).await });
        settle().await;
        // A program that takes no lock.
        let other = entry(&clock, "AgOther", left).with_refresh_token(Some("AgOtherRefresh".into()));
        put(&storage, other).await;
        auth.open_gate();
        assert_eq!(waiting.await.unwrap(), token);
        assert_eq!(auth.calls(), calls);
    }
}

#[tokio::test]
async fn nothing_stored_needs_a_login_until_there_is_something() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let storage = MemoryTokenStorage::new();
    let authorizer = stored_authorizer(&auth, &clock, &storage);
    let err = authorizer.authorization_header().await.unwrap_err();
    assert_eq!(err.to_string(), "no tokens for transfer.api.globus.org are stored; log in again");
    assert!(err.needs_login());
    put(&storage, entry(&clock, "AgStored", 3600)).await;
    assert_eq!(token_of(&authorizer).await, "AgStored");
    assert_eq!(auth.calls(), 0);
}

#[tokio::test]
async fn without_a_refresh_token_an_ended_token_needs_a_login() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let storage = MemoryTokenStorage::new();
    put(&storage, entry(&clock, "AgStored", 0).with_refresh_token(None)).await;
    let err = stored_authorizer(&auth, &clock, &storage).authorization_header().await.unwrap_err();
    assert!(err.needs_login() && err.to_string().contains("no refresh token is stored"), "{err}");
    assert_eq!(auth.calls(), 0);
}

#[tokio::test]
async fn network_trouble_changes_no_stored_token() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Fail(Transient), Answer::Fail(Transient)]);
    let storage = MemoryTokenStorage::new();
    put(&storage, entry(&clock, "AgStored", 0)).await;
    let authorizer = stored_authorizer(&auth, &clock, &storage);
    for _ in 0..2 {
        let err = authorizer.authorization_header().await.unwrap_err();
        assert!(err.is_transient() && !err.needs_login());
    }
    assert_eq!(storage.get_token_data(RS).await.unwrap(), Some(entry(&clock, "AgStored", 0)));
    assert_eq!(token_of(&authorizer).await, "AgAccess3");
}

#[tokio::test]
async fn a_login_that_brings_the_same_secrets_again_is_a_new_login() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Fail(InvalidGrant)]);
    let storage = MemoryTokenStorage::new();
    put(&storage, entry(&clock, "AgStored", 0)).await;
    let authorizer = stored_authorizer(&auth, &clock, &storage);
    assert!(authorizer.authorization_header().await.unwrap_err().needs_login());
    // An emulator that was started anew with the same seed gives the same texts.
    put(&storage, entry(&clock, "AgStored", 10)).await;
    assert_eq!(token_of(&authorizer).await, "AgAccess2");

    // The same for an access token that was refused, with nothing to renew it.
    let access_only = |left| entry(&clock, "AgSame", left).with_refresh_token(None);
    put(&storage, access_only(3000)).await;
    let authorizer = stored_authorizer(&auth, &clock, &storage);
    let header = authorizer.authorization_header().await.unwrap().unwrap();
    authorizer.refused(&header);
    assert!(authorizer.authorization_header().await.unwrap_err().needs_login());
    put(&storage, access_only(3600)).await;
    assert_eq!(token_of(&authorizer).await, "AgSame");
}
