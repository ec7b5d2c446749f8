//! What a user reads, letter for letter.

use std::error::Error as _;
use std::time::Duration;

use globus_transport::{ErrorKind, Service};

use crate::hostile::{Script, Server, dropped, hangs, said, say};
use crate::{builder, get, post};

/// The line for the answer `step`, with the port replaced.
async fn line(step: Script) -> String {
    let peer = Server::new([step]).await;
    let transport = builder().max_retries(0).build().unwrap();
    let url = format!("{}/ls?path=/secret", peer.url);
    let request = globus_transport::HttpRequest::new(
        Service::Transfer,
        "operation_ls",
        globus_transport::Method::Get,
        url,
    );
    let error = transport.send(request).await.unwrap_err();
    error.to_string().replace(&peer.url, "http://host")
}

#[tokio::test]
async fn answers_of_the_service() {
    let html = "HTTP/1.1 502 X\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>Bad</html>";
    let text = "HTTP/1.1 500 X\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nout of order\r\n";
    let empty = "HTTP/1.1 500 X\r\nConnection: close\r\n\r\n";
    let consent = r#"{"code": "ConsentRequired", "message": "no consent", "request_id": "q", "required_scopes": ["s1", "s2"]}"#;
    for (step, expected) in [
        (
            say(
                404,
                "",
                r#"{"code": "ClientError.NotFound", "message": "the path does not exist", "request_id": "abc"}"#,
            ),
            "ClientError.NotFound: the path does not exist [404, request id abc]",
        ),
        (
            say(
                409,
                "",
                r#"{"errors": [{"code": "A", "detail": "one\nline"}, {"code": "B", "title": "two"}]}"#,
            ),
            "one line; two [409]",
        ),
        (say(401, "", "{}"), "Unauthorized, with JSON that has no message; log in first [401]"),
        (
            say(403, "", consent),
            "ConsentRequired: no consent; log in again with consent to s1 s2 [403, request id q]",
        ),
        (
            said(html),
            "Bad Gateway, with an HTML page instead of an error of the service; try again later [502]",
        ),
        (said(text), "Internal Server Error: out of order; try again later [500]"),
        (said(empty), "Internal Server Error, without a body; try again later [500]"),
    ] {
        assert_eq!(line(step).await, format!("transfer operation_ls (GET http://host/ls): {expected}"));
    }
}

#[tokio::test(start_paused = true)]
async fn attempts_are_counted() {
    let peer = Server::new([say(503, "", r#"{"code": "Down", "message": "later"}"#)]).await;
    let error = builder().build().unwrap().send(get(&peer.url)).await.unwrap_err();
    assert!(error.to_string().ends_with("/ls): Down: later [503, after 6 attempts]"), "{error}");
}

/// What is printed, and the source below it.
async fn connecting(url: &str) -> (String, String) {
    let transport = builder().max_retries(0).build().unwrap();
    let error = transport.send(post(url)).await.unwrap_err();
    let source = error.source().map(ToString::to_string).unwrap_or_default();
    assert!(!error.to_string().contains(&source), "said twice: {error} / {source}");
    (error.to_string(), source)
}

#[tokio::test]
async fn connections_that_fail() {
    let (line, source) = connecting("http://127.0.0.1:1").await;
    assert_eq!(
        line,
        "transfer submit_transfer (POST http://127.0.0.1:1/submit): 127.0.0.1 refused the connection; nothing listens \
         there, or a firewall is in the way"
    );
    assert!(source.starts_with("Connection refused"), "{source}");

    let (line, source) = connecting("http://no-such-host.invalid").await;
    assert!(
        line.starts_with("transfer submit_transfer (POST http://no-such-host.invalid/submit): the "),
        "{line}"
    );
    assert!(source.contains("lookup address") || source.contains("known"), "{source}");
}

#[tokio::test]
async fn a_connection_that_breaks_off() {
    let line = line(dropped()).await;
    assert_eq!(
        line,
        "transfer operation_ls (GET http://host/ls): the connection to 127.0.0.1 broke off before the answer; try again \
         later"
    );
}

#[tokio::test(start_paused = true)]
async fn time_that_runs_out() {
    let peer = Server::new([hangs()]).await;
    let request = get(&peer.url).with_attempt_timeout(Duration::from_secs(60)).with_max_retries(0);
    let error = builder().build().unwrap().send(request).await.unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("127.0.0.1 was silent for 60 s; try again later, or raise GLOBUS_SDK_HTTP_TIMEOUT"),
        "{error}"
    );
}

#[tokio::test]
async fn answers_that_cannot_be_read() {
    let peer = Server::new([say(200, "", r#"{"DATA": [{"size": "x"}]}"#)]).await;
    let response = builder().build().unwrap().send(get(&peer.url)).await.unwrap();
    let error =
        response.json::<std::collections::BTreeMap<String, Vec<std::collections::BTreeMap<String, u64>>>>();
    assert_eq!(
        error.unwrap_err().to_string().replace(&peer.url, "http://host"),
        "transfer operation_ls (GET http://host/ls): the answer cannot be read as BTreeMap<String, Vec<BTreeMap<String, \
         u64>>>: expected u64, found string in `*[0].*` (line 1, column 22)"
    );
}

#[cfg(not(feature = "rustls"))]
#[tokio::test]
async fn a_program_built_without_tls() {
    let error = builder().build().unwrap().send(get("https://127.0.0.1:1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("built without TLS"), "{error}");
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn a_ca_file_that_cannot_be_used() {
    let mut settings = globus_transport::Settings::default();
    settings.verify_ssl = globus_transport::VerifySsl::CaFile("/no/such/file".into());
    let transport = builder().settings(settings).build().unwrap();
    for _ in 0..2 {
        let error = transport.send(get("https://127.0.0.1:1")).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Configuration, 1));
        let says = "the CA file \"/no/such/file\" cannot be read, no such file is there; GLOBUS_SDK_VERIFY_SSL is true, \
                    false, or the path of a file with CA certificates";
        assert!(error.to_string().ends_with(says), "{error}");
    }
    // Plain HTTP needs no certificates.
    let peer = Server::new([say(200, "", "{}")]).await;
    assert_eq!(transport.send(get(&peer.url)).await.unwrap().status(), 200);
}
