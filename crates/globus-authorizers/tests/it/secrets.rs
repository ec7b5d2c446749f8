//! Nothing that is shown has a token in it.

use globus_auth_core::ExchangeErrorKind;
use globus_authorizers::{AccessTokenAuthorizer, Authorizer, BasicAuthorizer, ClientCredentialsAuthorizer};
use globus_tokenstorage::MemoryTokenStorage;

use crate::support::{Answer, FakeAuth, authorizer, clock, entry, put, stored_authorizer, token_of};

#[tokio::test]
async fn debug_of_every_authorizer_is_clean() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Rotate]);
    let storage = MemoryTokenStorage::new();
    put(&storage, entry(&clock, "AgStored", 3600)).await;
    let refreshing = authorizer(&auth, &clock);
    token_of(&refreshing).await;
    let stored = stored_authorizer(&auth, &clock, &storage);
    token_of(&stored).await;
    let client = ClientCredentialsAuthorizer::new(auth.clone(), "all").with_clock(clock);
    token_of(&client).await;
    let given = AccessTokenAuthorizer::new("AgGiven");
    let basic = BasicAuthorizer::new("user", "AgPassword");
    let secret = basic.current_header().unwrap().value().expose().to_owned();
    let shown = format!("{refreshing:?}{refreshing:#?}{stored:?}{client:?}{given:?}{basic:?}");
    for hidden in ["AgRefresh", "AgAccess", "AgRotated", "AgStored", "AgGiven", "AgPassword", secret.as_str()]
    {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
    assert!(shown.contains("transfer.api.globus.org"));
}

#[tokio::test]
async fn no_error_quotes_a_token() {
    for kind in [ExchangeErrorKind::InvalidGrant, ExchangeErrorKind::Transient] {
        let clock = clock();
        let auth = FakeAuth::new(&clock).answers([Answer::Fail(kind)]);
        let err = authorizer(&auth, &clock).authorization_header().await.unwrap_err();
        assert!(!format!("{err} {err:?} {err:#?}").contains("AgRefresh"));
    }
}
