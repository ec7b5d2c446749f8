//! The head of the answer is none, or an absurd one.

use std::time::Duration;

use globus_transport::ErrorKind::{Decode, Network, Timeout};

use super::*;
use crate::hostile::{Act, said};

fn head(lines: &str) -> Script {
    said(format!("HTTP/1.1 200 OK\r\n{lines}Content-Length: 13\r\n\r\n{GOOD}"))
}

#[tokio::test(start_paused = true)]
async fn what_is_not_http_fails_at_once() {
    let text = "127.0.0.1 answered with something that is not HTTP; check the address, and whether it wants https://";
    let row = |name, script| fault(name, [script]).all(1, AT_ONCE, Network, text);
    check([
        row("speaks SSH", said("SSH-2.0-OpenSSH_9.9\r\n")),
        row("speaks HTTP/0.9", said("<html>hello</html>\r\n\r\n")),
        row("speaks an HTTP of its own", said("HTTP/9.9 200 OK\r\n\r\n")),
        row("speaks TLS", said(*b"\x15\x03\x01\x00\x02\x02\x46\r\n\r\n")),
        row("has no status", said("HTTP/1.1 abc OK\r\n\r\n")),
        row("has the status 0", said("HTTP/1.1 000 OK\r\n\r\n")),
        row("has a header without a colon", head("Broken header\r\n")),
        row("has a header with a NUL", head("X: a\0b\r\n")),
        row("says two lengths", head("Content-Length: 12\r\n")),
        row("says a length below nothing", said("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")),
        row(
            "says a length beyond all numbers",
            said("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n"),
        ),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_head_larger_than_any_service_needs_is_refused() {
    let text = "the head of the answer of 127.0.0.1 is larger than any service needs";
    let long = format!("X: {}\r\n", "x".repeat(1 << 20));
    let many: String = (0..10_000).map(|number| format!("X-{number}: x\r\n")).collect();
    let row = |name, script| fault(name, [script]).all(1, AT_ONCE, Network, text);
    check([row("has a header of a megabyte", head(&long)), row("has ten thousand headers", head(&many))])
        .await;
}

#[tokio::test(start_paused = true)]
async fn odd_headers_do_no_harm() {
    let odd = [
        b"HTTP/1.1 200 \r\nX: \xff\xfe\r\nx-request-id: \xff\r\nContent-Length: 13\r\n\r\n",
        GOOD.as_bytes(),
    ];
    check([
        fault("has a header that is no text", [said(odd.concat())]).all_succeed(1, AT_ONCE),
        fault("has an empty header", [head("X:\r\nX:\r\n")]).all_succeed(1, AT_ONCE),
        fault("speaks HTTP/1.0", [said(format!("HTTP/1.0 200 OK\r\n\r\n{GOOD}"))]).all_succeed(1, AT_ONCE),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn preliminary_answers_are_passed_over_but_not_for_ever() {
    let hint = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
    let good = format!("HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{GOOD}");
    let flood = vec![Act::Read, Act::Repeat(hint.into(), 1000), Act::Say(good.clone().into())];
    let drip = (0..1000).flat_map(|_| [Act::Pause(Duration::from_secs(10)), Act::Say(hint.into())]);
    let drip: Script = [Act::Read].into_iter().chain(drip).collect();
    let switch = "HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
    let silent = "127.0.0.1 was silent for 60 s";
    check([
        fault("says 100 first", [said(format!("HTTP/1.1 100 Continue\r\n\r\n{good}"))])
            .all_succeed(1, AT_ONCE),
        fault("gives a thousand hints first", [flood]).all_succeed(1, AT_ONCE),
        fault("gives hints and no answer", [drip])
            .safe(
                6,
                360.0..=360.0 + BACKOFF,
                Timeout,
                &format!("{silent}; try again later, or raise GLOBUS_SDK_HTTP_TIMEOUT [after 6 attempts]"),
            )
            .once(
                1,
                60.0..=60.0,
                Timeout,
                &format!("{silent}; the request may have been carried out: look before you send it again"),
            ),
        fault("switches to another protocol", [said(switch)]).all(
            1,
            AT_ONCE,
            Decode,
            "the service answered 101 Switching Protocols, but no other protocol was asked for",
        ),
    ])
    .await;
}
