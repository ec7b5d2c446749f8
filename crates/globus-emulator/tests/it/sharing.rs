//! Consent, guest collections and their rules.

use reqwest::StatusCode;
use serde_json::json;

use crate::support::{TRANSFER, World, text};

#[tokio::test]
async fn a_guarded_collection_opens_after_consent_also_for_tokens_from_before() {
    let world = World::new().await;
    let guarded = world.emulator.collection_data_access();
    let ls = format!("v0.10/operation/endpoint/{guarded}/ls?path=/");
    let token = world.user(TRANSFER).await;
    let (status, body) = world.get(&token, &ls).await;
    assert_eq!((status, &body["code"]), (StatusCode::FORBIDDEN, &json!("ConsentRequired")));
    let scope = text(&body["required_scopes"][0]);
    assert_eq!(scope, format!("{TRANSFER}[*https://auth.globus.org/scopes/{guarded}/data_access]"));
    world.user(&scope).await;
    assert_eq!(world.get(&token, &ls).await.0, StatusCode::OK);
    // Consent belongs to one client and one identity.
    let client = world.client(TRANSFER).await;
    assert_eq!(world.get(&client, &ls).await.0, StatusCode::FORBIDDEN);
    world.client(&scope).await;
    assert_eq!(world.get(&client, &ls).await.0, StatusCode::OK);
    // Collections that ask for no consent have no such scope.
    let other =
        format!("{TRANSFER}[https://auth.globus.org/scopes/{}/data_access]", world.emulator.collection_a());
    let form = [("grant_type", "client_credentials"), ("scope", other.as_str())];
    assert_eq!(world.token(&form, world.secret()).await.1["error"], "invalid_scope");
}

#[tokio::test]
async fn a_guest_collection_opens_for_those_its_rules_name() {
    let world = World::new().await;
    let (user, client) = (world.user(TRANSFER).await, world.client(TRANSFER).await);
    let share = json!({
        "DATA_TYPE": "shared_endpoint",
        "host_endpoint": world.emulator.collection_a(),
        "host_path": "/share/",
        "display_name": "shared",
    });
    let (status, made) = world.post(&user, "v0.10/shared_endpoint", &share).await;
    assert_eq!(status, StatusCode::CREATED);
    let guest = text(&made["id"]);
    let at = format!("v0.10/operation/endpoint/{guest}");
    let (_, document) = world.get(&user, &format!("v0.10/endpoint/{guest}")).await;
    assert_eq!(document["entity_type"], "GCP_guest_collection");
    assert_eq!(world.get(&user, &format!("{at}/ls?path=/godata/")).await.0, StatusCode::OK);
    assert_eq!(world.get(&client, &format!("{at}/ls?path=/godata/")).await.0, StatusCode::FORBIDDEN);
    let rule = json!({
        "DATA_TYPE": "access",
        "principal_type": "identity",
        "principal": world.emulator.client_id(),
        "path": "/godata/",
        "permissions": "r",
    });
    let (status, body) = world.post(&user, &format!("v0.10/endpoint/{guest}/access"), &rule).await;
    assert_eq!((status, &body["code"]), (StatusCode::CREATED, &json!("Created")));
    let (status, _) = world.post(&user, &format!("v0.10/endpoint/{guest}/access"), &rule).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(world.get(&client, &format!("{at}/ls?path=/godata/")).await.0, StatusCode::OK);
    assert_eq!(world.get(&client, &format!("{at}/ls?path=/climate-run/")).await.0, StatusCode::FORBIDDEN);
    let (_, root) = world.get(&client, &format!("{at}/ls?path=/")).await;
    assert_eq!(root["length"], 1, "only what leads to the rule's path is seen");
    let mkdir = json!({ "DATA_TYPE": "mkdir", "path": "/godata/new" });
    assert_eq!(world.post(&client, &format!("{at}/mkdir"), &mkdir).await.0, StatusCode::FORBIDDEN);
}
