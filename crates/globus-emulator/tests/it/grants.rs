//! The token endpoint beside codes, and the end of tokens.

use std::time::Duration;

use globus_emulator::Emulator;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{GROUPS, TRANSFER, World, answer, text};

const SUBMISSION: &str = "v0.10/submission_id";

#[tokio::test]
async fn a_refresh_keeps_the_refresh_token_unless_told_otherwise() {
    let world = World::new().await;
    let login = world.login(TRANSFER).await;
    let refresh = text(&login["refresh_token"]);
    let id = world.emulator.native_client_id();
    let form = [("grant_type", "refresh_token"), ("refresh_token", &refresh), ("client_id", id)];
    let (status, body) = world.token(&form, None).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(body["refresh_token"], login["refresh_token"]);
    assert_ne!(body["access_token"], login["access_token"]);
    assert_eq!(body["other_tokens"], json!([]));
    assert!(body.get("id_token").is_none());
}

#[tokio::test]
async fn a_rotated_refresh_token_ends_the_old_one_and_its_second_use_ends_all() {
    let world = World::with(Emulator::builder().rotate_refresh_tokens(true)).await;
    let login = world.login(TRANSFER).await;
    let first = text(&login["refresh_token"]);
    let id = world.emulator.native_client_id();
    let form = |token| [("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", id)];
    let (_, body) = world.token(&form(&first), None).await;
    let (second, access) = (text(&body["refresh_token"]), text(&body["access_token"]));
    assert_ne!(first, second);
    let (_, body) = world.token(&form(&second), None).await;
    let third = text(&body["refresh_token"]);
    assert_eq!(world.get(&access, SUBMISSION).await.0, StatusCode::OK);
    // Another client's attempt is no sign of a theft.
    let theirs = [("grant_type", "refresh_token"), ("refresh_token", first.as_str())];
    assert_eq!(world.token(&theirs, world.secret()).await.1["error"], "invalid_grant");
    assert_eq!(world.get(&access, SUBMISSION).await.0, StatusCode::OK);
    assert_eq!(world.token(&form(&first), None).await.1["error"], "invalid_grant");
    assert_eq!(world.token(&form(&third), None).await.1["error"], "invalid_grant");
    assert_eq!(world.get(&access, SUBMISSION).await.0, StatusCode::UNAUTHORIZED);
    let first_access = text(&login["access_token"]);
    assert_eq!(world.get(&first_access, SUBMISSION).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_refresh_token_serves_its_own_client_only() {
    let world = World::new().await;
    let refresh = text(&world.login(TRANSFER).await["refresh_token"]);
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
    assert_eq!(world.token(&form, world.secret()).await.1["error"], "invalid_grant");
}

#[tokio::test]
async fn client_credentials_need_the_right_secret() {
    let world = World::new().await;
    let form = [("grant_type", "client_credentials"), ("scope", TRANSFER)];
    let (status, body) = world.token(&form, world.secret()).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        (&body["resource_server"], &body["other_tokens"]),
        (&json!("transfer.api.globus.org"), &json!([]))
    );
    assert!(body.get("refresh_token").is_none() && body.get("id_token").is_none());
    for basic in [
        Some((world.emulator.client_id(), "wrong")),
        Some((world.emulator.native_client_id(), "")),
        Some(("nobody", "x")),
        None,
    ] {
        let (status, body) = world.token(&form, basic).await;
        assert_eq!((status, &body["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_client")));
    }
    let unknown = [("grant_type", "client_credentials"), ("scope", "no-such-scope")];
    assert_eq!(world.token(&unknown, world.secret()).await.1["error"], "invalid_scope");
    let other = [("grant_type", "password")];
    assert_eq!(world.token(&other, world.secret()).await.1["error"], "unsupported_grant_type");
}

#[tokio::test]
async fn tokens_live_as_long_as_they_say() {
    let world = World::new().await;
    let form = [("grant_type", "client_credentials"), ("scope", TRANSFER), ("emulator_expires_in", "100")];
    let (_, body) = world.token(&form, world.secret()).await;
    let token = text(&body["access_token"]);
    assert_eq!(body["expires_in"], 100);
    assert_eq!(world.get(&token, SUBMISSION).await.0, StatusCode::OK);
    world.emulator.advance_clock(Duration::from_secs(101));
    let (status, body) = world.get(&token, SUBMISSION).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(body["code"], "ClientError.AuthenticationFailed");
    assert!(body["request_id"].is_string() && body["resource"] == "/v0.10/submission_id");
}

#[tokio::test]
async fn a_revoked_token_is_refused_at_once() {
    let world = World::new().await;
    let login = world.login(TRANSFER).await;
    let (access, refresh) = (text(&login["access_token"]), text(&login["refresh_token"]));
    let id = world.emulator.native_client_id();
    // Another client's attempt is answered alike, and does nothing.
    let form = [("token", access.as_str())];
    assert_eq!(
        world.form("v2/oauth2/token/revoke", &form, world.secret()).await,
        (StatusCode::OK, json!({ "active": false }))
    );
    assert_eq!(world.get(&access, SUBMISSION).await.0, StatusCode::OK);
    let form = [("token", refresh.as_str()), ("client_id", id)];
    world.form("v2/oauth2/token/revoke", &form, None).await;
    assert_eq!(world.get(&access, SUBMISSION).await.0, StatusCode::UNAUTHORIZED);
    let form = [("grant_type", "refresh_token"), ("refresh_token", &refresh), ("client_id", id)];
    assert_eq!(world.token(&form, None).await.1["error"], "invalid_grant");
}

#[tokio::test]
async fn a_template_may_revoke_what_its_instances_got() {
    let world = World::new().await;
    let template = "95fdeba8-fac2-42bd-a357-e068d82ff78e";
    let body = json!({ "client": { "template_id": template, "name": "Globus CLI" } });
    let (status, made) = answer(world.http.post(world.at("v2/api/clients")).json(&body)).await;
    assert_eq!(status, StatusCode::CREATED);
    let credential = &made["included"]["client_credential"];
    let (id, secret) = (text(&credential["client"]), text(&credential["secret"]));
    let form = [("grant_type", "client_credentials"), ("scope", TRANSFER)];
    let token = text(&world.token(&form, Some((&id, &secret))).await.1["access_token"]);
    let form = [("token", token.as_str()), ("client_id", template)];
    world.form("v2/oauth2/token/revoke", &form, None).await;
    assert_eq!(world.get(&token, SUBMISSION).await.0, StatusCode::UNAUTHORIZED);
    let delete = world.http.delete(world.at(&format!("v2/api/clients/{id}")));
    assert_eq!(answer(delete.basic_auth(&id, Some(&secret))).await.0, StatusCode::OK);
    let form = [("grant_type", "client_credentials"), ("scope", TRANSFER)];
    assert_eq!(world.token(&form, Some((&id, &secret))).await.1["error"], "invalid_client");
}

#[tokio::test]
async fn a_resource_server_acts_for_its_caller() {
    let world = World::new().await;
    let scope = format!("https://auth.globus.org/scopes/{}/all", world.emulator.client_id());
    let token = world.user(&scope).await;
    let form = [("token", token.as_str()), ("include", "session_info,identity_set")];
    let (_, about) = world.form("v2/oauth2/token/introspect", &form, world.secret()).await;
    assert_eq!((&about["active"], &about["sub"]), (&json!(true), &json!(world.emulator.user_id())));
    assert!(about["session_info"]["authentications"][world.emulator.user_id()]["auth_time"].is_number());
    let form = [("grant_type", "urn:globus:auth:grant_type:dependent_token"), ("token", &token)];
    let (_, dependent) = world.token(&form, world.secret()).await;
    let for_transfer = dependent
        .as_array()
        .unwrap()
        .iter()
        .find(|token| token["resource_server"] == "transfer.api.globus.org")
        .unwrap();
    assert_eq!(world.get(&text(&for_transfer["access_token"]), SUBMISSION).await.0, StatusCode::OK);
    // Only the service that the token is for may do this.
    let mine = world.client(TRANSFER).await;
    let form = [("grant_type", "urn:globus:auth:grant_type:dependent_token"), ("token", &mine)];
    assert_eq!(world.token(&form, world.secret()).await.1["error"], "invalid_grant");
}

#[tokio::test]
async fn a_token_serves_its_own_service_and_scopes_only() {
    let world = World::new().await;
    let groups = world.client(GROUPS).await;
    assert_eq!(world.get(&groups, SUBMISSION).await.0, StatusCode::UNAUTHORIZED);
    let install = world.client("urn:globus:auth:scope:transfer.api.globus.org:gcp_install").await;
    assert_eq!(world.get(&install, SUBMISSION).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn consents_are_kept_as_trees() {
    let world = World::new().await;
    let guarded = world.emulator.collection_data_access();
    let nested = format!("openid {TRANSFER}[*https://auth.globus.org/scopes/{guarded}/data_access]");
    let token = world.user(&nested).await;
    let path = format!("v2/api/identities/{}/consents", world.emulator.user_id());
    let (_, body) = world.get(&token, &path).await;
    let consents = body["consents"].as_array().unwrap();
    let paths: Vec<usize> =
        consents.iter().map(|consent| consent["dependency_path"].as_array().unwrap().len()).collect();
    assert_eq!(paths, [1, 1, 2]);
    assert_eq!(consents[2]["dependency_path"][0], consents[1]["id"]);
    assert_eq!(consents[2]["atomically_revocable"], json!(true));
}

#[tokio::test]
async fn every_secret_given_out_is_noted_and_none_is_in_the_journal() {
    let world = World::new().await;
    let login = world.login(&format!("openid {TRANSFER}")).await;
    let secrets = world.emulator.issued_secrets();
    for field in ["access_token", "refresh_token", "id_token"] {
        assert!(secrets.contains(&text(&login[field])), "{field}");
    }
    let journal = format!("{:?}", world.emulator.requests());
    assert!(journal.contains("/v2/oauth2/token"));
    for secret in &secrets {
        assert!(!journal.contains(secret.as_str()), "a secret is in the journal");
    }
    let _: Value = login;
}
