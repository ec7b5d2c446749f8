//! Flows that succeed.

use std::time::Duration;

use globus_sdk::prelude::*;

use crate::evidence::Evidence;
use crate::world::World;

#[tokio::test]
async fn no_secret_of_a_login_is_seen() {
    let (mut seen, world) = (Evidence::new(), World::new().await);
    let flow = world
        .native()
        .oauth2_start_flow(["openid", "profile", "email", GroupsClient::SCOPES.all])
        .refresh_tokens(true)
        .nonce("NonceThatNobodyMaySee")
        .start()
        .unwrap();
    seen.hide("NonceThatNobodyMaySee");
    seen.hide(flow.state());
    seen.hide(flow.pending().code_verifier.as_ref().unwrap().expose());
    let code = world.emulator.approve(flow.authorize_url()).await.unwrap();
    let tokens = flow.exchange_code_for_tokens(&code).await.unwrap();
    let claims = world.native().decode_id_token(&tokens, Some("NonceThatNobodyMaySee")).await.unwrap();
    seen.show(&flow);
    seen.show(flow.pending());
    seen.show(&tokens);
    seen.print(&tokens);
    tokens.tokens().iter().for_each(|token| seen.print(token));
    assert_eq!(claims.sub, world.emulator.user_id());
    seen.tell(&world.native().decode_id_token(&tokens, Some("another")).await.unwrap_err());
    seen.tell(&flow.exchange_code_for_tokens(&code).await.unwrap_err());
    let callback = format!("http://localhost/?code={code}&state=wrong");
    seen.tell(&flow.exchange_callback(&callback).await.unwrap_err());
    seen.is_clean(&world, &["oauth2_token", "get_jwk", "starting new connection"]);
}

#[tokio::test]
async fn no_secret_of_a_renewal_is_seen() {
    let emulator = globus_emulator::Emulator::builder().rotate_refresh_tokens(true).start().await.unwrap();
    let (mut seen, world) = (Evidence::new(), World::on(emulator));
    let tokens = world.log_in([GroupsClient::SCOPES.all]).await;
    let storage = MemoryTokenStorage::new();
    storage.store_token_response(&tokens).await.unwrap();
    let authorizer =
        RefreshTokenAuthorizer::from_storage(world.native(), storage.clone(), GroupsClient::RESOURCE_SERVER);
    let groups: GroupsClient = world.client(authorizer);
    for _ in 0..3 {
        groups.get_my_groups().await.unwrap();
        world.emulator.advance_clock(Duration::from_secs(49 * 3600));
    }
    let refresh_token = tokens.require(GroupsClient::RESOURCE_SERVER).unwrap().refresh_token().unwrap();
    seen.tell(&world.native().oauth2_refresh_token(refresh_token).await.unwrap_err());
    world.emulator.revoke_all_tokens();
    seen.tell(&groups.get_my_groups().await.unwrap_err());
    seen.show(&groups);
    seen.show(&storage);
    seen.is_clean(
        &world,
        &["get_my_groups", "renewing the access token", "oauth2_token", "oauth2_refresh_token"],
    );
}

#[tokio::test]
async fn no_secret_of_a_service_and_its_tokens_is_seen() {
    let (mut seen, world) = (Evidence::new(), World::new().await);
    let service = world.confidential();
    let scope = format!("https://auth.globus.org/scopes/{}/all", world.emulator.client_id());
    let tokens = world.log_in([scope.as_str()]).await;
    let received = tokens.require(world.emulator.client_id()).unwrap().access_token();
    seen.show(&service.oauth2_token_introspect(received).await.unwrap());
    seen.show(&service.oauth2_get_dependent_tokens(received).refresh_tokens(true).await.unwrap());
    seen.show(&world.native().oauth2_revoke_token(received).await.unwrap());
    seen.show(&service.oauth2_token_introspect(received).await.unwrap());
    seen.tell(&service.oauth2_get_dependent_tokens(received).await.unwrap_err());
    seen.show(&service.oauth2_client_credentials_tokens([TransferClient::SCOPES.all]).await.unwrap());
    seen.tell(&service.oauth2_client_credentials_tokens("no_such_scope").await.unwrap_err());
    seen.is_clean(&world, &["oauth2_token_introspect", "oauth2_revoke_token", "oauth2_get_dependent_tokens"]);
}

#[tokio::test]
async fn no_secret_of_a_transfer_is_seen() {
    let (mut seen, world) = (Evidence::new(), World::new().await);
    let transfer = world.transfer();
    let data = TransferData::new(world.emulator.collection_a(), world.emulator.collection_b())
        .items([TransferItem::new("/share/godata/", "/clean/").recursive(true)]);
    let submission = transfer.submit_transfer(data);
    seen.show(&submission);
    let task = submission.await.unwrap();
    let outcome =
        transfer.task_wait(&task.task_id).polling_interval(Duration::from_millis(20)).await.unwrap();
    seen.show(&outcome);
    seen.show(&transfer.task_list().await.unwrap());
    seen.tell(&transfer.operation_ls(world.emulator.collection_data_access()).await.unwrap_err());
    seen.show(&transfer);
    seen.is_clean(&world, &["submit_transfer", "get_task", "task_list", "oauth2_token"]);
}
