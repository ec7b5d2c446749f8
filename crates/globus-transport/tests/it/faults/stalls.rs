//! The service stands still, or nearly.

use std::time::Duration;

use globus_transport::ErrorKind::{Api, Timeout};

use super::*;
use crate::hostile::{Act, hangs, said_then_hangs, say};

const SILENT: &str = "127.0.0.1 was silent for 60 s";

/// Six attempts of a minute each when they are safe, else one.
fn silent(name: &'static str, script: Script) -> Fault {
    let safe = format!("{SILENT}; try again later, or raise GLOBUS_SDK_HTTP_TIMEOUT [after 6 attempts]");
    let once = format!("{SILENT}; the request may have been carried out: look before you send it again");
    fault(name, [script]).safe(6, 360.0..=360.0 + BACKOFF, Timeout, &safe).once(
        1,
        60.0..=60.0,
        Timeout,
        &once,
    )
}

fn drip(text: &str, seconds: u64) -> impl Iterator<Item = Act> {
    text.bytes().flat_map(move |byte| [Act::Pause(Duration::from_secs(seconds)), Act::Say(vec![byte])])
}

#[tokio::test(start_paused = true)]
async fn silence_ends_an_attempt_after_its_minute_wherever_it_begins() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n";
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"name\"\r\n";
    let slow_head = [Act::Read].into_iter().chain(drip("HTTP/1.1 200 OK\r\nX: y", 10));
    check([
        silent("takes the connection and no more", vec![Act::Hang]),
        silent("reads the request and says nothing", hangs()),
        silent("stops within the status line", said_then_hangs("HTTP/1.1 2")),
        silent("stops within the head", said_then_hangs("HTTP/1.1 200 OK\r\nContent-")),
        silent("stops after the head", said_then_hangs(head)),
        silent("stops within the body", said_then_hangs(format!("{head}{{\"name"))),
        silent("stops between two chunks", said_then_hangs(chunked)),
        silent("says its head letter by letter", slow_head.collect()),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_never_ends_is_cut_off_when_the_time_of_the_call_is_over() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
    let blanks = " ".repeat(100);
    let body = [Act::Read, Act::Say(head.into())].into_iter().chain(drip(&blanks, 50));
    let safe =
        "127.0.0.1 did not answer within the time of the call; try again later, or give the call more time";
    let once = "127.0.0.1 did not answer within the time of the call; the request may have been carried out: look before \
                you send it again";
    check([fault("says its body letter by letter", [body.collect()])
        .safe(1, 600.0..=600.0, Timeout, safe)
        .once(1, 600.0..=600.0, Timeout, once)])
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_takes_its_time_is_waited_for() {
    let slow = [Act::Read].into_iter().chain(drip("HTTP", 10));
    let rest = format!("/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{}", &GOOD[..9]);
    let slow = slow.chain([Act::Say(rest.into())]).chain(drip(&GOOD[9..], 40));
    check([
        fault("is slow, but never silent", [slow.collect()]).all_succeed(1, 200.0..=200.0),
        fault("is silent once", [hangs(), say(200, "", GOOD)]).safe_succeeds(2, 60.0..=61.0).once(
            1,
            60.0..=60.0,
            Timeout,
            "127.0.0.1 was silent for 60 s; the request may have been carried out: look before you send it again",
        ),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_error_whose_body_does_not_come_is_told_by_its_status() {
    let text = "Not Found, without a body [404]";
    check([fault(
        "stops after the head of an error",
        [said_then_hangs("HTTP/1.1 404 X\r\nContent-Length: 9\r\n\r\n")],
    )
    .all(1, 60.0..=60.0, Api, text)])
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_time_of_a_call_covers_all_its_attempts() {
    let safe = "127.0.0.1 did not answer within the time of the call; try again later, or give the call more time [after 2 \
                attempts]";
    let once =
        "127.0.0.1 was silent for 60 s; the request may have been carried out: look before you send it again";
    check([fault("never answers, and there are 90 s", [hangs()])
        .with(|request| request.with_timeout(Duration::from_secs(90)))
        .safe(2, 90.0..=90.0, Timeout, safe)
        .once(1, 60.0..=60.0, Timeout, once)])
    .await;
}
