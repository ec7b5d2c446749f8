use globus_sdk::login::LoginErrorKind;
use globus_sdk::prelude::*;
use globus_sdk::transfer::FileType;

use crate::world::World;

#[tokio::test]
async fn a_login_brings_a_token_for_each_service_and_a_verified_identity() {
    let world = World::new().await;
    let tokens = world
        .log_in(["openid", "profile", "email", TransferClient::SCOPES.all, GroupsClient::SCOPES.all])
        .await;
    let servers: Vec<&str> = tokens.by_resource_server().keys().map(String::as_str).collect();
    assert_eq!(servers, ["auth.globus.org", "groups.api.globus.org", "transfer.api.globus.org"]);
    assert!(tokens.tokens().iter().all(|token| token.refresh_token().is_some()));
    let claims = world.native().decode_id_token(&tokens, None).await.unwrap();
    assert_eq!(claims.sub, world.emulator.user_id());
    let shown = format!("{tokens} {tokens:?}");
    assert!(!world.emulator.issued_secrets().iter().any(|secret| shown.contains(secret.as_str())));
}

#[tokio::test]
async fn the_nonce_of_the_login_is_in_the_id_token() {
    let world = World::new().await;
    let flow = world.native().oauth2_start_flow("openid").nonce("n-0S6_WzA2Mj").start().unwrap();
    let code = world.emulator.approve(flow.authorize_url()).await.unwrap();
    let tokens = flow.exchange_code_for_tokens(&code).await.unwrap();
    world.native().decode_id_token(&tokens, Some("n-0S6_WzA2Mj")).await.unwrap();
    let error = world.native().decode_id_token(&tokens, Some("another")).await.unwrap_err();
    assert!(error.to_string().contains("nonce"), "{error}");
}

#[tokio::test]
async fn a_wrong_code_is_refused() {
    let world = World::new().await;
    let flow = world.native().oauth2_start_flow("openid").start().unwrap();
    let error = flow.exchange_code_for_tokens("not-a-code").await.unwrap_err();
    assert_invalid_grant(&error);
    assert!(!error.to_string().contains("not-a-code"), "{error}");
    assert_eq!(flow.exchange_code_for_tokens("  ").await.unwrap_err().kind(), LoginErrorKind::MissingCode);
}

#[tokio::test]
async fn a_code_works_once() {
    let world = World::new().await;
    let flow = world.native().oauth2_start_flow("openid").start().unwrap();
    let code = world.emulator.approve(flow.authorize_url()).await.unwrap();
    flow.exchange_code_for_tokens(&code).await.unwrap();
    assert_invalid_grant(&flow.exchange_code_for_tokens(&code).await.unwrap_err());
}

#[tokio::test]
async fn a_code_works_only_in_its_own_flow() {
    let world = World::new().await;
    let (one, two) = (start(&world), start(&world));
    let code = world.emulator.approve(one.authorize_url()).await.unwrap();
    assert_invalid_grant(&two.exchange_code_for_tokens(&code).await.unwrap_err());
}

#[tokio::test]
async fn a_callback_with_another_state_is_refused_before_anything_is_sent() {
    let world = World::new().await;
    let flow = start(&world);
    for callback in ["http://localhost:9/?code=c&state=wrong", "code=c", "?error=access_denied&state=wrong"] {
        let error = flow.exchange_callback(callback).await.unwrap_err();
        assert_eq!(error.kind(), LoginErrorKind::StateMismatch, "{callback}: {error}");
    }
    assert_eq!(world.count("POST", "/v2/oauth2/token"), 0);
}

#[tokio::test]
async fn a_denied_login_says_so() {
    let world = World::new().await;
    let flow = start(&world);
    let callback = format!("error=access_denied&error_description=No%20thanks&state={}", flow.state());
    let error = flow.exchange_callback(&callback).await.unwrap_err();
    assert_eq!(error.kind(), LoginErrorKind::Denied);
    assert!(error.to_string().contains("No thanks"), "{error}");
}

#[tokio::test]
async fn a_missing_consent_is_named_and_a_login_with_it_helps() {
    let world = World::new().await;
    let collection = world.emulator.collection_data_access();
    let tokens = world.log_in([TransferClient::SCOPES.all]).await;
    let transfer: TransferClient = client(&world, &tokens);
    let error = transfer.operation_ls(collection).await.unwrap_err();
    assert!(error.needs_login());
    let required = error.api().unwrap().consent_required().unwrap();
    assert!(required[0].contains(&format!("{collection}/data_access")), "{required:?}");

    let tokens = world.log_in([required[0].as_str()]).await;
    let transfer: TransferClient = client(&world, &tokens);
    let listing = transfer.operation_ls(collection).path("/").await.unwrap();
    assert!(listing.data.iter().all(|entry| entry.file_type != Some(FileType::Other)));
}

fn start(world: &World) -> globus_sdk::login::LoginFlow {
    world.native().oauth2_start_flow("openid").start().unwrap()
}

fn client(world: &World, tokens: &globus_sdk::OAuthTokenResponse) -> TransferClient {
    let token = tokens.require(TransferClient::RESOURCE_SERVER).unwrap();
    world.client(AccessTokenAuthorizer::new(token.access_token()))
}

fn assert_invalid_grant(error: &globus_sdk::login::LoginError) {
    let kind = globus_sdk::auth_core::ExchangeErrorKind::InvalidGrant;
    assert_eq!(error.kind(), LoginErrorKind::Exchange(kind), "{error}");
}
