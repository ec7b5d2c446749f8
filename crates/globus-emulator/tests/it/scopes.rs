//! Scopes that people make, and what becomes of consents and tokens when they change.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{GROUPS, TRANSFER, World, text};

const MANAGE: &str = "urn:globus:auth:scope:auth.globus.org:manage_projects";

/// The id of a scope that everybody may look up.
async fn id_of(world: &World, token: &str, scope: &str) -> String {
    let (_, found) = world.get(token, &format!("v2/api/scopes?scope_strings={scope}")).await;
    text(&found["scopes"][0]["id"])
}

/// A scope of the demonstration service, which the user administers.
async fn make(world: &World, token: &str, suffix: &str, more: Value) -> (StatusCode, Value) {
    let mut body =
        json!({ "scope": { "name": "n", "description": "Use the service", "scope_suffix": suffix } });
    for (name, value) in more.as_object().unwrap() {
        body["scope"][name] = value.clone();
    }
    world.post(token, &format!("v2/api/clients/{}/scopes", world.emulator.client_id()), &body).await
}

#[tokio::test]
async fn a_new_scope_can_be_asked_for_and_brings_its_dependencies_along() {
    let world = World::new().await;
    let manager = world.user(MANAGE).await;
    let (transfer, groups) = (id_of(&world, &manager, TRANSFER).await, id_of(&world, &manager, GROUPS).await);
    let dependencies = json!({ "dependent_scopes": [
        { "scope": transfer, "optional": false, "requires_refresh_token": false },
        { "scope": groups, "optional": true, "requires_refresh_token": false },
    ] });
    let (status, made) = make(&world, &manager, "move", dependencies).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let scope = text(&made["scope"]["scope_string"]);
    let act = async |scope: &str| {
        let token = world.user(scope).await;
        let form = [("grant_type", "urn:globus:auth:grant_type:dependent_token"), ("token", token.as_str())];
        let (_, tokens) = world.token(&form, world.secret()).await;
        let servers = tokens.as_array().unwrap().iter().map(|token| text(&token["resource_server"]));
        servers.collect::<Vec<String>>()
    };
    assert_eq!(act(&scope).await, ["transfer.api.globus.org"]);
    // What is optional comes along when it is asked for.
    assert_eq!(act(&format!("{scope}[*{GROUPS}]")).await.len(), 2);
    let (_, service) = world.get(&manager, &format!("v2/api/clients/{}", world.emulator.client_id())).await;
    assert!(service["client"]["scopes"].as_array().unwrap().contains(&made["scope"]["id"]));
}

#[tokio::test]
async fn scopes_that_cannot_be_are_refused() {
    let world = World::new().await;
    let manager = world.user(MANAGE).await;
    assert_eq!(make(&world, &manager, "one", json!({})).await.0, StatusCode::CREATED);
    let (status, body) = make(&world, &manager, "one", json!({})).await;
    assert_eq!((status, &body["errors"][0]["code"]), (StatusCode::CONFLICT, &json!("RESOURCE_CONFLICT")));
    assert_eq!(make(&world, &manager, "a b", json!({})).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(make(&world, &manager, "", json!({})).await.0, StatusCode::BAD_REQUEST);
    let unknown = json!({ "dependent_scopes": [{ "scope": "nothing" }] });
    assert_eq!(make(&world, &manager, "two", unknown).await.0, StatusCode::BAD_REQUEST);
    let stranger = world.user_named("kim@example.org", MANAGE).await;
    assert_eq!(make(&world, &stranger, "three", json!({})).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn scopes_are_seen_by_their_administrators_unless_they_are_advertised() {
    let world = World::new().await;
    let manager = world.user(MANAGE).await;
    let stranger = world.user_named("kim@example.org", MANAGE).await;
    let (_, made) = make(&world, &manager, "hidden", json!({})).await;
    let (id, name) = (text(&made["scope"]["id"]), text(&made["scope"]["scope_string"]));
    let at = format!("v2/api/scopes/{id}");
    let lookups = [format!("v2/api/scopes?ids={id}"), format!("v2/api/scopes?scope_strings={name}")];
    for path in &lookups {
        assert_eq!(world.get(&stranger, path).await.1["scopes"], json!([]), "{path}");
        assert_eq!(world.get(&manager, path).await.1["scopes"][0]["id"], id.as_str(), "{path}");
    }
    assert_eq!(world.get(&stranger, &at).await.0, StatusCode::FORBIDDEN);
    let change = json!({ "scope": { "advertised": true } });
    assert_eq!(world.send(Method::PUT, &stranger, &at, &change).await.0, StatusCode::FORBIDDEN);
    assert_eq!(world.send(Method::PUT, &manager, &at, &change).await.1["scope"]["advertised"], true);
    assert_eq!(world.get(&stranger, &at).await.0, StatusCode::OK);
    assert_eq!(world.get(&stranger, &lookups[1]).await.1["scopes"][0]["id"], id.as_str());
    assert_eq!(world.get(&stranger, "v2/api/scopes").await.1["scopes"], json!([]));
    let both = format!("v2/api/scopes?ids={id}&scope_strings={name}");
    assert_eq!(world.get(&manager, &both).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_scope_that_is_gone_takes_its_tokens_and_consents_along() {
    let world = World::new().await;
    let manager = world.user(&format!("openid {MANAGE}")).await;
    let (_, made) = make(&world, &manager, "gone", json!({})).await;
    let (id, name) = (text(&made["scope"]["id"]), text(&made["scope"]["scope_string"]));
    let token = world.user(&name).await;
    let active = async || {
        let form = [("token", token.as_str())];
        world.form("v2/oauth2/token/introspect", &form, world.secret()).await.1["active"] == true
    };
    assert!(active().await);
    assert_eq!(
        world.send(Method::DELETE, &manager, &format!("v2/api/scopes/{id}"), &Value::Null).await.0,
        StatusCode::OK
    );
    assert!(!active().await);
    let consents = format!("v2/api/identities/{}/consents?all=True", world.emulator.user_id());
    let (_, body) = world.get(&manager, &consents).await;
    assert!(
        body["consents"].as_array().unwrap().iter().all(|consent| consent["scope_name"] != name.as_str())
    );
    let url = world.authorize_url(&[("scope", &name)]);
    let answer = world.http.get(url).send().await.unwrap();
    assert!(answer.headers()["location"].to_str().unwrap().contains("error=invalid_scope"));
}

#[tokio::test]
async fn a_scope_decides_about_refresh_tokens_and_domains() {
    let world = World::new().await;
    let manager = world.user(MANAGE).await;
    let more = json!({ "allows_refresh_token": false, "required_domains": ["lab.example.org"] });
    let (_, made) = make(&world, &manager, "strict", more).await;
    let name = text(&made["scope"]["scope_string"]);
    let url = world.authorize_url(&[("scope", &name), ("emulator_user", "grace@lab.example.org")]);
    let code = world.emulator.approve(&url).await.unwrap();
    let (_, login) = world.exchange(&code, &[]).await;
    assert!(login["access_token"].is_string() && login.get("refresh_token").is_none(), "{login}");
    let url = world.authorize_url(&[
        ("scope", &name),
        ("emulator_user", "kim@example.org"),
        ("emulator_approve", "1"),
    ]);
    let answer = world.http.get(url).send().await.unwrap();
    assert!(answer.headers()["location"].to_str().unwrap().contains("error=access_denied"));
}

#[tokio::test]
async fn a_renamed_scope_keeps_its_consents_and_ends_its_tokens() {
    let world = World::new().await;
    let manager = world.user(&format!("openid {MANAGE}")).await;
    let (_, made) = make(&world, &manager, "old", json!({})).await;
    let name = text(&made["scope"]["scope_string"]);
    world.user(&name).await;
    let at = format!("v2/api/scopes/{}", text(&made["scope"]["id"]));
    let change = json!({ "scope": { "scope_suffix": "new", "name": "m", "description": "d" } });
    let (_, changed) = world.send(Method::PUT, &manager, &at, &change).await;
    let renamed = text(&changed["scope"]["scope_string"]);
    assert!(renamed.ends_with("/new") && changed["scope"]["id"] == made["scope"]["id"]);
    let consents = format!("v2/api/identities/{}/consents?all=True", world.emulator.user_id());
    let (_, body) = world.get(&manager, &consents).await;
    let names: Vec<&Value> =
        body["consents"].as_array().unwrap().iter().map(|consent| &consent["scope_name"]).collect();
    assert!(names.contains(&&json!(renamed)) && !names.contains(&&json!(name)), "{names:?}");
}
