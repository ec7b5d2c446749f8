//! What a user reads, letter for letter.

use std::error::Error;
use std::sync::atomic::Ordering;

use globus_auth_core::ExchangeErrorKind::{InvalidClient, InvalidGrant, Transient};
use globus_authorizers::{Authorizer, AuthorizerError, ClientCredentialsAuthorizer};
use globus_tokenstorage::{JsonTokenStorage, TokenStorage};

use crate::support::{Answer, BreakableStorage, FakeAuth, authorizer, clock, entry, put, stored_authorizer};

/// The error and what lies below it, as far as it says something new.
fn lines(err: &AuthorizerError) -> Vec<String> {
    let mut lines = vec![err.to_string()];
    let mut below = err.source();
    while let Some(err) = below {
        lines.push(err.to_string());
        below = err.source();
    }
    for (at, line) in lines.iter().enumerate() {
        assert!(!line.contains('\n'), "{line}");
        assert!(lines[..at].iter().all(|before| !before.contains(line)), "said twice: {lines:?}");
    }
    lines
}

async fn error_of(authorizer: &impl Authorizer) -> Vec<String> {
    lines(&authorizer.authorization_header().await.unwrap_err())
}

#[tokio::test]
async fn a_login_is_required() {
    let (clock, storage) = (clock(), BreakableStorage::default());
    let auth = FakeAuth::new(&clock).answers([Answer::Fail(InvalidGrant)]);
    let authorizer = stored_authorizer(&auth, &clock, &storage);
    assert_eq!(
        error_of(&authorizer).await,
        ["no tokens for transfer.api.globus.org are stored; log in again"]
    );
    put(&storage, entry(&clock, "AgStored", 0).with_refresh_token(None)).await;
    assert_eq!(
        error_of(&authorizer).await,
        [
            "the stored access token for transfer.api.globus.org is of no more use, and no refresh token is stored; log in \
          again"
        ]
    );
    put(&storage, entry(&clock, "AgStored", 0)).await;
    for _ in 0..2 {
        assert_eq!(
            error_of(&authorizer).await,
            [
                "Auth no longer accepts the refresh token for transfer.api.globus.org: it is expired, revoked, another \
                 client's, or spent, perhaps by a program that was killed while it renewed; log in again",
                "failure 1"
            ]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_login_is_required_because_an_answer_was_lost() {
    for lost in [Answer::Fail(Transient), Answer::Panic, Answer::Hang] {
        let clock = clock();
        let auth = FakeAuth::new(&clock).answers([lost, Answer::Fail(InvalidGrant)]);
        let authorizer = authorizer(&auth, &clock);
        authorizer.authorization_header().await.unwrap_err();
        assert_eq!(
            error_of(&authorizer).await,
            [
                "Auth no longer accepts the refresh token for transfer.api.globus.org: it is expired, revoked, another \
                 client's, or spent, perhaps by this program's last renewal, which got no answer; log in again",
                "failure 2"
            ]
        );
    }
}

#[tokio::test]
async fn auth_gives_no_token() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([
        Answer::Fail(Transient),
        Answer::TokensFor(vec!["groups.api.globus.org"]),
        Answer::Fail(InvalidClient),
    ]);
    let authorizer = authorizer(&auth, &clock);
    assert_eq!(error_of(&authorizer).await, ["no new access token for transfer.api.globus.org: failure 1"]);
    assert_eq!(
        error_of(&authorizer).await,
        [
            "Auth answered with tokens for [groups.api.globus.org] where exactly one for transfer.api.globus.org was \
          expected; give each authorizer the scopes of one service"
        ]
    );
    let client = ClientCredentialsAuthorizer::new(auth.clone(), "all");
    assert_eq!(error_of(&client).await, ["no new access token for the scopes asked for: failure 3"]);
    let client = ClientCredentialsAuthorizer::new(auth, " ");
    assert_eq!(
        error_of(&client).await,
        ["no access token without a scope: name the scopes that the client needs"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_renewal_does_not_come_to_its_end() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Panic, Answer::Hang]);
    let authorizer = authorizer(&auth, &clock);
    for why in ["its task panicked, or its runtime shut down", "Auth did not answer within five minutes"] {
        assert_eq!(
            error_of(&authorizer).await,
            [format!(
                "the renewal of the access token for transfer.api.globus.org was broken off: {why}; try again"
            )]
        );
    }
}

#[tokio::test]
async fn the_storage_is_in_trouble() {
    let (clock, storage) = (clock(), BreakableStorage::default());
    let auth = FakeAuth::new(&clock);
    let authorizer = stored_authorizer(&auth, &clock, &storage);
    storage.reading_fails.store(true, Ordering::SeqCst);
    assert_eq!(
        error_of(&authorizer).await,
        ["no access token for transfer.api.globus.org: the disk is gone"]
    );

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("tokens.json");
    std::fs::write(&path, "{").unwrap();
    let storage = JsonTokenStorage::new(&path);
    let below = storage.get_token_data_by_resource_server().await.unwrap_err();
    let lines = error_of(&stored_authorizer(&auth, &clock, &storage)).await;
    assert_eq!(lines[0], format!("no access token for transfer.api.globus.org: {below}"));
    assert!(lines[0].contains("tokens.json"), "{lines:?}");
    assert_eq!(auth.calls(), 0);
}
