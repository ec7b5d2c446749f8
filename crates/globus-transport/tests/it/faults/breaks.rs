//! The connection ends before its time.

use globus_transport::ErrorKind::{Api, Network};

use super::*;
use crate::hostile::{Act, answer, dropped, said, say};

const BEFORE: &str = "the connection to 127.0.0.1 broke off before the answer";
const WITHIN: &str = "the answer of 127.0.0.1 broke off";

/// Tried again as often as is allowed when that is safe, and else not at all.
fn broken(name: &'static str, script: Script, text: &str) -> Fault {
    let safe = format!("{text}; try again later [after 6 attempts]");
    let once = format!("{text}; the request may have been carried out: look before you send it again");
    fault(name, [script]).safe(6, 0.0..=BACKOFF, Network, &safe).once(1, AT_ONCE, Network, &once)
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_ends_early_is_made_again_for_what_may_be_repeated_and_no_other_request() {
    let whole = answer(200, "", GOOD);
    let half = &whole[..whole.len() - 5];
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"name\"\r\n";
    check([
        broken("closes before it reads", vec![], BEFORE),
        broken("closes within the request", vec![Act::ReadSome], BEFORE),
        broken("closes before the head", dropped(), BEFORE),
        broken("resets before the head", vec![Act::Read, Act::Reset], BEFORE),
        broken("closes within the status line", said("HTTP/1.1 20"), BEFORE),
        broken("closes within the head", said("HTTP/1.1 200 OK\r\nContent-Ty"), BEFORE),
        broken("closes before the body", said("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), WITHIN),
        broken("closes within a body of known length", said(half), WITHIN),
        broken("resets within a body", vec![Act::Read, Act::Say(half.into()), Act::Reset], WITHIN),
        broken("closes between two chunks", said(chunked), WITHIN),
        broken("closes within a chunk", said(format!("{chunked}9\r\n: ")), WITHIN),
        broken("closes before the last chunk", said(format!("{chunked}6\r\n: \"x\"}}\r\n")), WITHIN),
        broken("says a length that is too long", said(whole.replace("Length: 13", "Length: 14")), WITHIN),
        broken("sends chunks that are none", said(chunked.replace("7\r\n", "what\r\n")), WITHIN),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_which_the_status_is_known_is_an_answer() {
    let half = |status| {
        let whole = answer(status, "", r#"{"code": "Gone", "message": "away"}"#);
        said(&whole.as_bytes()[..whole.len() - 5])
    };
    let text = "Not Found, with a body that is not an error of the service [404]";
    check([
        fault("closes within the body of an error", [half(404)]).all(1, AT_ONCE, Api, text),
        fault("closes within the body of a passing error", [half(503), say(200, "", GOOD)])
            .safe_succeeds(2, 0.0..=1.0)
            .once(
                1,
                AT_ONCE,
                Api,
                "Service Unavailable, with a body that is not an error of the service; try again later [503]",
            ),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_breaks_once_is_not_seen_when_it_may_be_repeated() {
    let text = "the connection to 127.0.0.1 broke off before the answer; the request may have been carried out: look before \
                you send it again";
    check([
        fault("closes once", [dropped(), say(200, "", GOOD)])
            .safe_succeeds(2, 0.0..=1.0)
            .once(1, AT_ONCE, Network, text),
        fault(
            "closes after the answer",
            [said(format!("HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{GOOD}"))],
        )
        .all_succeed(1, AT_ONCE),
        fault("closes where the length is not said", [said(format!("HTTP/1.1 200 OK\r\n\r\n{GOOD}"))])
            .all_succeed(1, AT_ONCE),
    ])
    .await;
}
