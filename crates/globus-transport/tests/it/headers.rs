use bytes::Bytes;
use globus_transport::{Body, ErrorKind, Method, StreamedBody};

use crate::hostile::{Server, say};
use crate::{builder, get, post, transport};

async fn sent(request: impl FnOnce(&str) -> globus_transport::HttpRequest) -> String {
    let peer = Server::new([say(200, "", "{}")]).await;
    transport().send(request(&peer.url)).await.unwrap();
    peer.requests().remove(0)
}

#[tokio::test]
async fn every_request_says_who_asks() {
    let request = sent(get).await;
    let version = env!("CARGO_PKG_VERSION");
    for header in [
        "GET /ls HTTP/1.1",
        "accept: application/json",
        "accept-encoding: identity",
        &format!("user-agent: globus-sdk-rust/{version}"),
        &format!("x-globus-client-info: product=rust-sdk,version={version}"),
    ] {
        assert!(request.lines().any(|line| line == header), "{header}: {request}");
    }
    assert!(!request.contains("content-"), "{request}");
}

#[tokio::test]
async fn a_body_brings_its_type_and_an_empty_post_its_length() {
    for (body, expected) in [
        (Body::Json(Bytes::from_static(b"{}")), "content-type: application/json\r\n"),
        (Body::None, "content-length: 0\r\n"),
        (Body::Json(Bytes::from_static(b"{}")), "content-length: 2\r\n"),
    ] {
        let request = sent(|url| post(url).with_body(body)).await;
        assert!(request.contains(expected), "{request}");
    }
    let request = sent(|url| post(url).with_body(Body::Text("hello".to_owned()))).await;
    assert!(!request.contains("content-type") && request.ends_with("\r\n\r\nhello"), "{request}");
    let request =
        sent(|url| post(url).with_body(Body::Json("{}".into())).with_header("Content-Type", "text/x")).await;
    assert!(
        request.contains("content-type: text/x") && !request.contains("application/json\r\ncontent-type")
    );
}

#[tokio::test]
async fn a_streamed_body_has_a_length_and_is_made_again_for_another_attempt() {
    let rows = || (0..3_u8).map(|row| Bytes::from(format!("row{row};")));
    let peer = Server::new([say(429, "", "{}"), say(200, "", "{}")]).await;
    let transport = builder().max_backoff(std::time::Duration::ZERO).build().unwrap();
    let body = Body::Streamed(StreamedBody::new("text/csv", 15, rows));
    transport.send(post(&peer.url).with_body(body)).await.unwrap();
    for request in peer.requests() {
        assert!(request.contains("content-length: 15\r\n") && request.contains("content-type: text/csv\r\n"));
        assert!(request.ends_with("row0;row1;row2;"), "{request}");
    }
}

#[tokio::test]
async fn an_application_adds_its_name() {
    let peer = Server::new([say(200, "", "{}")]).await;
    let named = builder().app_name("My App/1.2 (x)").client_info("mytool", "1.0").build().unwrap();
    named.send(get(&peer.url)).await.unwrap();
    let request = peer.requests().remove(0);
    let version = env!("CARGO_PKG_VERSION");
    assert!(
        request.contains(&format!("user-agent: globus-sdk-rust/{version}/My App/1.2 (x)\r\n")),
        "{request}"
    );
    assert!(request.contains(&format!("product=rust-sdk,version={version};product=mytool,version=1.0\r\n")));
    for bad in [builder().app_name("two\nlines"), builder().client_info("a;b", "1")] {
        assert_eq!(bad.build().unwrap_err().kind(), ErrorKind::Usage);
    }
}

#[tokio::test]
async fn client_info_can_be_kept_from_hosts_that_are_not_globus() {
    let request = sent(|url| get(url).with_client_info(false)).await;
    assert!(!request.contains("client-info"), "{request}");
}

#[tokio::test]
async fn every_method_is_sent_as_named() {
    for method in [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete] {
        let request = sent(|url| {
            globus_transport::HttpRequest::new(
                globus_transport::Service::Other,
                "x",
                method,
                format!("{url}/p"),
            )
        })
        .await;
        assert!(request.starts_with(&format!("{method} /p HTTP/1.1\r\n")), "{request}");
    }
}
