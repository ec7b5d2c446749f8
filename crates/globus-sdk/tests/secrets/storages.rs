//! Storages of each kind, whole and broken.

use std::fs;

use globus_sdk::OAuthTokenResponse;
use globus_sdk::prelude::*;

use crate::evidence::Evidence;
use crate::world::World;

#[tokio::test]
async fn no_storage_shows_what_it_keeps() {
    let (mut seen, world) = (Evidence::new(), World::new().await);
    let tokens = world.log_in(["openid", GroupsClient::SCOPES.all, TransferClient::SCOPES.all]).await;
    let folder = tempfile::tempdir().unwrap();
    keep(&MemoryTokenStorage::new(), &tokens, &mut seen).await;
    keep(&JsonTokenStorage::new(folder.path().join("tokens.json")), &tokens, &mut seen).await;
    #[cfg(feature = "sqlite")]
    keep(&SqliteTokenStorage::new(folder.path().join("tokens.db")), &tokens, &mut seen).await;
    seen.is_clean(&world, &[]);
}

async fn keep<S: TokenStorage>(storage: &S, tokens: &OAuthTokenResponse, seen: &mut Evidence) {
    storage.store_token_response(tokens).await.unwrap();
    seen.show(storage);
    seen.show(&storage.lock(GroupsClient::RESOURCE_SERVER).await.unwrap());
    let data = storage.get_token_data(GroupsClient::RESOURCE_SERVER).await.unwrap().unwrap();
    assert_eq!(&data.access_token, tokens.require(GroupsClient::RESOURCE_SERVER).unwrap().access_token());
    seen.show(&data);
    seen.show(&storage.get_token_data_by_resource_server().await.unwrap());
}

#[tokio::test]
async fn a_broken_token_file_is_not_quoted() {
    let (mut seen, world) = (Evidence::new(), World::new().await);
    let tokens = world.log_in([GroupsClient::SCOPES.all]).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.json");
    JsonTokenStorage::new(&path).store_token_response(&tokens).await.unwrap();
    let whole = fs::read_to_string(&path).unwrap();
    let token = tokens.require(GroupsClient::RESOURCE_SERVER).unwrap().access_token().expose();
    assert!(whole.contains(token));
    for broken in [
        whole[..whole.find(token).unwrap() + 20].to_owned(),
        whole.replace(&format!("\"{token}\""), &format!("{{\"{token}\": 1}}")),
        whole.replace("\"expires_at_seconds\": ", &format!("\"expires_at_seconds\": \"{token}\", \"x\": ")),
        whole.replace("\"scope\": ", &format!("\"{token}\": ")),
        whole.replace("\"format_version\": \"", &format!("\"format_version\": \"{token}")),
        format!("\"{token}\""),
        token.to_owned(),
        format!("{whole}{token}"),
    ] {
        fs::write(&path, &broken).unwrap();
        fails(&JsonTokenStorage::new(&path), &broken, &world, &mut seen).await;
        assert_eq!(fs::read_to_string(&path).unwrap(), broken);
    }
    seen.is_clean(&world, &[]);
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_broken_token_database_is_not_quoted() {
    let (mut seen, world) = (Evidence::new(), World::new().await);
    let tokens = world.log_in([GroupsClient::SCOPES.all]).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.db");
    SqliteTokenStorage::new(&path).store_token_response(&tokens).await.unwrap();
    let whole = fs::read(&path).unwrap();
    let token = tokens.require(GroupsClient::RESOURCE_SERVER).unwrap().access_token().expose();
    // The schema is overwritten, then the beginning of the row.
    let row = whole.windows(token.len()).position(|part| part == token.as_bytes()).unwrap();
    for (from, to) in [(0, 16), (100, 600), (row - 60, row)] {
        let mut broken = whole.clone();
        broken[from..to].fill(b'x');
        fs::write(&path, &broken).unwrap();
        let storage = SqliteTokenStorage::new(&path);
        fails(&storage, "database", &world, &mut seen).await;
    }
    seen.is_clean(&world, &[]);
}

/// Reading fails, directly and in a call, and says nothing that it should not.
async fn fails<S: TokenStorage + Clone + 'static>(
    storage: &S,
    what: &str,
    world: &World,
    seen: &mut Evidence,
) {
    let error = storage.get_token_data(GroupsClient::RESOURCE_SERVER).await.expect_err(what);
    seen.tell(&error);
    let all = storage.get_token_data_by_resource_server().await;
    all.iter().for_each(|all| seen.show(all));
    all.as_ref().err().into_iter().for_each(|error| seen.tell(error));
    let authorizer =
        RefreshTokenAuthorizer::from_storage(world.native(), storage.clone(), GroupsClient::RESOURCE_SERVER);
    seen.show(&authorizer);
    seen.tell(&world.client::<GroupsClient>(authorizer).get_my_groups().await.unwrap_err());
}
