//! Version 2: tunnels and stream access points.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{TRANSFER, World, text};

async fn points(world: &World, token: &str, query: &str) -> Value {
    let (status, body) = world.get(token, &format!("v2/stream_access_points{query}")).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

/// What makes a tunnel between the two access points there are.
async fn wanted(world: &World, token: &str, more: Value) -> Value {
    let points = points(world, token, "").await;
    let related =
        |at: usize| json!({ "data": { "type": "StreamAccessPoint", "id": points["data"][at]["id"] } });
    let mut attributes = json!({
        "label": "beam line 7",
        "submission_id": text(&world.get(token, "v0.10/submission_id").await.1["value"]),
    });
    attributes.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "data": {
        "type": "Tunnel",
        "attributes": attributes,
        "relationships": { "initiator": related(0), "listener": related(1) },
    }})
}

async fn make(world: &World, token: &str, document: &Value) -> (StatusCode, Value) {
    world.post(token, "v2/tunnels", document).await
}

async fn patch(world: &World, token: &str, id: &str, attributes: Value) -> (StatusCode, Value) {
    let body = json!({ "data": { "type": "Tunnel", "attributes": attributes } });
    world.send(Method::PATCH, token, &format!("v2/tunnels/{id}"), &body).await
}

#[tokio::test]
async fn access_points_are_found_by_their_texts_and_read_in_pages() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let all = points(&world, &token, "").await;
    assert_eq!((all["data"].as_array().unwrap().len(), &all["links"]), (2, &json!(null)));
    let first = points(&world, &token, "?page%5Blimit%5D=1&filter%5Bfulltext%5D=emulated").await;
    assert_eq!(first["data"].as_array().unwrap().len(), 1);
    let next = text(&first["links"]["next"]);
    let second = points(&world, &token, next.split_once("points").unwrap().1).await;
    assert_eq!((second["data"].as_array().unwrap().len(), &second["links"]), (1, &json!(null)));
    assert_ne!(first["data"][0]["id"], second["data"][0]["id"]);
    let detectors = points(&world, &token, "?filter%5Bfulltext%5D=DETECTOR").await;
    assert_eq!(detectors["data"][0]["attributes"]["display_name"], "Emulated Detector");
    assert_eq!(points(&world, &token, "?filter%5Bendpoint_admin%5D=true").await["data"], json!([]));
    let ada = world.user_named("ada@example.org", TRANSFER).await;
    let hers = points(&world, &ada, "?filter%5Bendpoint_admin%5D=true").await;
    assert_eq!(hers["data"].as_array().unwrap().len(), 2);
    let (_, one) =
        world.get(&token, &format!("v2/stream_access_points/{}", text(&hers["data"][0]["id"]))).await;
    assert_eq!(one["data"], hers["data"][0]);
    let (status, _) = world.get(&token, "v2/stream_access_points?page%5Blimit%5D=0").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_tunnel_lives_from_its_listener_to_its_end() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let document = wanted(&world, &token, json!({})).await;
    let (status, made) = make(&world, &token, &document).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let attributes = &made["data"]["attributes"];
    assert_eq!(
        (&attributes["state"], &attributes["lifetime_mins"]),
        (&json!("AWAITING_LISTENER"), &json!(360))
    );
    assert_eq!(made["data"]["relationships"]["owner"]["data"]["id"], world.emulator.user_id());
    let id = text(&made["data"]["id"]);
    // The same submission is the same tunnel.
    let (status, again) = make(&world, &token, &document).await;
    assert_eq!((status, text(&again["data"]["id"])), (StatusCode::OK, id.clone()));

    let (_, half) = patch(&world, &token, &id, json!({ "listener_ip_address": "10.0.0.1" })).await;
    assert_eq!(half["data"]["attributes"]["state"], "AWAITING_LISTENER");
    let (_, active) = patch(&world, &token, &id, json!({ "listener_port": 5000, "label": "renamed" })).await;
    let attributes = &active["data"]["attributes"];
    assert_eq!((&attributes["state"], &attributes["label"]), (&json!("TUNNEL_ACTIVE"), &json!("renamed")));
    assert!(attributes["initiator_port"].as_u64().is_some());
    let (_, stopping) = patch(&world, &token, &id, json!({ "state": "STOPPING" })).await;
    assert_eq!(stopping["data"]["attributes"]["state"], "STOPPING");
    let (_, stopped) = world.get(&token, &format!("v2/tunnels/{id}")).await;
    assert_eq!(stopped["data"]["attributes"]["state"], "STOPPED");
    let (_, events) = world.get(&token, &format!("v2/tunnels/{id}/events")).await;
    let codes: Vec<&Value> =
        events["data"].as_array().unwrap().iter().map(|event| &event["attributes"]["code"]).collect();
    assert_eq!(codes, ["STARTED", "TUNNEL_ACTIVE", "TUNNEL_STOPPED"]);
    let (_, some) =
        world.get(&token, &format!("v2/tunnels/{id}/events?code_name=STARTED&is_error=false")).await;
    assert_eq!(some["data"].as_array().unwrap().len(), 1);
    let (_, none) = world.get(&token, &format!("v2/tunnels/{id}/events?is_error=true")).await;
    assert_eq!(none["data"], json!([]));
    let (status, _) = patch(&world, &token, &id, json!({ "label": "too late" })).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let (_, gone) = world.send(Method::DELETE, &token, &format!("v2/tunnels/{id}"), &json!({})).await;
    assert_eq!(gone["data"], json!(null));
    let (status, refused) = world.get(&token, &format!("v2/tunnels/{id}")).await;
    assert_eq!((status, &refused["errors"][0]["code"]), (StatusCode::NOT_FOUND, &json!("NOT_FOUND")));
}

#[tokio::test]
async fn a_tunnel_ends_with_its_lifetime() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let more = json!({ "lifetime_mins": 10, "listener_ip_address": "::1", "listener_port": 1 });
    let (_, made) = make(&world, &token, &wanted(&world, &token, more).await).await;
    assert_eq!(made["data"]["attributes"]["state"], "TUNNEL_ACTIVE");
    world.emulator.advance_clock(Duration::from_secs(600));
    let (_, list) = world.get(&token, "v2/tunnels").await;
    assert_eq!(list["data"][0]["attributes"]["state"], "STOPPED");
}

#[tokio::test]
async fn tunnels_are_their_makers_own_and_bad_ones_are_refused() {
    let world = World::new().await;
    let (token, other) = (world.user(TRANSFER).await, world.client(TRANSFER).await);
    let good = wanted(&world, &token, json!({})).await;
    let (_, made) = make(&world, &token, &good).await;
    let path = format!("v2/tunnels/{}", text(&made["data"]["id"]));
    for (method, path) in
        [(Method::GET, path.clone()), (Method::GET, format!("{path}/events")), (Method::DELETE, path.clone())]
    {
        assert_eq!(world.send(method, &other, &path, &json!({})).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(world.get(&other, "v2/tunnels").await.1["data"], json!([]));
    for (at, value) in [
        ("/data/type", json!("Bookmark")),
        ("/data/attributes/submission_id", json!("x")),
        ("/data/attributes/lifetime_mins", json!(0)),
        ("/data/attributes/label", json!(7)),
        ("/data/relationships/listener", json!(null)),
    ] {
        let mut bad = good.clone();
        if let Some(field) = bad.pointer_mut(at) {
            *field = value;
        } else {
            bad["data"]["attributes"]["lifetime_mins"] = value;
        }
        let (status, body) = make(&world, &token, &bad).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{at}: {body}");
    }
    let mut unknown = good.clone();
    unknown["data"]["relationships"]["listener"]["data"]["id"] = world.emulator.user_id().into();
    assert_eq!(make(&world, &token, &unknown).await.0, StatusCode::NOT_FOUND);
    let id = text(&made["data"]["id"]);
    for bad in [
        json!({ "state": "TUNNEL_ACTIVE" }),
        json!({ "listener_port": 0 }),
        json!({ "listener_ip_address": "somewhere" }),
    ] {
        assert_eq!(
            patch(&world, &token, &id, bad.clone()).await.0,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{bad}"
        );
    }
    let request = world.http.get(world.at("v2/tunnels")).bearer_auth("nonsense").send().await.unwrap();
    assert_eq!(request.headers()["content-type"], "application/vnd.api+json");
    assert_eq!(request.status(), StatusCode::UNAUTHORIZED);
}
