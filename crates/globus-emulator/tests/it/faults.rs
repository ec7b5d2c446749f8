//! Trouble on demand.

use std::time::Duration;

use globus_emulator::{Emulator, Fault, FaultAction, RequestFilter, Service, SessionDemand};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{GROUPS, TRANSFER, World, answer, text};

const SUBMISSION: &str = "v0.10/submission_id";

fn inject(world: &World, fault: Fault) -> String {
    world.emulator.inject(fault).unwrap()
}

#[tokio::test]
async fn an_answer_comes_with_its_headers_and_body_as_often_as_told() {
    let world = World::new().await;
    let token = world.client(TRANSFER).await;
    let action = FaultAction::status(503).header("Retry-After", "7").json(r#"{"code":"Busy"}"#);
    inject(&world, Fault::on("/v0.10/**", action).times(2).method("GET"));
    for _ in 0..2 {
        let response = world.http.get(world.at(SUBMISSION)).bearer_auth(&token).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()["retry-after"], "7");
        assert_eq!(response.text().await.unwrap(), r#"{"code":"Busy"}"#);
    }
    assert_eq!(world.get(&token, SUBMISSION).await.0, StatusCode::OK);
}

#[tokio::test]
async fn an_error_has_the_form_of_the_service_that_is_asked() {
    let world = World::new().await;
    inject(&world, Fault::on("/**", FaultAction::error(503).message("Come back")).id("busy"));
    let (status, transfer) = world.get("", SUBMISSION).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        (&transfer["code"], &transfer["message"]),
        (&json!("ServiceUnavailable"), &json!("Come back"))
    );
    assert_eq!(transfer["resource"], "/v0.10/submission_id");
    assert!(transfer["request_id"].is_string());
    let (_, groups) = world.get("", "v2/groups/my_groups").await;
    assert_eq!(groups["errors"][0]["code"], "SERVICE_UNAVAILABLE");
    assert_eq!(groups["errors"][0]["detail"], "Come back");
    let (_, identities) = world.get("", "v2/api/identities").await;
    assert_eq!(
        (&identities["errors"][0]["status"], &identities["errors"][0]["detail"]),
        (&json!("503"), &json!("Come back"))
    );
    let (_, token) = world.token(&[("grant_type", "client_credentials")], world.secret()).await;
    assert_eq!(token, json!({ "error": "temporarily_unavailable", "error_description": "Come back" }));
    inject(&world, Fault::on("/**", FaultAction::error(409).code("Own")).id("busy"));
    assert_eq!(world.get("", SUBMISSION).await.1["code"], "Own");
    assert!(world.emulator.remove_fault("busy") && !world.emulator.remove_fault("busy"));
    assert_eq!(world.get("", SUBMISSION).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn connections_drop_and_answers_break_off_or_are_lost() {
    let world = World::new().await;
    let token = world.client(TRANSFER).await;
    world.emulator.clear_requests();
    let get = || world.http.get(world.at(SUBMISSION)).bearer_auth(&token);
    // A client may try a dropped connection once more by itself when it had been used before.
    inject(&world, Fault::on("/v0.10/**", FaultAction::Drop));
    assert!(get().send().await.is_err());
    world.emulator.clear_faults();
    inject(&world, Fault::on("/v0.10/**", FaultAction::Truncate).once());
    let response = get().send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert!(response.bytes().await.is_err());
    assert_eq!(answer(get()).await.0, StatusCode::OK);
    let statuses: Vec<u16> = world.emulator.requests().iter().map(|request| request.status).collect();
    assert!(statuses.ends_with(&[0, 200, 200]), "{statuses:?}");

    inject(&world, Fault::on("/v2/groups", FaultAction::LoseAnswer).id("lost"));
    let token = world.client(GROUPS).await;
    let body = json!({ "name": "made all the same" });
    assert!(world.http.post(world.at("v2/groups")).bearer_auth(&token).json(&body).send().await.is_err());
    let (_, mine) = world.get(&token, "v2/groups/my_groups").await;
    assert!(mine.as_array().unwrap().iter().any(|group| group["name"] == "made all the same"), "{mine}");
    let lost = world.emulator.requests_matching(&RequestFilter::new().fault("lost").status(0));
    assert!(!lost.is_empty());
}

#[tokio::test]
async fn slow_answers_arrive_whole() {
    let world = World::new().await;
    let token = world.client(TRANSFER).await;
    let path = "v0.10/endpoint_search?filter_fulltext=Tutorial";
    let (_, expected) = world.get(&token, path).await;
    let delay = FaultAction::delay_between(Duration::from_millis(1), Duration::from_millis(5));
    inject(&world, Fault::on("/v0.10/**", delay));
    inject(&world, Fault::on("/v0.10/**", FaultAction::SlowBody { bytes_per_second: 100_000 }));
    let (status, document) = world.get(&token, path).await;
    assert_eq!((status, document), (StatusCode::OK, expected));
    assert_eq!(world.emulator.requests().last().unwrap().faults, ["fault-1", "fault-2"]);
}

#[tokio::test]
async fn a_limit_says_when_to_come_back_and_then_lets_in() {
    let world = World::new().await;
    let token = world.client(TRANSFER).await;
    let limit = FaultAction::RateLimit { requests: 3, window_seconds: 60.0 };
    inject(&world, Fault::on("/v0.10/submission_id", limit));
    let get = || world.http.get(world.at(SUBMISSION)).bearer_auth(&token);
    for _ in 0..3 {
        assert_eq!(answer(get()).await.0, StatusCode::OK);
    }
    let refused = get().send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    let seconds: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert_eq!(refused.json::<Value>().await.unwrap()["code"], "TooManyRequests");
    assert_ne!(world.get(&token, "v0.10/task_list").await.0, StatusCode::TOO_MANY_REQUESTS);
    world.emulator.advance_clock(Duration::from_secs(seconds));
    assert_eq!(answer(get()).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_gateway_answers_with_a_page_for_people() {
    let world = World::new().await;
    inject(&world, Fault::on("/**", FaultAction::HtmlPage { status: 504 }).service(Service::Groups));
    let response = world.http.get(world.at("v2/groups/my_groups")).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(response.headers()["content-type"], "text/html");
    assert!(response.text().await.unwrap().contains("<h1>504 Gateway Timeout</h1>"));
    assert_eq!(world.get("", SUBMISSION).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn pages_claim_more_and_send_none() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    inject(&world, Fault::on("/v0.10/**", FaultAction::EmptyPages).skip(1));
    let path = "v0.10/endpoint_search?filter_fulltext=demo&limit=100&offset=";
    let (_, first) = world.get(&token, &format!("{path}0")).await;
    assert_eq!(first["DATA"].as_array().unwrap().len(), 100);
    for offset in [100, 200, 300, 400] {
        let (status, page) = world.get(&token, &format!("{path}{offset}")).await;
        assert_eq!(
            (status, &page["DATA"], &page["has_next_page"]),
            (StatusCode::OK, &json!([]), &json!(true))
        );
    }
    let (_, page) = world.get(&token, "v0.10/task_list?offset=5").await;
    assert_eq!((&page["DATA"], &page["total"]), (&json!([]), &json!(1005)));
}

#[tokio::test]
async fn consent_is_demanded_for_a_collection_or_a_route() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let (one, other) = (world.emulator.collection_a(), world.emulator.collection_b());
    let consent = |scopes: &[&str]| FaultAction::ConsentRequired {
        required_scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
    };
    inject(&world, Fault::on("/v0.10/**", consent(&[])).collection(one));
    let ls = |id: &str| format!("v0.10/operation/endpoint/{id}/ls");
    let (status, refused) = world.get(&token, &ls(one)).await;
    let scope = format!("{TRANSFER}[*https://auth.globus.org/scopes/{one}/data_access]");
    assert_eq!((status, &refused["code"]), (StatusCode::FORBIDDEN, &json!("ConsentRequired")));
    assert_eq!((&refused["required_scopes"], refused["request_id"].is_string()), (&json!([scope]), true));
    assert_eq!(world.get(&token, &ls(other)).await.0, StatusCode::OK);
    let (status, refused) = world.submit(&token, &[("/share/godata/file1.txt", "/~/x")], json!({})).await;
    assert_eq!((status, &refused["required_scopes"]), (StatusCode::FORBIDDEN, &json!([scope])));
    inject(&world, Fault::on("/v2/**", consent(&["urn:more"])));
    let (_, groups) = world.get(&token, "v2/groups/my_groups").await;
    assert_eq!(
        (&groups["code"], &groups["required_scopes"]),
        (&json!("ConsentRequired"), &json!(["urn:more"]))
    );
    let (_, auth) = world.get(&token, "v2/oauth2/userinfo").await;
    assert_eq!(auth["errors"][0]["code"], "DEPENDENT_CONSENT_REQUIRED");
    assert_eq!(auth["errors"][0]["unapproved_scopes"], json!(["urn:more"]));
}

#[tokio::test]
async fn a_session_is_demanded_in_the_terms_of_globus() {
    let world = World::new().await;
    let demand: SessionDemand = serde_json::from_value(json!({
        "session_message": "Use your institution's login",
        "session_required_single_domain": ["example.edu"],
        "session_required_mfa": true,
    }))
    .unwrap();
    inject(&world, Fault::on("/**", FaultAction::SessionRequired(demand)));
    for path in [SUBMISSION, "v2/groups/my_groups", "v2/api/identities"] {
        let (status, document) = world.get("", path).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{document}");
        let parameters = &document["authorization_parameters"];
        assert_eq!(parameters["session_required_single_domain"], json!(["example.edu"]), "{path}");
        assert_eq!(parameters["session_required_mfa"], true);
        assert!(parameters.get("session_required_policies").is_none());
        assert!(document.to_string().contains("Use your institution's login"));
    }
}

#[tokio::test]
async fn tokens_live_as_long_as_told() {
    let world = World::new().await;
    inject(&world, Fault::on("/v2/oauth2/token", FaultAction::TokenLifetimeSeconds(7)).once());
    let form = [("grant_type", "client_credentials"), ("scope", TRANSFER)];
    let (_, short) = world.token(&form, world.secret()).await;
    let (_, long) = world.token(&form, world.secret()).await;
    assert_eq!((&short["expires_in"], &long["expires_in"]), (&json!(7), &json!(172_800)));
    world.emulator.advance_clock(Duration::from_secs(8));
    assert_eq!(world.get(&text(&short["access_token"]), SUBMISSION).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(world.get(&text(&long["access_token"]), SUBMISSION).await.0, StatusCode::OK);
}

#[tokio::test]
async fn faults_can_be_there_from_the_start_and_must_make_sense() {
    let builder = || Emulator::builder().fault(Fault::on("/**", FaultAction::error(500)).rate(0.5));
    let world = World::with(builder().seed(3)).await;
    let mut statuses = Vec::new();
    for _ in 0..20 {
        statuses.push(world.get("", SUBMISSION).await.0.as_u16());
    }
    assert!(statuses.contains(&500) && statuses.contains(&401), "{statuses:?}");
    let error = builder().fault(Fault::on("/**", FaultAction::Drop).rate(5.0)).start().await.unwrap_err();
    assert!(error.to_string().contains("a rate is a number from 0 to 1"), "{error}");
    assert!(world.emulator.inject(Fault::on("v2", FaultAction::Drop)).is_err());
}

#[test]
fn the_documents_of_the_page_on_faults_are_faults() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/FAULTS.md")).unwrap();
    let examples: Vec<&str> =
        page.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() >= 6, "{}", examples.len());
    for example in examples {
        Fault::list_from_json(example).unwrap_or_else(|error| panic!("{example}: {error}"));
    }
    let actions = page.split("## Actions").nth(1).unwrap().split("## Recipes").next().unwrap();
    for action in [
        "error",
        "answer",
        "html_page",
        "drop",
        "rate_limit",
        "consent_required",
        "session_required",
        "delay_seconds",
        "slow_body",
        "truncate",
        "lose_answer",
        "empty_pages",
        "token_lifetime_seconds",
    ] {
        assert!(actions.contains(&format!("\"{action}\"")), "{action}");
    }
}
