use globus_auth_core::{ExchangeErrorKind, Grant, ManualClock, TokenExchange, UnixTime};
use globus_authorizers::AccessTokenAuthorizer;
use globus_services::auth::{AuthClient, ConfidentialAppAuthClient, NativeAppAuthClient};
use globus_services::{Error, ErrorKind};
use globus_transport::Transport;
use mockito::{Matcher, ServerGuard};
use serde_json::json;

use crate::support::server;

const CLIENT_ID: &str = "11111111-2222-4333-8444-555555555555";
const NOW: UnixTime = UnixTime::from_seconds(1_700_000_000);

fn transport() -> Transport {
    Transport::builder().max_retries(0).build().unwrap()
}

fn native(server: &ServerGuard) -> NativeAppAuthClient {
    let client = NativeAppAuthClient::builder(CLIENT_ID).base_url(server.url()).transport(transport());
    client.clock(ManualClock::at(NOW)).build().unwrap()
}

fn confidential(server: &ServerGuard) -> ConfidentialAppAuthClient {
    let client = ConfidentialAppAuthClient::builder(CLIENT_ID, "stub-secret").base_url(server.url());
    client.transport(transport()).clock(ManualClock::at(NOW)).build().unwrap()
}

/// Expects this form at the token endpoint and answers with one token.
async fn token_endpoint(server: &mut ServerGuard, fields: &[(&str, &str)]) -> mockito::Mock {
    let fields =
        fields.iter().map(|(name, value)| Matcher::UrlEncoded((*name).into(), (*value).into())).collect();
    let body = json!({"access_token": "AgNew", "scope": "s", "expires_in": 100, "token_type": "Bearer",
        "resource_server": "rs", "refresh_token": "AgRefresh", "other_tokens": []});
    server
        .mock("POST", "/v2/oauth2/token")
        .match_header("content-type", "application/x-www-form-urlencoded")
        .match_body(Matcher::AllOf(fields))
        .with_body(body.to_string())
        .expect(1)
        .create_async()
        .await
}

#[tokio::test]
async fn a_native_login_sends_its_verifier_and_its_client_id() {
    let mut server = server().await;
    let verifier = "v".repeat(43);
    let flow = native(&server).oauth2_start_flow("openid").code_verifier(verifier.as_str()).start().unwrap();
    let display_page = format!("{}/v2/web/auth-code", server.url());
    assert!(
        flow.authorize_url()
            .starts_with(&format!("{}/v2/oauth2/authorize?client_id={CLIENT_ID}", server.url()))
    );
    let endpoint = token_endpoint(
        &mut server,
        &[
            ("grant_type", "authorization_code"),
            ("code", "the-code"),
            ("code_verifier", &verifier),
            ("client_id", CLIENT_ID),
            ("redirect_uri", &display_page),
        ],
    )
    .await;
    let tokens = flow.exchange_code_for_tokens(" the-code\n").await.unwrap();
    assert_eq!(tokens.by_resource_server()["rs"].expires_at().as_seconds(), 1_700_000_100);
    endpoint.assert_async().await;
}

#[tokio::test]
async fn a_confidential_client_proves_itself_by_its_secret() {
    let mut server = server().await;
    let endpoint = server
        .mock("POST", "/v2/oauth2/token")
        .match_header(
            "authorization",
            "Basic MTExMTExMTEtMjIyMi00MzMzLTg0NDQtNTU1NTU1NTU1NTU1OnN0dWItc2VjcmV0",
        )
        .match_body("grant_type=client_credentials&scope=openid+email")
        .with_body(json!({"access_token": "A", "resource_server": "rs", "expires_in": 1}).to_string())
        .create_async()
        .await;
    confidential(&server).oauth2_client_credentials_tokens(["openid", "email"]).await.unwrap();
    endpoint.assert_async().await;
}

#[tokio::test]
async fn a_client_without_scopes_is_told_before_anything_is_sent() {
    let server = server().await;
    let error = confidential(&server).oauth2_client_credentials_tokens("").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(error.to_string().contains("no scope is given"), "{error}");
}

#[tokio::test]
async fn dependent_tokens_are_a_list() {
    let mut server = server().await;
    let fields = [
        ("grant_type", "urn:globus:auth:grant_type:dependent_token"),
        ("token", "tok/+=&x"),
        ("access_type", "offline"),
        ("scope", "a b"),
    ];
    let matchers =
        fields.iter().map(|(name, value)| Matcher::UrlEncoded((*name).into(), (*value).into())).collect();
    server
        .mock("POST", "/v2/oauth2/token")
        .match_body(Matcher::AllOf(matchers))
        .with_body(json!([{"access_token": "A", "resource_server": "x"}, {"access_token": "B", "resource_server": "y"}]).to_string())
        .create_async()
        .await;
    let tokens =
        confidential(&server).oauth2_get_dependent_tokens("tok/+=&x").scope(["a", "b"]).refresh_tokens(true);
    assert_eq!(tokens.await.unwrap().by_resource_server().len(), 2);
}

#[tokio::test]
async fn tokens_are_revoked_and_introspected() {
    let mut server = server().await;
    let revoked = server
        .mock("POST", "/v2/oauth2/token/revoke")
        .match_body(Matcher::UrlEncoded("client_id".into(), CLIENT_ID.into()))
        .with_body(r#"{"active": false}"#)
        .create_async()
        .await;
    assert_eq!(native(&server).oauth2_revoke_token("t").await.unwrap().active, Some(false));
    revoked.assert_async().await;

    let introspected = server
        .mock("POST", "/v2/oauth2/token/introspect")
        .match_body("token=t&include=identity_set%2Csession_info")
        .with_body(
            json!({"active": true, "sub": "me", "aud": ["a"], "identity_set": ["me", "you"]}).to_string(),
        )
        .create_async()
        .await;
    let token = confidential(&server)
        .oauth2_token_introspect("t")
        .include(["identity_set", "session_info"])
        .await
        .unwrap();
    assert!(token.active && token.identity_set.len() == 2);
    introspected.assert_async().await;
}

#[tokio::test]
async fn a_failed_exchange_says_what_it_means() {
    for (status, body, kind) in [
        (400, r#"{"error": "invalid_grant"}"#, ExchangeErrorKind::InvalidGrant),
        (401, r#"{"error": "invalid_grant"}"#, ExchangeErrorKind::InvalidGrant),
        (401, r#"{"error": "invalid_client"}"#, ExchangeErrorKind::InvalidClient),
        (
            400,
            r#"{"error": "invalid_scope", "error_description": "no such scope"}"#,
            ExchangeErrorKind::Rejected,
        ),
        (503, "<html>down</html>", ExchangeErrorKind::Transient),
        (200, "<html>login</html>", ExchangeErrorKind::InvalidResponse),
        (200, r#"{"access_token": "AgSecret", "expires_in": 1}"#, ExchangeErrorKind::InvalidResponse),
        (200, r#"{"access_token": "AgSecr"#, ExchangeErrorKind::InvalidResponse),
    ] {
        let mut server = server().await;
        let endpoint = server.mock("POST", "/v2/oauth2/token").with_status(status).with_body(body);
        endpoint.with_header("content-type", "application/json").create_async().await;
        let grant = Grant::refresh_token("AgOldSecret");
        let error = native(&server).exchange(grant).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{status} {body}: {error}");
        assert!(
            !format!("{error} {error:?}").contains("AgSecr")
                && !format!("{error} {error:?}").contains("AgOld"),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_token_answer_of_absurd_length_is_not_read() {
    let mut server = server().await;
    server.mock("POST", "/v2/oauth2/token").with_body(" ".repeat(2 << 20)).create_async().await;
    let error = confidential(&server).oauth2_client_credentials_tokens("openid").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
}

#[tokio::test]
async fn the_keys_are_taken_from_auth_only() {
    let mut server = server().await;
    let configuration = |jwks_uri: &str| {
        json!({"issuer": "https://auth.globus.org", "jwks_uri": jwks_uri, "authorization_endpoint": "a",
            "token_endpoint": "t", "userinfo_endpoint": "u"})
        .to_string()
    };
    let path = "/.well-known/openid-configuration";
    let own = configuration(&format!("{}/jwk.json", server.url()));
    let first = server.mock("GET", path).with_body(own).create_async().await;
    server.mock("GET", "/jwk.json").with_body(r#"{"keys": []}"#).create_async().await;
    native(&server).get_jwk().await.unwrap();
    first.remove_async().await;
    server
        .mock("GET", path)
        .with_body(configuration("https://evil.example.org/jwk.json"))
        .create_async()
        .await;
    let error: Error = native(&server).get_jwk().await.unwrap_err();
    assert!(error.kind() == ErrorKind::Decode && error.to_string().contains("evil.example.org"), "{error}");
}

#[tokio::test]
async fn the_keys_are_not_taken_from_where_auth_redirects_to() {
    let (mut server, mut other) = (server().await, server().await);
    let configuration = json!({"issuer": "https://auth.globus.org", "jwks_uri": format!("{}/jwk.json", server.url()),
        "authorization_endpoint": "a", "token_endpoint": "t", "userinfo_endpoint": "u"});
    let path = "/.well-known/openid-configuration";
    server.mock("GET", path).with_body(configuration.to_string()).create_async().await;
    let elsewhere = format!("{}/jwk.json", other.url());
    server.mock("GET", "/jwk.json").with_status(302).with_header("location", &elsewhere).create_async().await;
    let foreign = other.mock("GET", "/jwk.json").with_body(r#"{"keys": []}"#).expect(0).create_async().await;
    native(&server).get_jwk().await.unwrap_err();
    foreign.assert_async().await;
}

#[tokio::test]
async fn identities_are_looked_up_by_id_or_username() {
    let server = server().await;
    let client = AuthClient::builder()
        .base_url(server.url())
        .authorizer(AccessTokenAuthorizer::new("t"))
        .build()
        .unwrap();
    let url = |request: globus_services::auth::requests::GetIdentities| {
        request.wire().unwrap().url().strip_prefix(&server.url()).unwrap().to_owned()
    };
    assert_eq!(url(client.get_identities().ids(["a", "b"])), "/v2/api/identities?ids=a%2Cb");
    let by_name = "/v2/api/identities?usernames=a%40x.org&provision=";
    assert_eq!(url(client.get_identities().usernames(["a@x.org"])), format!("{by_name}false"));
    assert_eq!(url(client.get_identities().usernames(["a@x.org"]).provision(true)), format!("{by_name}true"));
    assert!(url(client.get_identities().provision(true).usernames(["a@x.org"])).contains("provision=true"));
}

#[test]
fn a_login_client_needs_a_usable_id() {
    for id in ["", "user:name"] {
        let error = NativeAppAuthClient::new(id).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert!(error.to_string().contains("is not a client id"), "{error}");
    }
}

#[tokio::test]
async fn debug_of_a_client_shows_no_secret() {
    let server = server().await;
    let client = confidential(&server);
    let shown = format!("{client:?} {:?}", client.oauth2_get_dependent_tokens("AgDependent"));
    assert!(!shown.contains("stub-secret") && !shown.contains("AgDependent"), "{shown}");
}
