//! Collections with high assurance, which look at the login.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{TRANSFER, World, text};

fn check(world: &World, (status, body): (StatusCode, Value), what: &str) {
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::FORBIDDEN, &json!("AuthorizationRequired")),
        "{what}: {body}"
    );
    let parameters = &body["authorization_parameters"];
    assert_eq!(parameters["session_required_identities"], json!([world.emulator.user_id()]), "{what}");
    assert!(parameters["session_message"].is_string(), "{what}");
}

#[tokio::test]
async fn a_login_that_is_too_old_is_asked_for_again() {
    let world = World::new().await;
    let assured = world.emulator.collection_high_assurance().to_owned();
    let token = world.user(TRANSFER).await;
    let at = format!("v0.10/operation/endpoint/{assured}");
    let ls = format!("{at}/ls?path=/share/godata/");
    assert_eq!(world.get(&token, &ls).await.0, StatusCode::OK);
    let (_, document) = world.get(&token, &format!("v0.10/endpoint/{assured}")).await;
    assert_eq!(
        (&document["high_assurance"], &document["authentication_timeout_mins"]),
        (&json!(true), &json!(30))
    );
    let mark = json!({ "name": "secret place", "endpoint_id": assured, "path": "/share/" });
    let (status, bookmark) = world.post(&token, "v0.10/bookmark", &mark).await;
    assert_eq!(status, StatusCode::CREATED);

    world.emulator.advance_clock(Duration::from_secs(31 * 60));
    check(&world, world.get(&token, &ls).await, "ls");
    check(&world, world.get(&token, &format!("{at}/stat?path=/share/")).await, "stat");
    let mkdir = json!({ "DATA_TYPE": "mkdir", "path": "/made" });
    check(&world, world.post(&token, &format!("{at}/mkdir"), &mkdir).await, "mkdir");
    let from = json!({ "source_endpoint": assured });
    let items = [("/share/godata/file1.txt", "/~/one.txt")];
    check(&world, world.submit(&token, &items, from.clone()).await, "transfer");
    check(&world, world.get(&token, &format!("v0.10/bookmark/{}", text(&bookmark["id"]))).await, "bookmark");
    let (_, list) = world.get(&token, "v2/bookmarks").await;
    assert_eq!(list["data"][0]["attributes"]["path"], json!(null));
    let (status, refused) = world.get(&token, &format!("v2/bookmarks/{}", text(&bookmark["id"]))).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(refused["errors"][0]["authorization_parameters"].is_object(), "{refused}");
    // What does not touch the data needs no fresh login, and neither does another collection.
    assert_eq!(world.get(&token, &format!("v0.10/endpoint/{assured}")).await.0, StatusCode::OK);
    let other = format!("v0.10/operation/endpoint/{}/ls?path=/share/", world.emulator.collection_a());
    assert_eq!(world.get(&token, &other).await.0, StatusCode::OK);

    // Logging in again is the way in. A client that acts as itself is always fresh.
    let fresh = world.user(TRANSFER).await;
    assert_eq!(world.get(&fresh, &ls).await.0, StatusCode::OK);
    assert_eq!(world.transfer(&fresh, &items, from).await["status"], "SUCCEEDED");
    let client = world.client(TRANSFER).await;
    world.emulator.advance_clock(Duration::from_secs(31 * 60));
    assert_eq!(world.get(&client, &ls).await.0, StatusCode::OK);
}

#[tokio::test]
async fn guests_of_a_collection_with_high_assurance_have_it_too() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let share = json!({
        "DATA_TYPE": "shared_endpoint",
        "host_endpoint": world.emulator.collection_high_assurance(),
        "host_path": "/share/",
        "display_name": "shared",
    });
    let (status, made) = world.post(&token, "v0.10/shared_endpoint", &share).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let ls = format!("v0.10/operation/endpoint/{}/ls?path=/", text(&made["id"]));
    assert_eq!(world.get(&token, &ls).await.0, StatusCode::OK);
    world.emulator.advance_clock(Duration::from_secs(31 * 60));
    check(&world, world.get(&token, &ls).await, "guest");
    check(&world, world.post(&token, "v0.10/shared_endpoint", &share).await, "share");
}
