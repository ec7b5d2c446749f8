use std::future::IntoFuture;
use std::time::Duration;

use globus_sdk::prelude::*;

use crate::world::World;

const LIFETIME: Duration = Duration::from_secs(49 * 3600);

#[tokio::test]
async fn an_expired_access_token_is_refused_and_the_error_asks_for_a_login() {
    let world = World::new().await;
    let tokens = world.log_in([GroupsClient::SCOPES.all]).await;
    let token = tokens.require(GroupsClient::RESOURCE_SERVER).unwrap();
    let groups: GroupsClient = world.client(AccessTokenAuthorizer::new(token.access_token()));
    groups.get_my_groups().await.unwrap();
    world.emulator.advance_clock(LIFETIME);
    world.emulator.clear_requests();
    let error = groups.get_my_groups().await.unwrap_err();
    assert_eq!(error.status(), Some(401));
    assert!(error.needs_login(), "{error}");
    assert_eq!(world.count("GET", "/v2/groups/my_groups"), 1);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_for_all_calls_in_flight() {
    let world = World::new().await;
    let tokens = world.log_in([GroupsClient::SCOPES.all]).await;
    let storage = MemoryTokenStorage::new();
    storage.store_token_response(&tokens).await.unwrap();
    let authorizer =
        RefreshTokenAuthorizer::from_storage(world.native(), storage.clone(), GroupsClient::RESOURCE_SERVER);
    let groups: GroupsClient = world.client(authorizer);
    groups.get_my_groups().await.unwrap();

    world.emulator.advance_clock(LIFETIME);
    world.emulator.clear_requests();
    let calls: Vec<_> = (0..50).map(|_| tokio::spawn(groups.get_my_groups().into_future())).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(world.count("POST", "/v2/oauth2/token"), 1);
    let old = tokens.require(GroupsClient::RESOURCE_SERVER).unwrap();
    let stored = storage.get_token_data(GroupsClient::RESOURCE_SERVER).await.unwrap().unwrap();
    assert_ne!(&stored.access_token, old.access_token());
}

#[tokio::test]
async fn a_rotated_refresh_token_is_stored() {
    let emulator = globus_emulator::Emulator::builder().rotate_refresh_tokens(true).start().await.unwrap();
    let world = World::on(emulator);
    let tokens = world.log_in([GroupsClient::SCOPES.all]).await;
    let directory = tempfile::tempdir().unwrap();
    let storage = JsonTokenStorage::new(directory.path().join("tokens.json"));
    storage.store_token_response(&tokens).await.unwrap();
    let open = || {
        let authorizer = RefreshTokenAuthorizer::from_storage(
            world.native(),
            storage.clone(),
            GroupsClient::RESOURCE_SERVER,
        );
        world.client::<GroupsClient>(authorizer)
    };
    for _ in 0..3 {
        world.emulator.advance_clock(LIFETIME);
        // A new client each time: it knows only what is stored.
        open().get_my_groups().await.unwrap();
    }
    let old = tokens.require(GroupsClient::RESOURCE_SERVER).unwrap();
    let stored = storage.get_token_data(GroupsClient::RESOURCE_SERVER).await.unwrap().unwrap();
    assert_ne!(stored.refresh_token.as_ref(), old.refresh_token());
}

#[tokio::test]
async fn a_revoked_refresh_token_asks_for_a_login_and_loses_nothing() {
    let world = World::new().await;
    let tokens = world.log_in([GroupsClient::SCOPES.all]).await;
    let storage = MemoryTokenStorage::new();
    storage.store_token_response(&tokens).await.unwrap();
    let authorizer =
        RefreshTokenAuthorizer::from_storage(world.native(), storage.clone(), GroupsClient::RESOURCE_SERVER);
    let groups: GroupsClient = world.client(authorizer);
    for token in tokens.tokens() {
        world.native().oauth2_revoke_token(token.refresh_token().unwrap()).await.unwrap();
        world.native().oauth2_revoke_token(token.access_token()).await.unwrap();
    }
    let error = groups.get_my_groups().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LoginRequired, "{error}");
    assert!(storage.get_token_data(GroupsClient::RESOURCE_SERVER).await.unwrap().is_some());
}

#[tokio::test]
async fn client_credentials_fetch_a_token_when_it_is_needed_and_again_when_it_lapsed() {
    let world = World::new().await;
    let transfer = world.transfer();
    assert_eq!(world.count("POST", "/v2/oauth2/token"), 0);
    transfer.get_endpoint(world.emulator.collection_a()).await.unwrap();
    transfer.get_endpoint(world.emulator.collection_a()).await.unwrap();
    assert_eq!(world.count("POST", "/v2/oauth2/token"), 1);
    world.emulator.advance_clock(LIFETIME);
    transfer.get_endpoint(world.emulator.collection_a()).await.unwrap();
    assert_eq!(world.count("POST", "/v2/oauth2/token"), 2);
}

#[tokio::test]
async fn a_wrong_client_secret_is_told_as_such() {
    let world = World::new().await;
    let client = ConfidentialAppAuthClient::builder(world.emulator.client_id(), "wrong")
        .base_url(world.emulator.url());
    let client = client.transport(world.transport.clone()).build().unwrap();
    let error = client.oauth2_client_credentials_tokens([TransferClient::SCOPES.all]).await.unwrap_err();
    assert_eq!(error.status(), Some(401));
    assert!(error.to_string().contains("invalid_client"), "{error}");
    assert!(error.to_string().contains("the id or secret of the client is wrong"), "{error}");
    assert!(!error.needs_login(), "{error}");
}
