//! Answers that fail, and repeat what they were sent.

use std::time::Duration;

use globus_emulator::{Fault, FaultAction};
use globus_sdk::Transport;
use globus_sdk::prelude::*;

use crate::evidence::Evidence;
use crate::world::World;

const TOKENS: &str = "/v2/oauth2/token";

#[tokio::test]
async fn a_service_that_repeats_the_token_in_its_error_gives_nothing_away() {
    let (mut seen, world) = (Evidence::new(), World::new().await);
    let tokens = world.log_in([GroupsClient::SCOPES.all]).await;
    let token = tokens.require(GroupsClient::RESOURCE_SERVER).unwrap().access_token();
    let groups: GroupsClient = world.client(AccessTokenAuthorizer::new(token));
    let text = token.expose();
    let escaped: String = text.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    for (status, kind, body) in [
        (400, "application/json", format!(r#"{{"code": "Bad", "message": "bad token Bearer {text}"}}"#)),
        (
            403,
            "application/json",
            format!(r#"{{"code": "{text}", "request_id": "{text}", "{text}": ["{text}"]}}"#),
        ),
        (403, "application/json", format!(r#"{{"errors": [{{"code": "x", "detail": "{escaped}"}}]}}"#)),
        (500, "text/plain", format!("TRACE: authorization: Bearer {text}")),
        (502, "text/html", format!("<html>{text}</html>")),
        (401, "application/json", format!(r#"{{"error": "{text}", "error_description": "{text}"}}"#)),
        (200, "application/json", format!(r#"[{{"id": {{"{text}": "{text}"}}}}]"#)),
    ] {
        let answer = FaultAction::status(status).body(kind, body).header("X-Request-Id", text);
        world.emulator.inject(Fault::on("/v2/groups/**", answer)).unwrap();
        let error = groups.get_my_groups().with_max_retries(0).await.unwrap_err();
        seen.tell(&error);
        if let Some(api) = error.api() {
            seen.show(api);
            seen.show(&api.errors().to_vec());
            seen.print(api.messages().join(" "));
        }
        world.emulator.clear_faults();
    }
    seen.is_clean(&world, &["get_my_groups", "502"]);
}

#[tokio::test]
async fn a_token_endpoint_that_fails_in_any_way_gives_nothing_away() {
    let (mut seen, mut world) = (Evidence::new(), World::new().await);
    world.transport = Transport::builder().max_retries(0).build().unwrap();
    let tokens = world.log_in(["openid", GroupsClient::SCOPES.all]).await;
    let refresh_token = tokens.require(GroupsClient::RESOURCE_SERVER).unwrap().refresh_token().unwrap();
    let text = refresh_token.expose();
    for answer in [
        FaultAction::Drop,
        FaultAction::Truncate,
        FaultAction::status(503).body("text/html", format!("<html>{text}</html>")),
        FaultAction::status(400)
            .json(format!(r#"{{"error": "invalid_grant", "error_description": "{text}"}}"#)),
        FaultAction::status(200).json(format!(r#"{{"access_token": {{"{text}": 1}}}}"#)),
        FaultAction::status(200).json(format!(r#"{{"access_token": "{text}", "expires_in": "{text}"}}"#)),
        FaultAction::status(200).body("text/html", text),
        FaultAction::status(302).header("Location", format!("http://127.0.0.1:1/?token={text}")),
        FaultAction::status(307).header("Location", format!("/{text}/?token={text}")),
    ] {
        world.emulator.inject(Fault::on(TOKENS, answer)).unwrap();
        let native = world.native();
        seen.tell(&native.oauth2_refresh_token(refresh_token).with_max_retries(0).await.unwrap_err());
        let storage = MemoryTokenStorage::new();
        storage.store_token_response(&tokens).await.unwrap();
        let authorizer = RefreshTokenAuthorizer::from_storage(native, storage, GroupsClient::RESOURCE_SERVER)
            .with_clock(later());
        seen.tell(&authorizer.authorization_header().await.unwrap_err());
        seen.show(&authorizer);
        let groups: GroupsClient = world.client(authorizer);
        seen.tell(&groups.get_my_groups().with_timeout(Duration::from_secs(5)).await.unwrap_err());
        world.emulator.clear_faults();
    }
    let wrong =
        ConfidentialAppAuthClient::builder(world.emulator.client_id(), text).base_url(world.emulator.url());
    let wrong = wrong.transport(world.transport.clone()).build().unwrap();
    seen.tell(&wrong.oauth2_client_credentials_tokens([TransferClient::SCOPES.all]).await.unwrap_err());
    seen.is_clean(&world, &["oauth2_refresh_token", "oauth2_client_credentials_tokens"]);
}

/// A clock by which every token has expired.
fn later() -> globus_sdk::auth_core::ManualClock {
    use globus_sdk::Clock as _;
    let now = globus_sdk::auth_core::SystemClock.now();
    globus_sdk::auth_core::ManualClock::at(now.saturating_add(Duration::from_secs(60 * 3600)))
}
