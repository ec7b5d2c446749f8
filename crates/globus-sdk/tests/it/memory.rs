//! What is left in memory of tokens that were renewed, stored, read and sent.

use std::sync::Arc;

use globus_sdk::auth_core::{ExchangeError, ManualClock};
use globus_sdk::prelude::*;
use globus_sdk::{Grant, OAuthToken, OAuthTokenResponse, TokenExchange, UnixTime};
use globus_test_support::Masked;

const RS: &str = "groups.api.globus.org";

/// An Auth in memory that gives one pair of tokens.
#[derive(Debug)]
struct Auth {
    access: Masked,
    refresh: Masked,
}

#[async_trait::async_trait]
impl TokenExchange for Auth {
    fn client_id(&self) -> &str {
        "client"
    }

    async fn exchange(&self, _: Grant) -> Result<OAuthTokenResponse, ExchangeError> {
        let token = OAuthToken::new(RS, "all", self.access.reveal(), UnixTime::from_seconds(20_000))
            .with_refresh_token(Some(self.refresh.reveal().into()));
        Ok(OAuthTokenResponse::from_tokens(vec![token], None))
    }
}

/// Renews by way of `storage`, reads what was stored, and drops everything.
async fn renew(auth: &Arc<Auth>, storage: impl TokenStorage + Clone + 'static) {
    let old = OAuthToken::new(RS, "all", "AgOld", UnixTime::from_seconds(1))
        .with_refresh_token(Some("AgOldRefresh".into()));
    storage.store_token_response(&OAuthTokenResponse::from_tokens(vec![old], None)).await.unwrap();
    let authorizer = RefreshTokenAuthorizer::from_storage(Arc::clone(auth), storage.clone(), RS)
        .with_clock(ManualClock::at(UnixTime::from_seconds(7)));
    let header = authorizer.authorization_header().await.unwrap().unwrap();
    assert!(header.value().expose().len() > 48);
    let stored = storage.get_token_data(RS).await.unwrap().unwrap();
    assert_eq!(stored.access_token.expose().len(), 48);
    assert!(auth.access.copies_in_memory() > 0);
}

fn auth() -> Arc<Auth> {
    Arc::new(Auth { access: Masked::new(), refresh: Masked::new() })
}

fn assert_gone(auth: &Auth) {
    assert_eq!((auth.access.copies_in_memory(), auth.refresh.copies_in_memory()), (0, 0));
}

#[tokio::test]
async fn tokens_kept_in_memory_are_wiped_with_the_storage() {
    let auth = auth();
    renew(&auth, MemoryTokenStorage::new()).await;
    assert_gone(&auth);
}

#[tokio::test]
async fn tokens_kept_in_a_file_leave_no_trace_in_memory() {
    let (auth, folder) = (auth(), tempfile::tempdir().unwrap());
    renew(&auth, JsonTokenStorage::new(folder.path().join("tokens.json"))).await;
    assert_gone(&auth);
}
