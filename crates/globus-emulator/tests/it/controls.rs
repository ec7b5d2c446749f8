//! The controls for programs in other languages, under `/__emulator/`.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, TRANSFER, World, answer};

const SUBMISSION: &str = "v0.10/submission_id";

async fn control(world: &World, method: Method, path: &str, body: Value) -> Answer {
    answer(world.http.request(method, world.at(&format!("__emulator/{path}"))).json(&body)).await
}

async fn post(world: &World, path: &str, body: Value) -> Answer {
    control(world, Method::POST, path, body).await
}

async fn read(world: &World, path: &str) -> Answer {
    answer(world.http.get(world.at(&format!("__emulator/{path}")))).await
}

#[tokio::test]
async fn faults_are_added_listed_and_removed() {
    let world = World::new().await;
    let fault =
        json!({ "path": "/v0.10/**", "id": "tea", "times": 2, "action": { "answer": { "status": 418 } } });
    let (status, added) = post(&world, "faults", fault).await;
    assert_eq!((status, &added["faults"][0]["id"]), (StatusCode::CREATED, &json!("tea")));
    let two = json!([{ "path": "/v2/**", "action": "drop" }, { "service": "groups", "action": "truncate" }]);
    let (_, added) = post(&world, "faults", two).await;
    assert_eq!(
        (&added["faults"][0]["id"], &added["faults"][1]["id"]),
        (&json!("fault-1"), &json!("fault-2"))
    );
    assert_eq!(world.get("", SUBMISSION).await.0, StatusCode::IM_A_TEAPOT);
    let (_, tea) = read(&world, "faults/tea").await;
    assert_eq!((&tea["met"], &tea["happened"], &tea["path"]), (&json!(1), &json!(1), &json!("/v0.10/**")));
    assert_eq!(world.get("", SUBMISSION).await.0, StatusCode::IM_A_TEAPOT);
    assert_eq!(read(&world, "faults/tea").await.0, StatusCode::NOT_FOUND, "it is used up");
    let delete = async |path| control(&world, Method::DELETE, path, Value::Null).await.0;
    assert_eq!(delete("faults/fault-1").await, StatusCode::OK);
    assert_eq!(delete("faults/fault-1").await, StatusCode::NOT_FOUND);
    assert_eq!(read(&world, "faults").await.1["faults"].as_array().unwrap().len(), 1);
    assert_eq!(delete("faults").await, StatusCode::OK);
    assert_eq!(read(&world, "faults").await.1["faults"], json!([]));
    let (status, wrong) = post(&world, "faults", json!({ "path": "/", "action": "fall" })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(wrong["message"].as_str().unwrap().contains("unknown variant `fall`"), "{wrong}");
}

#[tokio::test]
async fn a_fault_that_meets_everything_leaves_the_controls_alone() {
    let world = World::new().await;
    post(&world, "faults", json!({ "path": "/**", "action": "drop" })).await;
    assert_eq!(read(&world, "state").await.0, StatusCode::OK);
    assert_eq!(control(&world, Method::DELETE, "faults", Value::Null).await.0, StatusCode::OK);
    assert_eq!(read(&world, "requests").await.1["count"], 0);
}

#[tokio::test]
async fn the_clock_is_advanced_and_set() {
    let world = World::new().await;
    let token = world.client(TRANSFER).await;
    let (_, before) = read(&world, "clock").await;
    assert_eq!(before["offset_seconds"], 0.0);
    assert_eq!(post(&world, "clock", json!({ "advance_seconds": 200_000 })).await.0, StatusCode::OK);
    assert_eq!(world.get(&token, SUBMISSION).await.0, StatusCode::UNAUTHORIZED);
    let (_, set) = post(&world, "clock", json!({ "offset_seconds": -3600 })).await;
    assert_eq!(set["offset_seconds"], -3600.0);
    let answer = world.http.get(world.at(SUBMISSION)).bearer_auth(&token).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    // `Date` is told by the same clock.
    let now = read(&world, "clock").await.1["now"].as_str().unwrap()[..13].replace('T', " ");
    let date = answer.headers()["date"].to_str().unwrap().to_owned();
    assert!(date.contains(&format!(" {}:", &now[11..])) || date.contains(":59:5"), "{date} and {now}");
    for wrong in
        [json!({}), json!({ "advance_seconds": -1 }), json!({ "advance_seconds": 1, "offset_seconds": 1 })]
    {
        assert_eq!(post(&world, "clock", wrong).await.0, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn the_journal_is_asked_by_method_path_status_and_number() {
    let world = World::new().await;
    let token = world.client(TRANSFER).await;
    world.get(&token, SUBMISSION).await;
    world.get("", SUBMISSION).await;
    world.post(&token, "v0.10/transfer", &json!({})).await;
    let count = async |query: &str| read(&world, &format!("requests?count&{query}")).await.1["count"].clone();
    assert_eq!(count("").await, 4);
    assert_eq!(count("method=GET").await, 2);
    assert_eq!(count("path=/v0.10/**").await, 3);
    assert_eq!(count("path=/v0.10/**&status=401").await, 1);
    assert_eq!(count("since=3").await, 1);
    let (_, all) = read(&world, "requests?path=/v2/oauth2/token").await;
    let login = &all["requests"][0];
    assert_eq!((&login["sequence"], &login["status"], &all["last"]), (&json!(1), &json!(200), &json!(4)));
    assert_eq!((&login["authorization"], &login["faults"]), (&json!("Basic"), &json!([])));
    assert!(login["body"].as_str().unwrap().starts_with("grant_type=client_credentials"));
    let (status, wrong) = read(&world, "requests?verb=GET").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(wrong["message"].as_str().unwrap().contains("'verb' is unknown here"), "{wrong}");
    assert_eq!(control(&world, Method::DELETE, "requests", Value::Null).await.0, StatusCode::OK);
    assert_eq!(read(&world, "requests").await.1, json!({ "requests": [], "count": 0, "last": 4 }));
}

#[tokio::test]
async fn nothing_secret_is_in_the_journal() {
    let world = World::new().await;
    let login = world.login(TRANSFER).await;
    let (access, refresh) =
        (login["access_token"].as_str().unwrap(), login["refresh_token"].as_str().unwrap());
    let form = [("token", refresh), ("client_id", world.emulator.native_client_id())];
    world.form("v2/oauth2/token/introspect", &form, world.secret()).await;
    // Declared as what it is not.
    let body = format!("client_secret={}", world.emulator.client_secret());
    for kind in ["application/json", "text/plain"] {
        let request =
            world.http.post(world.at("v2/oauth2/token")).header("content-type", kind).body(body.clone());
        answer(request.header("authorization", access)).await;
    }
    world.get(access, &format!("v0.10/task_list?access_token={access}")).await;
    let journal = read(&world, "requests").await.1.to_string();
    let issued = world.emulator.issued_secrets();
    assert!(issued.len() >= 4 && issued.iter().all(|secret| !journal.contains(secret)), "{journal}");
}

#[tokio::test]
async fn a_test_can_wait_for_the_requests_of_a_program() {
    let world = World::new().await;
    let waiting = read(&world, "requests?path=/jwk.json&wait_for=2&timeout_seconds=600");
    let program = async {
        for _ in 0..2 {
            world.get("", "jwk.json").await;
        }
    };
    let ((status, found), ()) = tokio::join!(waiting, program);
    assert_eq!((status, &found["count"]), (StatusCode::OK, &json!(2)));
    let (status, late) = read(&world, "requests?path=/jwk.json&wait_for=3&timeout_seconds=0").await;
    assert_eq!((status, &late["code"]), (StatusCode::REQUEST_TIMEOUT, &json!("NotReached")));
    let filter = globus_emulator::RequestFilter::new().path("/jwk.json");
    assert_eq!(world.emulator.wait_for_requests(&filter, 2, Duration::MAX).await.unwrap().len(), 2);
    let error = world.emulator.wait_for_requests(&filter, 3, Duration::ZERO).await.unwrap_err();
    assert!(error.to_string().starts_with("2 of 3 requests"), "{error}");
}

#[tokio::test]
async fn pages_from_elsewhere_control_nothing() {
    let world = World::new().await;
    let clock = || world.http.post(world.at("__emulator/clock"));
    // A page can send a form anywhere without asking; this is why one does nothing here.
    assert_eq!(answer(clock().form(&[("advance_seconds", "1")])).await.0, StatusCode::BAD_REQUEST);
    let reset = || world.http.post(world.at("__emulator/reset"));
    assert_eq!(answer(reset()).await.0, StatusCode::BAD_REQUEST);
    for (name, value) in [("origin", "https://evil.example.org"), ("sec-fetch-site", "cross-site")] {
        let advance = clock().json(&json!({ "advance_seconds": 1 })).header(name, value);
        assert_eq!(answer(advance).await.0, StatusCode::FORBIDDEN, "{name}");
        let journal = world.http.get(world.at("__emulator/requests")).header(name, value);
        assert_eq!(answer(journal).await.0, StatusCode::FORBIDDEN, "{name}");
    }
    let asked = world.http.request(Method::OPTIONS, world.at("__emulator/faults"));
    let asked =
        asked.header("origin", "https://evil.example.org").header("access-control-request-method", "DELETE");
    let headers = asked.send().await.unwrap().headers().clone();
    assert!(!headers.contains_key("access-control-allow-methods"), "{headers:?}");
    let foreign = world.http.get(world.at("__emulator/state")).header("host", "evil.example.org");
    assert_eq!(answer(foreign).await.0, StatusCode::MISDIRECTED_REQUEST);
}
