//! Trouble on demand, and the walls of the server itself.

use std::time::{Duration, Instant};

use globus_emulator::{Emulator, Fault, FaultAction};
use reqwest::StatusCode;
use serde_json::json;

use crate::support::{TRANSFER, World, answer};

const SUBMISSION: &str = "v0.10/submission_id";

#[tokio::test]
async fn a_status_comes_with_its_headers_and_body_as_often_as_told() {
    let world = World::new().await;
    let token = world.client(TRANSFER).await;
    let action = FaultAction::status(503).header("Retry-After", "7").json(r#"{"code":"Busy"}"#);
    world.emulator.inject(Fault::new("/v0.10/", action).times(2).method("GET"));
    for _ in 0..2 {
        let response = world.http.get(world.at(SUBMISSION)).bearer_auth(&token).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()["retry-after"], "7");
        assert_eq!(response.text().await.unwrap(), r#"{"code":"Busy"}"#);
    }
    assert_eq!(world.get(&token, SUBMISSION).await.0, StatusCode::OK);
}

#[tokio::test]
async fn connections_drop_and_answers_break_off() {
    let world = World::new().await;
    let token = world.client(TRANSFER).await;
    world.emulator.clear_requests();
    let get = || world.http.get(world.at(SUBMISSION)).bearer_auth(&token);
    // A client may try a dropped connection once more by itself when it had been used before.
    world.emulator.inject(Fault::new("/v0.10/", FaultAction::Drop).times(u32::MAX));
    assert!(get().send().await.is_err());
    world.emulator.clear_faults();
    world.emulator.inject(Fault::new("/v0.10/", FaultAction::Truncate));
    let response = get().send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert!(response.bytes().await.is_err());
    assert_eq!(answer(get()).await.0, StatusCode::OK);
    let statuses: Vec<u16> = world.emulator.requests().iter().map(|request| request.status).collect();
    assert!(statuses.ends_with(&[0, 200, 200]), "{statuses:?}");
}

#[tokio::test]
async fn a_delay_delays() {
    let world = World::new().await;
    let token = world.client(TRANSFER).await;
    world.emulator.inject(Fault::new("/v0.10/", FaultAction::Delay(Duration::from_millis(80))));
    let started = Instant::now();
    assert_eq!(world.get(&token, SUBMISSION).await.0, StatusCode::OK);
    assert!(started.elapsed() >= Duration::from_millis(80));
}

#[tokio::test]
async fn other_hosts_and_pages_from_elsewhere_are_kept_out() {
    let world = World::new().await;
    let status = async |request: reqwest::RequestBuilder| request.send().await.unwrap();
    let configuration = world.at(".well-known/openid-configuration");
    let foreign = status(world.http.get(&configuration).header("host", "evil.example.org")).await;
    assert_eq!(foreign.status(), StatusCode::MISDIRECTED_REQUEST);
    let origin = async |origin: &'static str| {
        let response = status(world.http.get(&configuration).header("origin", origin)).await;
        response.headers().contains_key("access-control-allow-origin")
    };
    assert!(origin("http://localhost:5173").await);
    assert!(!origin("https://evil.example.org").await);
}

#[tokio::test]
async fn a_seed_repeats_the_ids_and_secrets() {
    let one = Emulator::builder().seed(7).start().await.unwrap();
    let two = Emulator::builder().seed(7).start().await.unwrap();
    let three = Emulator::start().await.unwrap();
    assert_eq!(one.client_secret(), two.client_secret());
    assert_eq!(one.client_id(), two.client_id());
    assert_ne!(one.client_secret(), three.client_secret());
}

#[tokio::test]
async fn a_stopped_emulator_takes_its_directories_along() {
    let emulator = Emulator::start().await.unwrap();
    let (url, dir) = (emulator.url().to_owned(), emulator.collection_a_dir().to_path_buf());
    assert!(dir.join("share/godata/file1.txt").exists());
    emulator.stop().await;
    assert!(!dir.exists());
    assert!(reqwest::get(url).await.is_err());
}

#[tokio::test]
async fn the_status_page_shows_how_to_use_it() {
    let world = World::new().await;
    let html = world.http.get(world.emulator.url()).send().await.unwrap().text().await.unwrap();
    assert!(html.contains("export GLOBUS_SDK_SERVICE_URL_AUTH=") && html.contains("Tutorial Collection 1"));
    assert!(!html.contains(world.emulator.client_secret()));
}

#[tokio::test]
async fn programs_in_other_languages_have_the_same_controls() {
    let world = World::new().await;
    let token = world.client(TRANSFER).await;
    let control = async |path: &str, body: serde_json::Value| {
        answer(world.http.post(world.at(&format!("emulator/{path}"))).json(&body)).await.0
    };
    let fault =
        json!({ "path_prefix": "/v0.10/", "action": { "status": 418, "body": { "code": "Teapot" } } });
    assert_eq!(control("faults", fault).await, StatusCode::OK);
    assert_eq!(world.get(&token, SUBMISSION).await, (StatusCode::IM_A_TEAPOT, json!({ "code": "Teapot" })));
    assert_eq!(control("faults", json!({ "action": "drop" })).await, StatusCode::BAD_REQUEST);
    assert_eq!(control("clock", json!({ "advance_seconds": 200_000 })).await, StatusCode::OK);
    assert_eq!(world.get(&token, SUBMISSION).await.0, StatusCode::UNAUTHORIZED);
    let (_, journal) = answer(world.http.get(world.at("emulator/requests"))).await;
    assert_eq!(journal["requests"][0]["path"], "/v2/oauth2/token");
    // A page can send a form anywhere without asking; this is why one does nothing here.
    let form = world.http.post(world.at("emulator/clock")).form(&[("advance_seconds", "1")]);
    assert_eq!(answer(form).await.0, StatusCode::BAD_REQUEST);
}
