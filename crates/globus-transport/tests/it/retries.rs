use std::time::Duration;

use globus_transport::Idempotency;
use tokio::time::Instant;

use crate::hostile::{Server, dropped, say};
use crate::{builder, get, post, transport};

#[tokio::test(start_paused = true)]
async fn a_passing_failure_of_a_safe_request_is_not_seen() {
    for status in [429, 500, 502, 503, 504] {
        let peer = Server::new([say(status, "", "{}"), dropped(), say(200, "", "{}")]).await;
        let response = transport().send(get(&peer.url)).await.unwrap();
        assert_eq!((response.status(), response.attempts()), (200, 3), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_stays_down_is_asked_six_times() {
    let peer = Server::new([say(503, "", "{}")]).await;
    let error = transport().send(get(&peer.url)).await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(503), 6));
    assert!(error.is_transient());
    assert_eq!(peer.requests().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn the_caller_chooses_how_often() {
    let peer = Server::new([say(503, "", "{}")]).await;
    let error = transport().send(get(&peer.url).with_max_retries(2)).await.unwrap_err();
    assert_eq!(error.attempts(), 3);
    let stingy = builder().max_retries(0).build().unwrap();
    assert_eq!(stingy.send(get(&peer.url)).await.unwrap_err().attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn other_errors_are_not_retried() {
    for status in [400, 404, 408, 409, 425, 501, 505] {
        let peer = Server::new([say(status, "", "{}")]).await;
        let error = transport().send(get(&peer.url)).await.unwrap_err();
        assert_eq!((error.attempts(), error.is_transient()), (1, false), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_unsafe_request_is_repeated_only_when_nothing_was_done() {
    for (status, wish, attempts) in [
        (429, "", 2),
        (503, "Retry-After: 1\r\n", 2),
        (503, "", 1),
        (503, "Retry-After: soon\r\n", 1),
        (500, "Retry-After: 1\r\n", 1),
        (502, "", 1),
        (504, "", 1),
    ] {
        let peer = Server::new([say(status, wish, "{}"), say(200, "", "{}")]).await;
        let result = transport().send(post(&peer.url)).await;
        assert_eq!(peer.requests().len(), attempts, "{status} {wish}");
        assert_eq!(result.is_ok(), attempts == 2, "{status} {wish}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_with_a_key_is_repeated_like_a_safe_one() {
    let peer = Server::new([dropped(), say(502, "", "{}"), say(200, "", "{}")]).await;
    let request = post(&peer.url).with_idempotency(Idempotency::Keyed);
    assert_eq!(transport().send(request).await.unwrap().attempts(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_wish_of_the_service_is_waited_for_in_full() {
    for status in [429, 503] {
        let peer = Server::new([say(status, "Retry-After: 3\r\n", "{}"), say(200, "", "{}")]).await;
        let started = Instant::now();
        transport().send(post(&peer.url)).await.unwrap();
        assert!(started.elapsed() >= Duration::from_secs(3), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wish_may_be_longer_than_any_backoff_and_be_a_date() {
    let peer = Server::new([
        say(429, "Retry-After: 120\r\n", "{}"),
        say(429, "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n", "{}"),
        say(200, "", "{}"),
    ])
    .await;
    let started = Instant::now();
    transport().send(get(&peer.url)).await.unwrap();
    // The date is over: the second wait is an ordinary one.
    assert!(started.elapsed() >= Duration::from_secs(120) && started.elapsed() < Duration::from_secs(140));
}

#[tokio::test]
async fn a_wish_beyond_the_time_of_the_call_fails_at_once_and_is_passed_on() {
    let peer =
        Server::new([say(429, "Retry-After: 120\r\n", r#"{"code": "Busy", "message": "slow down"}"#)]).await;
    let request = get(&peer.url).with_timeout(Duration::from_secs(60));
    let error = transport().send(request).await.unwrap_err();
    assert_eq!((error.attempts(), error.retry_after()), (1, Some(Duration::from_secs(120))));
    assert!(error.to_string().contains("the service asks to wait 120 s"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn no_call_sleeps_longer_than_ten_minutes_for_a_service() {
    for (wish, attempts) in [
        ("600", 2),
        ("601", 1),
        ("18446744073709551615", 1),
        ("99999999999999999999", 1),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 1),
    ] {
        let peer =
            Server::new([say(503, &format!("Retry-After: {wish}\r\n"), "{}"), say(404, "", "{}")]).await;
        let error = transport().send(get(&peer.url)).await.unwrap_err();
        assert_eq!(error.attempts(), attempts, "{wish}");
        let asked = error.retry_after().is_some_and(|wait| wait > Duration::from_secs(600));
        assert_eq!(asked, attempts == 1, "{wish}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_trouble_of_an_endpoint_is_passed_on_at_once() {
    let body = r#"{"code": "ExternalError.DirListingFailed", "message": "no such host"}"#;
    let peer = Server::new([say(502, "", body)]).await;
    let error = transport().send(get(&peer.url)).await.unwrap_err();
    assert_eq!((error.attempts(), error.is_transient()), (1, false));
}
