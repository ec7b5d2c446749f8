//! Logging in: the authorize page and codes.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{GROUPS, TRANSFER, World, text};

#[tokio::test]
async fn a_login_gives_one_token_for_each_service() {
    let world = World::new().await;
    let body = world.login(&format!("{TRANSFER} openid {GROUPS}")).await;
    assert_eq!(body["resource_server"], "auth.globus.org");
    assert_eq!(body["scope"], "openid");
    assert_eq!(body["expires_in"], 172_800);
    assert_eq!(body["state"], "_default");
    let others: Vec<&Value> =
        body["other_tokens"].as_array().unwrap().iter().map(|token| &token["resource_server"]).collect();
    assert_eq!(others, ["transfer.api.globus.org", "groups.api.globus.org"]);
    assert!(body["refresh_token"].is_string() && body["id_token"].is_string());
}

#[tokio::test]
async fn without_offline_access_there_is_no_refresh_token() {
    let world = World::new().await;
    let url = world.authorize_url(&[("access_type", "online")]);
    let code = world.emulator.approve(&url).await.unwrap();
    assert!(world.exchange(&code, &[]).await.1["refresh_token"].is_null());
}

#[tokio::test]
async fn the_page_names_the_client_and_what_it_asks_for() {
    let world = World::new().await;
    let scope = format!("{TRANSFER} openid");
    let page = world.http.get(world.authorize_url(&[("scope", &scope)])).send().await.unwrap();
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
    let html = page.text().await.unwrap();
    for part in ["Native App Tutorial", "Manage data", "Know who you are", "<form method=\"post\"", "Deny"] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
}

#[tokio::test]
async fn approving_at_once_redirects_with_code_and_state() {
    let world = World::new().await;
    let url = world.authorize_url(&[
        ("redirect_uri", "http://127.0.0.1:9/callback?x=1"),
        ("state", "a b&c"),
        ("emulator_approve", "1"),
    ]);
    let answer = world.http.get(url).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FOUND);
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(location.starts_with("http://127.0.0.1:9/callback?x=1&code="), "{location}");
    assert!(location.ends_with("&state=a+b%26c"), "{location}");
}

#[tokio::test]
async fn another_site_can_approve_nothing() {
    let world = World::new().await;
    let url = world.authorize_url(&[("emulator_approve", "1")]);
    for (site, status) in
        [("cross-site", StatusCode::OK), ("same-origin", StatusCode::FOUND), ("none", StatusCode::FOUND)]
    {
        let answer = world.http.get(&url).header("Sec-Fetch-Site", site).send().await.unwrap();
        assert_eq!(answer.status(), status, "{site}");
        assert_eq!(answer.headers().contains_key("location"), status == StatusCode::FOUND);
    }
    let (page, query) = url.split_once('?').unwrap();
    for (site, status) in [("cross-site", StatusCode::FORBIDDEN), ("same-origin", StatusCode::FOUND)] {
        let answer = world.http.post(page).header("Sec-Fetch-Site", site);
        let answer = answer.header("Content-Type", "application/x-www-form-urlencoded");
        let answer = answer.body(format!("{query}&decision=approve")).send().await.unwrap();
        assert_eq!(answer.status(), status, "{site}");
    }
}

#[tokio::test]
async fn a_denied_login_tells_the_program_so() {
    let world = World::new().await;
    let url = world.authorize_url(&[]);
    assert_eq!(world.emulator.deny(&url).await.unwrap(), "access_denied");
}

#[tokio::test]
async fn what_is_not_registered_gets_a_page_and_no_redirect() {
    let world = World::new().await;
    for change in [("redirect_uri", "https://evil.example.org/"), ("client_id", "nobody")] {
        let url = world.authorize_url(&[change, ("emulator_approve", "1")]);
        let answer = world.http.get(url).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{change:?}");
    }
}

#[tokio::test]
async fn requests_that_break_the_rules_are_refused_at_the_program() {
    let world = World::new().await;
    for (change, error) in [
        (("scope", "no-such-scope"), "invalid_scope"),
        (("scope", "openid["), "invalid_scope"),
        (("response_type", "token"), "unsupported_response_type"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("code_challenge", ""), "invalid_request"),
        (("prompt", "none"), "login_required"),
    ] {
        let answer = world.http.get(world.authorize_url(&[change])).send().await.unwrap();
        let location = answer.headers()["location"].to_str().unwrap().to_owned();
        assert!(location.contains(&format!("error={error}")), "{change:?}: {location}");
        assert!(location.ends_with("state=_default"), "{location}");
    }
}

#[tokio::test]
async fn a_code_works_once_and_for_ten_minutes() {
    let world = World::new().await;
    let code = world.code("openid").await;
    assert_eq!(world.exchange(&code, &[]).await.0, StatusCode::OK);
    let (status, body) = world.exchange(&code, &[]).await;
    assert_eq!((status, &body["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_grant")));
    let late = world.code("openid").await;
    world.emulator.advance_clock(Duration::from_secs(601));
    assert_eq!(world.exchange(&late, &[]).await.1["error"], "invalid_grant");
}

#[tokio::test]
async fn a_code_is_bound_to_its_verifier_and_its_redirect() {
    let world = World::new().await;
    for change in [
        ("code_verifier", "another-verifier-another-verifier-another-verifier"),
        ("code_verifier", ""),
        ("redirect_uri", "http://localhost:1/"),
    ] {
        let code = world.code("openid").await;
        assert_eq!(world.exchange(&code, &[change]).await.1["error"], "invalid_grant", "{change:?}");
    }
}

#[tokio::test]
async fn another_client_cannot_use_a_code_or_use_it_up() {
    let world = World::new().await;
    let code = world.code("openid").await;
    let display = world.at("v2/web/auth-code");
    let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", &display)];
    assert_eq!(world.token(&form, world.secret()).await.1["error"], "invalid_grant");
    assert_eq!(world.exchange(&code, &[]).await.0, StatusCode::OK);
}

#[tokio::test]
async fn userinfo_tells_what_the_scopes_allow() {
    let world = World::new().await;
    let token = world.user("openid").await;
    let (_, bare) = world.get(&token, "v2/oauth2/userinfo").await;
    assert_eq!(bare["sub"], world.emulator.user_id());
    assert!(bare.get("preferred_username").is_none() && bare.get("email").is_none());
    let token = world.user("openid profile email").await;
    let (_, full) = world.get(&token, "v2/oauth2/userinfo").await;
    assert_eq!(full["preferred_username"], world.emulator.username());
    assert_eq!(full["email"], world.emulator.username());
    let token = world.user("email").await;
    assert_eq!(world.get(&token, "v2/oauth2/userinfo").await.0, StatusCode::FORBIDDEN);
    let (status, body) = world.get("nonsense", "v2/oauth2/userinfo").await;
    assert_eq!((status, &body["errors"][0]["code"]), (StatusCode::UNAUTHORIZED, &json!("UNAUTHORIZED")));
}

#[tokio::test]
async fn identities_are_found_by_id_and_by_name() {
    let world = World::new().await;
    let token = world.user("openid").await;
    let (_, found) = world.get(&token, "v2/api/identities?usernames=ada@example.org,nobody@x.org").await;
    assert_eq!(found["identities"].as_array().unwrap().len(), 1);
    let ada = text(&found["identities"][0]["id"]);
    let (_, by_id) = world.get(&token, &format!("v2/api/identities?ids={ada}")).await;
    assert_eq!(by_id["identities"][0]["username"], "ada@example.org");
    let (_, made) = world.get(&token, "v2/api/identities?usernames=new@x.org&provision=true").await;
    assert_eq!(made["identities"][0]["status"], "unused");
}

#[tokio::test]
async fn the_browser_follows_to_a_program_that_waits_on_a_local_port() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let world = World::new().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let redirect = format!("http://127.0.0.1:{}/", listener.local_addr().unwrap().port());
    let program = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 4096];
        let read = stream.read(&mut request).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await.unwrap();
        String::from_utf8_lossy(&request[..read]).into_owned()
    });
    let url = world.authorize_url(&[("redirect_uri", &redirect)]);
    let code = world.emulator.approve_and_follow(&url).await.unwrap();
    let request = program.await.unwrap();
    assert!(request.starts_with(&format!("GET /?code={code}&state=_default HTTP/1.1\r\n")), "{request}");
    assert_eq!(world.exchange(&code, &[("redirect_uri", &redirect)]).await.0, StatusCode::OK);
}

#[tokio::test]
async fn somebody_else_can_log_in() {
    let world = World::new().await;
    let url = world.authorize_url(&[("emulator_user", "ada@example.org")]);
    let code = world.emulator.approve(&url).await.unwrap();
    let token = text(&world.exchange(&code, &[]).await.1["access_token"]);
    let (_, info) = world.get(&token, "v2/oauth2/userinfo").await;
    assert_eq!(info["preferred_username"], "ada@example.org");
}

#[tokio::test]
async fn a_code_that_is_used_again_ends_what_was_made_of_it() {
    let world = World::new().await;
    let code = world.code(&format!("openid {TRANSFER}")).await;
    let (_, body) = world.exchange(&code, &[]).await;
    let transfer = text(&body["other_tokens"][0]["access_token"]);
    let refresh = text(&body["other_tokens"][0]["refresh_token"]);
    assert_eq!(world.get(&transfer, "v0.10/submission_id").await.0, StatusCode::OK);
    // Another client cannot end them.
    let display = world.at("v2/web/auth-code");
    let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", &display)];
    assert_eq!(world.token(&form, world.secret()).await.1["error"], "invalid_grant");
    assert_eq!(world.get(&transfer, "v0.10/submission_id").await.0, StatusCode::OK);
    assert_eq!(world.exchange(&code, &[]).await.1["error"], "invalid_grant");
    assert_eq!(world.get(&transfer, "v0.10/submission_id").await.0, StatusCode::UNAUTHORIZED);
    let id = world.emulator.native_client_id();
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str()), ("client_id", id)];
    assert_eq!(world.token(&form, None).await.1["error"], "invalid_grant");
}

#[tokio::test]
async fn identities_are_asked_for_in_one_way_at_a_time_and_a_hundred_at_once() {
    let world = World::new().await;
    let token = world.user("openid").await;
    let id = world.emulator.user_id();
    let many = vec!["a@example.org"; 101].join(",");
    for query in [format!("ids={id}&usernames=a@b.c"), "ids=nothing".to_owned(), format!("usernames={many}")]
    {
        let (status, body) = world.get(&token, &format!("v2/api/identities?{query}")).await;
        assert_eq!(
            (status, &body["errors"][0]["code"]),
            (StatusCode::BAD_REQUEST, &json!("INVALID_REQUEST"))
        );
    }
    let at = format!("v2/api/identities?ids={id}&include=identity_provider");
    let (_, body) = world.get(&token, &at).await;
    assert!(!body["included"]["identity_providers"].as_array().unwrap().is_empty());
    let (_, one) = world.get(&token, &format!("v2/api/identities/{id}")).await;
    assert_eq!(one["identity"]["username"], world.emulator.username());
    assert_eq!(world.get(&token, "v2/api/identities/nothing").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn identity_providers_are_found_by_domain_and_by_id() {
    let world = World::new().await;
    let token = world.user("openid").await;
    let get = async |query: &str| world.get(&token, &format!("v2/api/identity_providers?{query}")).await;
    let (_, found) = get("domains=globusid.org,nowhere.example.org").await;
    let found = found["identity_providers"].as_array().unwrap();
    assert_eq!((found.len(), &found[0]["name"]), (1, &json!("Globus ID")));
    let (_, by_id) = get(&format!("ids={}", text(&found[0]["id"]))).await;
    assert_eq!(by_id["identity_providers"][0]["domains"], json!(["globusid.org"]));
    let (_, me) = world.get(&token, &format!("v2/api/identities/{}", world.emulator.user_id())).await;
    let mine = text(&me["identity"]["identity_provider"]);
    let (_, by_id) = get(&format!("ids={mine}")).await;
    assert_eq!(by_id["identity_providers"][0]["domains"], json!(["example.org"]));
    assert_eq!(get(&format!("ids={mine}&domains=example.org")).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn consents_are_for_the_identity_itself_and_belong_to_clients() {
    let world = World::new().await;
    let token = world.user("openid").await;
    let theirs = world.identity("ada@example.org").await;
    assert_eq!(
        world.get(&token, &format!("v2/api/identities/{theirs}/consents")).await.0,
        StatusCode::FORBIDDEN
    );
    let scope = format!("https://auth.globus.org/scopes/{}/all", world.emulator.client_id());
    world.login(&scope).await;
    let at = format!("v2/api/identities/{}/consents", world.emulator.user_id());
    let (_, body) = world.get(&token, &at).await;
    let consents = body["consents"].as_array().unwrap();
    let client_of = |depth: usize| {
        let found =
            consents.iter().find(|consent| consent["dependency_path"].as_array().unwrap().len() == depth);
        found.unwrap()["client"].clone()
    };
    // What is below a scope is allowed to the service of that scope.
    assert_eq!(client_of(1), world.emulator.native_client_id());
    assert_eq!(client_of(2), world.emulator.client_id());
}

#[tokio::test]
async fn a_confidential_client_logs_users_in_with_its_secret() {
    let world = World::new().await;
    let (id, _) = world.secret().unwrap();
    let redirect = "http://localhost:9/cb";
    let url = world.authorize_url(&[
        ("client_id", id),
        ("redirect_uri", redirect),
        ("code_challenge", ""),
        ("code_challenge_method", ""),
    ]);
    let form = |code: &str| {
        vec![
            ("grant_type".to_owned(), "authorization_code".to_owned()),
            ("code".to_owned(), code.to_owned()),
            ("redirect_uri".to_owned(), redirect.to_owned()),
        ]
    };
    let code = world.emulator.approve(&url).await.unwrap();
    let without = world.http.post(world.at("v2/oauth2/token")).form(&form(&code));
    let (status, body) = crate::support::answer(without).await;
    assert_eq!((status, &body["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_client")));
    let pairs = form(&code);
    let pairs: Vec<(&str, &str)> =
        pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let (status, body) = world.token(&pairs, world.secret()).await;
    assert_eq!((status, &body["scope"]), (StatusCode::OK, &json!("openid profile email")), "{body}");
    // A verifier without a challenge is no proof of anything.
    let code = world.emulator.approve(&url).await.unwrap();
    let mut with_verifier = form(&code);
    with_verifier.push(("code_verifier".to_owned(), crate::support::VERIFIER.to_owned()));
    let pairs: Vec<(&str, &str)> =
        with_verifier.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(world.token(&pairs, world.secret()).await.1["error"], "invalid_grant");
}
