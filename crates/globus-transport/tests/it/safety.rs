use std::sync::Arc;

use globus_auth_core::FormFields;
use globus_authorizers::{AccessTokenAuthorizer, NullAuthorizer};
use globus_transport::{Body, ErrorKind, HttpRequest, Method, Service};

use crate::hostile::{Server, said, say};
use crate::{get, post, transport};

#[tokio::test]
async fn credentials_do_not_travel_over_plain_http() {
    let mut form = FormFields::default();
    form.push("refresh_token", "AgHidden");
    let elsewhere = "http://transfer.example.org";
    for request in [
        get(elsewhere).with_authorizer(Arc::new(AccessTokenAuthorizer::new("AgHidden"))),
        get(elsewhere).with_header("Authorization", "Bearer AgHidden"),
        post(elsewhere).with_body(Body::Form(form)),
    ] {
        let error = transport().send(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(
            error.to_string().contains("credentials are not sent to transfer.example.org over plain http"),
            "{error}"
        );
        assert!(!format!("{error} {error:?}").contains("AgHidden"));
    }
}

#[tokio::test]
async fn a_server_on_this_machine_gets_them() {
    let peer = Server::new([say(200, "", "{}")]).await;
    let request = get(&peer.url).with_authorizer(Arc::new(AccessTokenAuthorizer::new("AgExample")));
    transport().send(request).await.unwrap();
    assert!(peer.requests()[0].contains("authorization: Bearer AgExample"));
    let url = peer.url.replace("127.0.0.1", "localhost");
    let request = get(&url).with_authorizer(Arc::new(AccessTokenAuthorizer::new("AgExample")));
    transport().send(request).await.unwrap();
}

#[tokio::test]
async fn nothing_shows_a_query_a_token_or_the_body_of_an_answer() {
    let peer = Server::new([
        say(200, "", r#"{"access_token": "AgHidden1"}"#),
        say(400, "", r#"{"code": "C", "access_token": "AgHidden2"}"#),
    ])
    .await;
    let url = format!("{}/x?code=AgHidden3", peer.url);
    let request = get(&url).with_authorizer(Arc::new(AccessTokenAuthorizer::new("AgHidden4")));
    let response = transport().send(request.clone()).await.unwrap();
    let decoding = response.json::<Vec<u8>>().unwrap_err();
    let error = transport().send(request.clone()).await.unwrap_err();
    let shown = format!(
        "{request:?} {response:?} {decoding} {decoding:?} {error} {error:?} {:?} {:?}",
        error.api(),
        transport()
    );
    assert!(!shown.contains("AgHidden"), "{shown}");
    assert_eq!(decoding.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn addresses_and_headers_that_cannot_be_used_are_told_before_anything_is_sent() {
    let usage = |request| async { transport().send(request).await.unwrap_err() };
    for request in [
        get("not an address"),
        get("ftp://example.org"),
        get("http://127.0.0.1:1").with_header("bad name", "x"),
        get("http://127.0.0.1:1").with_header("x", "line\r\nbreak"),
    ] {
        let error = usage(request).await;
        assert_eq!(error.kind(), ErrorKind::Usage, "{error}");
    }
    let token = AccessTokenAuthorizer::new("two\nlines");
    let error = usage(get("http://127.0.0.1:1").with_authorizer(Arc::new(token))).await;
    assert!(error.kind() == ErrorKind::Authorization && !error.to_string().contains("two"), "{error}");
}

#[tokio::test]
async fn a_service_that_quotes_our_secrets_is_not_quoted() {
    let mut form = FormFields::default();
    form.push("grant_type", "refresh_token").push("refresh_token", "AgHidden1");
    for (content_type, quotes) in [
        ("text/plain", "bad: Bearer AgHidden2 / refresh_token=AgHidden1"),
        (
            "application/json",
            r#"{"code": "AgHidden2", "message": "AgHidden1", "errors": [{"detail": "AgHidden2"}]}"#,
        ),
        ("application/json", r#"{"error": "x", "error_description": "\u0041gHidden1 and \u0041gHidden2"}"#),
        ("application/json", r#"{"code": "ConsentRequired", "required_scopes": ["AgHidden2"]}"#),
    ] {
        let answer = format!(
            "HTTP/1.1 400 X\r\nContent-Type: {content_type}\r\nConnection: close\r\nX-Request-Id: \
             AgHidden2\r\n\r\n{quotes}"
        );
        let peer = Server::new([said(answer)]).await;
        let request = post(&peer.url)
            .with_authorizer(Arc::new(AccessTokenAuthorizer::new("AgHidden2")))
            .with_body(Body::Form(form.clone()));
        let error = transport().send(request).await.unwrap_err();
        let api = error.api().unwrap();
        let shown = format!("{error} {error:?} {api:?} {:?} {:?}", api.auth_requirements(), api.errors());
        assert!(!shown.contains("AgHidden") && shown.contains("***"), "{shown}");
    }
}

#[tokio::test]
async fn an_address_with_a_password_is_refused_and_nowhere_shown() {
    for address in [
        "http://me:hunter2@127.0.0.1:1/x",
        "http://me@127.0.0.1:1/hunter2@x",
        "http://me:hunter2/x@127.0.0.1:1/",
        "http://me:hunter2?@127.0.0.1/",
        "http:\\\\me:hunter2@127.0.0.1:1/x",
        "http:me:hunter2@127.0.0.1:1/x",
        " http://me:hunter2@127.0.0.1:1/x",
        "me:hunter2@127.0.0.1",
    ] {
        let request = HttpRequest::new(Service::Other, "x", Method::Get, address);
        let shown = format!("{request:?}");
        let error = transport().send(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage, "{error}");
        assert!(!format!("{shown} {error} {error:?}").contains("hunter2"), "{shown} {error}");
    }
}

#[tokio::test]
async fn without_an_authorizer_nothing_is_said_about_oneself() {
    let peer = Server::new([say(200, "", "{}")]).await;
    transport().send(get(&peer.url).with_authorizer(Arc::new(NullAuthorizer))).await.unwrap();
    assert!(!peer.requests()[0].contains("authorization"));
}
