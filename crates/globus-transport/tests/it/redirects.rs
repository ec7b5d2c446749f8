use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use globus_auth_core::FormFields;
use globus_transport::{Body, Error, ErrorKind, HttpRequest, Idempotency, Method, Service, StreamedBody};

use crate::hostile::{Script, Server, dropped, said, say};
use crate::scripted::Scripted;
use crate::{builder, get, transport};

fn to(status: u16, location: &str) -> Script {
    say(status, &format!("Location: {location}\r\n"), "{}")
}

fn request(url: &str, method: Method) -> HttpRequest {
    HttpRequest::new(Service::Groups, "x", method, format!("{url}/start"))
        .with_body(if method == Method::Get { Body::None } else { Body::Json("{\"a\":1}".into()) })
        .with_authorizer(Arc::new(Scripted::default()))
        .with_header("X-Mine", "private")
}

fn line(request: &str) -> &str {
    request.lines().next().unwrap_or_default()
}

#[tokio::test]
async fn methods_and_bodies_are_kept_or_dropped_as_the_status_says() {
    use Method::{Delete, Get, Post};
    for (status, method, then, body_kept) in [
        (301, Get, "GET", false),
        (301, Post, "GET", false),
        (301, Delete, "DELETE", true),
        (302, Post, "GET", false),
        (302, Delete, "GET", false),
        (303, Post, "GET", false),
        (303, Delete, "GET", false),
        (307, Post, "POST", true),
        (307, Get, "GET", false),
        (308, Post, "POST", true),
        (308, Delete, "DELETE", true),
    ] {
        let peer = Server::new([to(status, "/elsewhere?a=b"), say(200, "", "{}")]).await;
        let response = transport().send(request(&peer.url, method)).await.unwrap();
        assert_eq!((response.status(), response.attempts()), (200, 1));
        let second = &peer.requests()[1];
        assert_eq!(line(second), format!("{then} /elsewhere?a=b HTTP/1.1"), "{status} {method}");
        assert_eq!(second.ends_with("{\"a\":1}"), body_kept, "{status} {method}");
        assert_eq!(second.contains("content-type"), body_kept, "{status} {method}");
        assert!(second.contains("authorization: Bearer token-0"), "{status} {method}");
    }
}

#[tokio::test]
async fn credentials_stay_at_home_and_do_not_come_back() {
    let home = Server::new([say(200, "", "{}")]).await;
    let away = Server::new([to(307, &format!("{}/back", home.url))]).await;
    let start = Server::new([to(302, &format!("{}/away", away.url))]).await;
    transport().send(request(&start.url, Method::Get)).await.unwrap();
    assert!(start.requests()[0].contains("authorization: Bearer") && start.requests()[0].contains("x-mine"));
    for request in [&away.requests()[0], &home.requests()[0]] {
        for header in ["authorization", "x-globus-client-info", "x-mine", "token-"] {
            assert!(!request.contains(header), "{request}");
        }
        assert!(request.contains("user-agent: globus-sdk-rust/"));
    }
}

#[tokio::test]
async fn another_name_for_the_same_server_is_another_origin() {
    let peer = Server::new([say(200, "", "{}")]).await;
    let port = peer.url.rsplit(':').next().unwrap().to_owned();
    let start = Server::new([to(302, &format!("http://localhost:{port}/x"))]).await;
    transport().send(request(&start.url, Method::Get)).await.unwrap();
    assert!(!peer.requests()[0].contains("authorization"));
}

#[tokio::test]
async fn a_refusal_from_elsewhere_does_not_cost_the_token() {
    let away = Server::new([say(401, "", "{}")]).await;
    let start = Server::new([to(302, &away.url)]).await;
    let authorizer = Arc::new(Scripted::default());
    let error = transport().send(get(&start.url).with_authorizer(authorizer.clone())).await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(401), 1));
    assert_eq!(authorizer.refusals.load(std::sync::atomic::Ordering::SeqCst), 0);
    assert_eq!(error.api().unwrap().authorization_scheme(), None);
}

#[tokio::test]
async fn no_body_leaves_home() {
    let mut form = FormFields::default();
    form.push("refresh_token", "AgHidden");
    let streamed = StreamedBody::new("text/csv", 8, || [Bytes::from_static(b"AgHidden")]);
    for body in [
        Body::Form(form),
        Body::Json("\"AgHidden\"".into()),
        Body::Text("AgHidden".to_owned()),
        Body::Streamed(streamed),
    ] {
        for status in [307, 308] {
            let away = Server::new([say(200, "", "{}")]).await;
            let start = Server::new([to(status, &away.url)]).await;
            let request = HttpRequest::new(Service::Auth, "x", Method::Post, &*start.url);
            let error = transport().send(request.with_body(body.clone())).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Redirect);
            assert!(away.requests().is_empty());
        }
    }
    // What becomes a `GET` leaves its body behind.
    for status in [301, 302, 303] {
        let mut form = FormFields::default();
        form.push("client_secret", "AgHidden");
        let away = Server::new([say(200, "", "{}")]).await;
        let start = Server::new([to(status, &away.url)]).await;
        let request =
            HttpRequest::new(Service::Auth, "x", Method::Post, &*start.url).with_body(Body::Form(form));
        transport().send(request).await.unwrap();
        assert!(
            start.requests()[0].contains("AgHidden") && !away.requests()[0].contains("AgHidden"),
            "{status}"
        );
    }
    // Without its body a request may go.
    let away = Server::new([say(200, "", "{}")]).await;
    let start = Server::new([to(303, &away.url)]).await;
    transport().send(request(&start.url, Method::Post)).await.unwrap();
    assert!(away.requests()[0].starts_with("GET "));
}

/// What became of an unsafe request that was redirected to its result, and how often it arrived.
async fn redirected_to_its_result(status: u16, location: &str, then: Script) -> (Error, usize) {
    let peer = Server::new([to(status, location), then]).await;
    let transport = builder().max_backoff(Duration::ZERO).build().unwrap();
    let error = transport.send(request(&peer.url, Method::Post)).await.unwrap_err();
    let arrived = peer.requests().iter().filter(|request| request.starts_with("POST")).count();
    (error, arrived)
}

#[tokio::test]
async fn what_was_redirected_to_its_result_is_not_done_again_when_the_result_cannot_be_had() {
    for status in [301, 302, 303] {
        for (then, kind) in [
            (say(429, "Retry-After: 0\r\n", "{}"), ErrorKind::Api),
            (say(503, "", "{}"), ErrorKind::Api),
            (say(401, "", "{}"), ErrorKind::Api),
            (dropped(), ErrorKind::Network),
            (to(302, "ftp://example.org/"), ErrorKind::Redirect),
            (to(307, "http://127.0.0.1:1/"), ErrorKind::Redirect),
        ] {
            let (error, arrived) = redirected_to_its_result(status, "/result", then).await;
            assert_eq!((arrived, error.attempts(), error.kind()), (1, 1, kind), "{status}: {error}");
            assert!(!error.is_transient(), "{error}");
            assert!(error.to_string().contains("the request may have been carried out"), "{error}");
        }
        let (error, arrived) = redirected_to_its_result(status, "http://127.0.0.1:1/", dropped()).await;
        assert_eq!((arrived, error.kind()), (1, ErrorKind::Redirect), "{error}");
    }
}

#[tokio::test]
async fn what_may_be_repeated_is_repeated_after_a_redirect_too() {
    let peer =
        Server::new([to(303, "/result"), say(503, "", "{}"), to(303, "/result"), say(200, "", "{}")]).await;
    let transport = builder().max_backoff(Duration::ZERO).build().unwrap();
    let keyed = request(&peer.url, Method::Post).with_idempotency(Idempotency::Keyed);
    assert_eq!(transport.send(keyed).await.unwrap().attempts(), 2);
    assert_eq!(peer.requests().len(), 4);
    let peer =
        Server::new([to(307, "/other"), say(429, "", "{}"), to(307, "/other"), say(200, "", "{}")]).await;
    let still_a_post = transport.send(request(&peer.url, Method::Post)).await.unwrap();
    assert_eq!(still_a_post.attempts(), 2);
}

#[tokio::test]
async fn a_circle_ends_and_is_not_run_twice() {
    let peer = Server::new([to(302, "/again")]).await;
    let error = transport().send(get(&peer.url)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Redirect, 1));
    assert_eq!(peer.requests().len(), 11);
}

#[tokio::test]
async fn a_redirect_that_leads_nowhere_is_an_error_that_says_so() {
    for location in ["ftp://example.org/", "http://", "http://me:hunter2@127.0.0.1:1/", "h\u{f6}"] {
        let peer = Server::new([to(302, location)]).await;
        let error = transport().send(get(&peer.url)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirect, "{location}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
    for (status, location, why) in [
        (302, "", "the service redirected (302) without an address to go to"),
        (308, "Location: \u{f6}\r\n", "the service redirected (308) to something that is no address"),
    ] {
        let peer = Server::new([say(status, location, "{}")]).await;
        let error = transport().send(get(&peer.url)).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Redirect, 1), "{status}");
        assert!(error.to_string().ends_with(why), "{error}");
    }
}

#[tokio::test]
async fn a_choice_and_not_modified_are_answers_and_another_protocol_is_none() {
    for status in [300, 304] {
        let peer = Server::new([say(status, "", "")]).await;
        assert_eq!(transport().send(get(&peer.url)).await.unwrap().status(), status);
    }
    let switch = "HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
    let peer = Server::new([said(switch.to_owned())]).await;
    let error = transport().send(get(&peer.url)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1), "{error}");
    assert!(error.to_string().contains("the service answered 101"), "{error}");
}

#[tokio::test]
async fn a_request_may_ask_to_see_the_redirect() {
    let peer = Server::new([to(302, "/login")]).await;
    let response = transport().send(get(&peer.url).with_redirects(false)).await.unwrap();
    assert_eq!((response.status(), response.header("Location")), (302, Some("/login")));
}
