//! What programs demand of logins, and what sessions remember of them.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{World, text};

const MANAGE: &str = "urn:globus:auth:scope:auth.globus.org:manage_projects";

/// A token of the demonstration service for whoever logs in by the changed request.
async fn login(world: &World, changes: &[(&str, &str)]) -> String {
    let scope = format!("https://auth.globus.org/scopes/{}/all", world.emulator.client_id());
    let mut all = vec![("scope", scope.as_str())];
    all.extend(changes);
    let code = world.emulator.approve(&world.authorize_url(&all)).await.unwrap();
    text(&world.exchange(&code, &[]).await.1["access_token"])
}

async fn introspect(world: &World, token: &str, policy: Option<&str>) -> Value {
    let mut form = vec![("token", token), ("include", "session_info,identity_set,identity_set_detail")];
    form.extend(policy.map(|policy| ("authentication_policies", policy)));
    world.form("v2/oauth2/token/introspect", &form, world.secret()).await.1
}

/// A policy of a project of its own.
async fn policy(world: &World, more: Value) -> String {
    let token = world.user(MANAGE).await;
    let body = json!({ "project": { "display_name": "p", "contact_email": "p@example.org" } });
    let (_, project) = world.post(&token, "v2/api/projects", &body).await;
    let mut body = json!({ "policy": {
        "project_id": project["project"]["id"], "display_name": "P", "description": "d",
    } });
    for (name, value) in more.as_object().unwrap() {
        body["policy"][name] = value.clone();
    }
    text(&world.post(&token, "v2/api/policies", &body).await.1["policy"]["id"])
}

/// Where the program is sent with `emulator_approve`.
async fn location(world: &World, changes: &[(&str, &str)]) -> String {
    let mut all = vec![("emulator_approve", "1")];
    all.extend(changes);
    let answer = world.http.get(world.authorize_url(&all)).send().await.unwrap();
    answer.headers()["location"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_login_must_be_of_the_identity_that_is_asked_for() {
    let world = World::new().await;
    let ada = world.identity("ada@example.org").await;
    for named in [ada.as_str(), "ada@example.org"] {
        let token = login(&world, &[("session_required_identities", named)]).await;
        let about = introspect(&world, &token, None).await;
        assert_eq!(about["sub"], ada.as_str());
        assert!(about["session_info"]["authentications"][&ada]["auth_time"].is_number());
    }
    let denied =
        location(&world, &[("session_required_identities", &ada), ("emulator_user", "kim@example.org")])
            .await;
    assert!(denied.contains("error=access_denied") && denied.contains("ada%40example.org"), "{denied}");
    let unknown = location(&world, &[("session_required_identities", "nobody")]).await;
    assert!(unknown.contains("error=invalid_request"), "{unknown}");
}

#[tokio::test]
async fn linked_identities_log_in_together_and_stand_for_one_person() {
    let world = World::new().await;
    let (grace, lab) =
        (world.identity("grace@example.org").await, world.identity("grace@lab.example.org").await);
    let both = format!("{grace},{lab}");
    let token = login(&world, &[("session_required_identities", &both)]).await;
    let about = introspect(&world, &token, None).await;
    assert_eq!(about["sub"], grace.as_str());
    assert_eq!(about["identity_set"].as_array().unwrap().len(), 2);
    let logins = about["session_info"]["authentications"].as_object().unwrap();
    assert!(logins.contains_key(&grace) && logins.contains_key(&lab));
    let detail = about["identity_set_detail"].as_array().unwrap();
    assert!(detail.iter().any(|entry| entry["username"] == "grace@lab.example.org"));
    let strangers = format!("{grace},{}", world.emulator.user_id());
    let denied = location(&world, &[("session_required_identities", &strangers)]).await;
    assert!(denied.contains("error=access_denied"), "{denied}");
}

#[tokio::test]
async fn the_login_must_be_of_the_domain_that_is_asked_for() {
    let world = World::new().await;
    let token =
        login(&world, &[("session_required_single_domain", "nowhere.example.org,lab.example.org")]).await;
    let about = introspect(&world, &token, None).await;
    let lab = world.identity("grace@lab.example.org").await;
    assert!(about["session_info"]["authentications"][&lab].is_object(), "{about}");
    let denied = location(&world, &[("session_required_single_domain", "nowhere.example.org")]).await;
    assert!(denied.contains("error=access_denied"), "{denied}");
}

#[tokio::test]
async fn a_second_factor_is_shown_when_it_is_asked_for() {
    let world = World::new().await;
    let user = world.emulator.user_id();
    let amr = |about: &Value| about["session_info"]["authentications"][user]["amr"].clone();
    let without = login(&world, &[]).await;
    assert_eq!(amr(&introspect(&world, &without, None).await), Value::Null);
    let with = login(&world, &[("session_required_mfa", "True")]).await;
    assert_eq!(amr(&introspect(&world, &with, None).await), json!(["mfa"]));
}

#[tokio::test]
async fn the_page_wants_six_digits_as_a_second_factor() {
    let world = World::new().await;
    let url = world.authorize_url(&[("session_required_mfa", "True")]);
    let html = world.http.get(&url).send().await.unwrap().text().await.unwrap();
    assert!(
        html.contains("id=\"second_factor\"") && html.contains("<label for=\"second_factor\">"),
        "{html}"
    );
    let (page, query) = url.split_once('?').unwrap();
    let post = async |more: &str| {
        let request = world.http.post(page).header("Content-Type", "application/x-www-form-urlencoded");
        request.body(format!("{query}&decision=approve{more}")).send().await.unwrap()
    };
    for wrong in ["", "&second_factor=12345", "&second_factor=abcdef"] {
        let answer = post(wrong).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{wrong}");
        assert!(answer.text().await.unwrap().contains("role=\"alert\""));
    }
    assert_eq!(post("&second_factor=123456").await.status(), StatusCode::FOUND);
}

#[tokio::test]
async fn policies_admit_by_domain_second_factor_and_age_of_the_login() {
    let world = World::new().await;
    let strict = policy(
        &world,
        json!({
            "high_assurance": true, "authentication_assurance_timeout": 600, "required_mfa": true,
            "domain_constraints_include": ["example.org"],
        }),
    )
    .await;
    let evaluation = async |token: &str| {
        let about = introspect(&world, token, Some(&strict)).await;
        about["policy_evaluations"][&strict]["evaluation"] == true
    };
    assert!(!evaluation(&login(&world, &[]).await).await);
    let token = login(&world, &[("session_required_policies", &strict)]).await;
    assert!(evaluation(&token).await);
    world.emulator.advance_clock(Duration::from_secs(601));
    assert!(!evaluation(&token).await);
    let denied =
        location(&world, &[("session_required_policies", &strict), ("emulator_user", "globus@globusid.org")])
            .await;
    assert!(denied.contains("error=access_denied"), "{denied}");
    let unknown = location(&world, &[("session_required_policies", "nothing")]).await;
    assert!(unknown.contains("error=invalid_request"), "{unknown}");
}

#[tokio::test]
async fn an_excluded_domain_satisfies_no_policy() {
    let world = World::new().await;
    let id = policy(&world, json!({ "domain_constraints_exclude": ["example.org"] })).await;
    let token = login(&world, &[]).await;
    let about = introspect(&world, &token, Some(&id)).await;
    assert_eq!(about["policy_evaluations"][&id]["evaluation"], false);
}

#[tokio::test]
async fn the_page_says_what_the_program_demands() {
    let world = World::new().await;
    let id =
        policy(&world, json!({ "display_name": "Only <us>", "domain_constraints_include": ["example.org"] }))
            .await;
    let url = world.authorize_url(&[
        ("session_message", "Log in for <b>this</b>"),
        ("session_required_policies", &id),
        ("prompt", "login"),
        ("prefill_named_grant", "App on laptop"),
    ]);
    let html = world.http.get(url).send().await.unwrap().text().await.unwrap();
    for part in [
        "Log in for &lt;b&gt;this&lt;/b&gt;",
        "Only &lt;us&gt;",
        "An earlier login does not count",
        "value=\"App on laptop\"",
        "<label for=\"named_grant\">",
        "<label for=\"username\">",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    assert!(!html.contains("globus@globusid.org"), "who cannot log in is not offered");
}

#[tokio::test]
async fn nobody_is_offered_what_nobody_can_do() {
    let world = World::new().await;
    let url = world.authorize_url(&[("session_required_single_domain", "nowhere.example.org")]);
    let answer = world.http.get(&url).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let html = answer.text().await.unwrap();
    assert!(html.contains("id=\"nobody\"") && !html.contains("value=\"approve\""), "{html}");
    assert_eq!(world.emulator.deny(&world.authorize_url(&[])).await.unwrap(), "access_denied");
}

#[tokio::test]
async fn a_browser_keeps_its_session_and_programs_do_not() {
    let world = World::new().await;
    let url = world.authorize_url(&[("emulator_approve", "1")]);
    let browse = async |url: &str, cookie: Option<&str>| {
        let mut request = world.http.get(url).header("Accept", "text/html,*/*");
        if let Some(cookie) = cookie {
            request = request.header("Cookie", cookie);
        }
        request.send().await.unwrap()
    };
    let silent = world.authorize_url(&[("prompt", "none")]);
    let where_to = |answer: &reqwest::Response| answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(where_to(&browse(&silent, None).await).contains("error=login_required"));
    let first = browse(&url, None).await;
    let cookie = first.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    // Logged in, and everything was allowed before.
    assert!(where_to(&browse(&silent, Some(cookie)).await).contains("code="));
    let more = world.authorize_url(&[("prompt", "none"), ("scope", MANAGE)]);
    assert!(where_to(&browse(&more, Some(cookie)).await).contains("error=consent_required"));
    let ada = world.authorize_url(&[("prompt", "none"), ("session_required_identities", "ada@example.org")]);
    assert!(where_to(&browse(&ada, Some(cookie)).await).contains("error=interaction_required"));
    let answer = world.http.get(&silent).header("Cookie", cookie).header("Sec-Fetch-Site", "cross-site");
    assert!(where_to(&answer.send().await.unwrap()).contains("error=login_required"));
    // What the browser logs in to later counts for tokens that it got before.
    let scope = format!("openid https://auth.globus.org/scopes/{}/all", world.emulator.client_id());
    let session = async |cookie: &str, prompt: &str| {
        let url = world.authorize_url(&[("emulator_approve", "1"), ("scope", &scope), ("prompt", prompt)]);
        let code = where_to(&browse(&url, Some(cookie)).await);
        let code = code.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        let (_, body) = world.exchange(&code, &[]).await;
        let other = text(&body["other_tokens"][0]["access_token"]);
        introspect(&world, &other, None).await["session_info"].clone()
    };
    let one = session(cookie, "").await;
    world.emulator.advance_clock(Duration::from_secs(100));
    let two = session(cookie, "").await;
    assert_eq!(one, two, "the login of before is enough");
    let three = session(cookie, "login").await;
    assert_eq!(one["session_id"], three["session_id"]);
    assert_ne!(one["authentications"], three["authentications"]);
    let out = browse(&world.at("v2/web/logout"), Some(cookie)).await;
    assert!(out.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert!(where_to(&browse(&silent, Some(cookie)).await).contains("error=login_required"));
}

#[tokio::test]
async fn a_client_can_demand_the_provider_of_its_users() {
    let world = World::new().await;
    let token = world.user(MANAGE).await;
    let native = format!("v2/api/clients/{}", world.emulator.native_client_id());
    let idp = "41143743-f3c8-4d60-bbdb-eeecaba85bd9";
    let change = json!({ "client": { "required_idp": idp } });
    assert_eq!(world.send(Method::PUT, &token, &native, &change).await.0, StatusCode::OK);
    let about = introspect(&world, &login(&world, &[]).await, None).await;
    assert_eq!(about["username"], "globus@globusid.org");
    let denied = location(&world, &[("emulator_user", "ada@example.org")]).await;
    assert!(denied.contains("error=access_denied"), "{denied}");
}

#[tokio::test]
async fn who_was_named_before_and_logs_in_is_used_from_then_on() {
    let world = World::new().await;
    let token = world.user("openid").await;
    world.get(&token, "v2/api/identities?usernames=new@x.example.org&provision=true").await;
    let status = async || {
        let (_, found) = world.get(&token, "v2/api/identities?usernames=new@x.example.org").await;
        text(&found["identities"][0]["status"])
    };
    assert_eq!(status().await, "unused");
    world.user_named("new@x.example.org", "openid").await;
    assert_eq!(status().await, "used");
}
