//! Tokens that a client obtains for itself.

use std::sync::atomic::Ordering;

use globus_auth_core::{ExchangeErrorKind, ManualClock};
use globus_authorizers::{Authorizer, AuthorizerErrorKind, ClientCredentialsAuthorizer};
use globus_tokenstorage::{MemoryTokenStorage, TokenData, TokenStorage};

use crate::support::{
    Answer, BreakableStorage, FakeAuth, LIFE, RS, clock, entry, put, seconds, settle, token_of,
};

/// What a client stores for itself.
fn own_entry(clock: &ManualClock, access_token: &str) -> TokenData {
    entry(clock, access_token, 3600).with_refresh_token(None).with_identity_id(None)
}

#[tokio::test]
async fn a_token_is_obtained_and_renewed() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = ClientCredentialsAuthorizer::new(auth.clone(), "all").with_clock(clock.clone());
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
    clock.advance(seconds(LIFE));
    assert_eq!(token_of(&authorizer).await, "AgAccess2");
}

#[tokio::test]
async fn the_scopes_of_two_services_are_an_error() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([
        Answer::TokensFor(vec![RS, "groups.api.globus.org"]),
        Answer::TokensFor(vec![RS, "groups.api.globus.org"]),
    ]);
    let storage = MemoryTokenStorage::new();
    for authorizer in [
        ClientCredentialsAuthorizer::new(auth.clone(), ["all", "groups"]),
        ClientCredentialsAuthorizer::from_storage(auth.clone(), storage, RS, ["all", "groups"]),
    ] {
        let err = authorizer.authorization_header().await.unwrap_err();
        assert_eq!(err.kind(), AuthorizerErrorKind::UnexpectedTokens);
        assert!(err.to_string().contains("groups.api.globus.org"), "{err}");
    }
}

#[tokio::test]
async fn a_refused_client_is_not_told_to_log_in() {
    for kind in [ExchangeErrorKind::InvalidGrant, ExchangeErrorKind::InvalidClient] {
        let clock = clock();
        let auth = FakeAuth::new(&clock).answers([Answer::Fail(kind)]);
        let authorizer = ClientCredentialsAuthorizer::new(auth.clone(), "all").with_clock(clock);
        let err = authorizer.authorization_header().await.unwrap_err();
        assert!(!err.needs_login() && !err.is_transient());
        assert_eq!(err.exchange_error().map(globus_auth_core::ExchangeError::kind), Some(kind));
    }
}

#[tokio::test]
async fn a_stored_token_is_used_when_it_has_the_scopes() {
    let clock = clock();
    let storage = MemoryTokenStorage::new();
    for (scopes, token) in [("all", "AgStored"), ("*all[dependency]", "AgStored"), ("all more", "AgAccess1")]
    {
        let auth = FakeAuth::new(&clock);
        put(&storage, own_entry(&clock, "AgStored")).await;
        let authorizer = ClientCredentialsAuthorizer::from_storage(auth.clone(), storage.clone(), RS, scopes)
            .with_clock(clock.clone());
        assert_eq!(token_of(&authorizer).await, token, "{scopes}");
    }
    let stored = storage.get_token_data(RS).await.unwrap().unwrap();
    assert_eq!(stored.access_token.expose(), "AgAccess1");
    assert_eq!(stored.refresh_token, None);
}

#[tokio::test]
async fn the_tokens_of_a_user_or_of_another_client_are_neither_used_nor_replaced() {
    let clock = clock();
    let user = entry(&clock, "AgUser", 1800).with_identity_id(None);
    let another = own_entry(&clock, "AgAnother").with_identity_id(Some("another".to_owned()));
    for foreign in [user, another] {
        let auth = FakeAuth::new(&clock);
        let storage = MemoryTokenStorage::new();
        put(&storage, foreign.clone()).await;
        let authorizer = ClientCredentialsAuthorizer::from_storage(auth.clone(), storage.clone(), RS, "all")
            .with_clock(clock.clone());
        for token in ["AgAccess1", "AgAccess2"] {
            assert_eq!(token_of(&authorizer).await, token);
            assert_eq!(token_of(&authorizer).await, token);
            clock.advance(seconds(LIFE));
        }
        assert_eq!(storage.get_token_data(RS).await.unwrap(), Some(foreign));
    }
}

#[tokio::test]
async fn a_login_that_comes_first_is_not_replaced_by_the_token_of_a_client() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let storage = MemoryTokenStorage::new();
    let authorizer = ClientCredentialsAuthorizer::from_storage(auth.clone(), storage.clone(), RS, "all")
        .with_clock(clock.clone());
    auth.close_gate();
    let waiting = tokio::spawn(async move { token_of(&authorizer).await });
    settle().await;
    assert_eq!(auth.calls(), 1);
    let user = entry(&clock, "AgUser", 1800);
    put(&storage, user.clone()).await;
    auth.open_gate();
    assert_eq!(waiting.await.unwrap(), "AgAccess1");
    assert_eq!(storage.get_token_data(RS).await.unwrap(), Some(user));
}

#[tokio::test]
async fn a_client_renews_an_entry_that_names_itself() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let storage = MemoryTokenStorage::new();
    put(&storage, own_entry(&clock, "AgStored").with_identity_id(Some("CLIENT".to_owned()))).await;
    let authorizer = ClientCredentialsAuthorizer::from_storage(auth.clone(), storage.clone(), RS, "all")
        .with_clock(clock.clone());
    assert_eq!(token_of(&authorizer).await, "AgStored");
    clock.advance(seconds(LIFE));
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
    let stored = storage.get_token_data(RS).await.unwrap().unwrap();
    assert_eq!((stored.access_token.expose(), stored.identity_id.as_deref()), ("AgAccess1", Some("CLIENT")));
}

#[tokio::test]
async fn a_broken_storage_is_done_without() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let storage = BreakableStorage::default();
    for broken in [&storage.reading_fails, &storage.writing_fails, &storage.locking_fails] {
        broken.store(true, Ordering::SeqCst);
    }
    let authorizer = ClientCredentialsAuthorizer::from_storage(auth.clone(), storage.clone(), RS, "all")
        .with_clock(clock.clone());
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
    clock.advance(seconds(LIFE));
    assert_eq!(token_of(&authorizer).await, "AgAccess2");
}

#[tokio::test]
async fn no_scope_is_an_error_before_anything_is_sent() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let err = ClientCredentialsAuthorizer::new(auth.clone(), "").authorization_header().await.unwrap_err();
    assert!(err.to_string().contains("without a scope") && !err.is_transient(), "{err}");
    assert_eq!(auth.calls(), 0);
}
