//! The service wants us to come back, or says that it is in trouble.

use std::sync::Arc;

use globus_transport::ErrorKind::Api;
use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::hostile::say;
use crate::scripted::Scripted;

fn wish(status: u16, wish: &str) -> Script {
    say(status, &format!("Retry-After: {wish}\r\n"), "{}")
}

fn date(seconds_from_now: i64) -> String {
    let at = Timestamp::now() + SignedDuration::from_secs(seconds_from_now);
    DateTimePrinter::new().timestamp_to_rfc9110_string(&at).unwrap()
}

fn good() -> Script {
    say(200, "", GOOD)
}

#[tokio::test(start_paused = true)]
async fn a_wish_is_waited_for_in_full() {
    let row = |name, script, seconds| fault(name, [script, good()]).all_succeed(2, seconds);
    check([
        row("throttles for 3 s", wish(429, "3"), 3.0..=3.0),
        row("is down for 3 s", wish(503, "3"), 3.0..=3.0),
        row("is down for two minutes", wish(503, "120"), 120.0..=120.0),
        row("throttles until a date", wish(429, &date(100)), 90.0..=100.0),
        row("is down until a date", wish(503, &date(100)), 90.0..=100.0),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_wish_that_cannot_be_read_is_an_ordinary_wait() {
    for text in ["0", "-1", "1.5", "soon", "", "1 minute", "\u{f6}", "Wed, 21 Oct 2015 07:28:00 GMT"] {
        check([fault("throttles", [wish(429, text), good()]).all_succeed(2, 0.0..=1.0)]).await;
    }
    check([fault("throttles until a date that is over", [wish(429, &date(-100)), good()])
        .all_succeed(2, 0.0..=1.0)])
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_wish_without_measure_is_passed_on_at_once() {
    let busy = "Too Many Requests, with JSON that has no message; try again later; the service asks to wait";
    let end = "s, which is longer than this call may take [429]";
    for (text, seconds) in [
        ("601", "601"),
        ("86400", "86400"),
        ("99999999999999999999", "4294967296"),
        ("Fri, 31 Dec 9999 23:59:59 GMT", "4294967296"),
    ] {
        let line = format!("{busy} {seconds} {end}");
        check([fault("throttles", [wish(429, text), good()]).all(1, AT_ONCE, Api, &line)]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_in_trouble_is_asked_again_when_that_is_safe() {
    let text = |reason: &str, facts: &str| {
        format!("{reason}, with JSON that has no message; try again later [{facts}]")
    };
    let down = |facts| text("Service Unavailable", facts);
    let busy = text("Too Many Requests", "429, after 6 attempts");
    let wrong = |facts| text("Internal Server Error", facts);
    check([
        fault("is down", [say(503, "", "{}")])
            .safe(6, 0.0..=BACKOFF, Api, &down("503, after 6 attempts"))
            .once(1, AT_ONCE, Api, &down("503")),
        fault("is down for a moment", [say(503, "", "{}"), good()]).safe_succeeds(2, 0.0..=1.0).once(
            1,
            AT_ONCE,
            Api,
            &down("503"),
        ),
        fault("is down, as planned", [wish(503, "2")]).all(
            6,
            10.0..=10.0 + BACKOFF,
            Api,
            &down("503, after 6 attempts"),
        ),
        fault("throttles without end", [say(429, "", "{}")]).all(6, 0.0..=BACKOFF, Api, &busy),
        fault("is broken", [wish(500, "3")])
            .safe(6, 0.0..=BACKOFF, Api, &wrong("500, after 6 attempts"))
            .once(1, AT_ONCE, Api, &wrong("500")),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_renewed_after_other_trouble_too() {
    let authorized = |name, scripts: Vec<Script>| {
        fault(name, scripts).with(|request| request.with_authorizer(Arc::new(Scripted::default())))
    };
    let refused = || say(401, "", "{}");
    check([
        authorized("refuses the token", vec![refused(), good()]).all_succeed(2, AT_ONCE),
        authorized("is down, and refuses the token then", vec![wish(503, "1"), refused(), good()])
            .all_succeed(3, 1.0..=1.0),
        authorized("refuses the token, and is down then", vec![refused(), wish(503, "1"), good()])
            .all_succeed(3, 1.0..=1.0),
        authorized("refuses every token", vec![refused()]).all(
            2,
            AT_ONCE,
            Api,
            "Unauthorized, with JSON that has no message; the token was not accepted: it has expired or is for another \
             service; log in again [401, after 2 attempts]",
        ),
    ])
    .await;
}
