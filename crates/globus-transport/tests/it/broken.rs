use std::time::Duration;

use globus_transport::{Error, ErrorKind};
use tokio::net::TcpListener;

use crate::peer::{Peer, Step, answer, say};
use crate::{builder, get, post, transport};

#[tokio::test(start_paused = true)]
async fn a_dropped_post_is_not_sent_again() {
    let peer = Peer::new([Step::Drop, say(200, "", "{}")]).await;
    let error = transport().send(post(&peer.url)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.is_transient()), (ErrorKind::Network, 1, true));
    assert_eq!(peer.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_get_is_sent_again() {
    let peer = Peer::new([Step::Drop, say(200, "", "{}")]).await;
    assert_eq!(transport().send(get(&peer.url)).await.unwrap().attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_truncated_answer_is_asked_for_again_when_that_is_safe() {
    let whole = answer(200, "", r#"{"DATA": [1, 2, 3]}"#);
    let truncated = Step::Say(whole[..whole.len() - 5].to_owned());
    let peer = Peer::new([truncated.clone(), Step::Say(whole.clone())]).await;
    let response = transport().send(get(&peer.url)).await.unwrap();
    assert_eq!(response.body().as_ref(), br#"{"DATA": [1, 2, 3]}"#);

    let peer = Peer::new([truncated, Step::Say(whole)]).await;
    let error = transport().send(post(&peer.url)).await.unwrap_err();
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Network, true));
    assert!(error.to_string().contains("the answer of 127.0.0.1 broke off"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_truncated_error_keeps_its_status() {
    let whole = answer(404, "", r#"{"code": "NotFound", "message": "gone"}"#);
    let peer = Peer::new([Step::Say(whole[..whole.len() - 5].to_owned())]).await;
    let error = transport().send(get(&peer.url)).await.unwrap_err();
    assert_eq!((error.status(), error.api().unwrap().code()), (Some(404), None));
}

#[tokio::test(start_paused = true)]
async fn a_stalled_service_times_out_and_is_tried_again() {
    let transport = builder().attempt_timeout(Duration::from_secs(60)).max_retries(1).build().unwrap();
    let peer = Peer::new([Step::Stall]).await;
    let error = transport.send(get(&peer.url)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.is_transient()), (ErrorKind::Timeout, 2, true));
    assert!(error.elapsed() >= Duration::from_secs(120));
    let error = transport.send(post(&peer.url)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_stops_in_the_middle_times_out() {
    let transport = builder().max_retries(0).build().unwrap();
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":";
    let peer = Peer::new([Step::SayAndStall(half.to_owned())]).await;
    let request = get(&peer.url).with_attempt_timeout(Duration::from_secs(60));
    let error = transport.send(request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("127.0.0.1 was silent for 60 s"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_time_of_a_call_covers_all_its_attempts() {
    let peer = Peer::new([Step::Stall]).await;
    let request =
        get(&peer.url).with_attempt_timeout(Duration::from_secs(60)).with_timeout(Duration::from_secs(90));
    let error = transport().send(request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.elapsed().as_secs(), 90);
    assert!(error.to_string().contains("within the time of the call"), "{error}");
}

/// An address where nothing listens.
async fn refused(request: impl FnOnce(&str) -> globus_transport::HttpRequest) -> Error {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    transport().send(request(&url)).await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn a_refused_connection_is_tried_again_even_for_a_post() {
    for error in [refused(get).await, refused(post).await] {
        assert_eq!((error.kind(), error.attempts(), error.is_transient()), (ErrorKind::Connect, 6, true));
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_host_is_tried_twice() {
    let error = transport().send(get("http://no-such-host.invalid")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HostNotFound);
    // Without any network the resolver says that it might work later.
    assert_eq!(error.attempts(), if error.is_transient() { 6 } else { 2 });
}

#[tokio::test(start_paused = true)]
async fn something_that_is_not_http_is_told_in_words() {
    let peer = Peer::new([Step::Say("SSH-2.0-OpenSSH_9.9\r\n".to_owned())]).await;
    let error = transport().send(get(&peer.url).with_max_retries(0)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Network);
}
