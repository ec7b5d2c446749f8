//! The service sends elsewhere.

use globus_transport::ErrorKind::Redirect;

use super::*;
use crate::hostile::{said, say};

fn to(status: u16, location: &str) -> Script {
    say(status, &format!("Location: {location}\r\n"), "{}")
}

#[tokio::test(start_paused = true)]
async fn a_redirect_that_leads_nowhere_is_an_error_and_is_followed_once() {
    let row = |name, script, text: &str| fault(name, [script]).all(1, AT_ONCE, Redirect, text);
    check([
        row(
            "to a file",
            to(302, "file:///etc/passwd"),
            "the service redirected to an address that starts with file:",
        ),
        row(
            "to a script",
            to(307, "javascript:x"),
            "the service redirected to an address that starts with javascript:",
        ),
        row(
            "to a name and password",
            to(302, "http://me:hunter2@127.0.0.1:1/"),
            "the service redirected to an address with a user name or password",
        ),
        row(
            "without an address",
            say(308, "", "{}"),
            "the service redirected (308) without an address to go to",
        ),
        row(
            "to what is no address",
            to(301, "http://["),
            "the service redirected (301) to something that is no address",
        ),
        row(
            "to bytes that are no text",
            said(*b"HTTP/1.1 302 X\r\nConnection: close\r\nLocation: /\xff\r\n\r\n"),
            "the service redirected (302) to something that is no address",
        ),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_circle_ends_after_ten_turns() {
    let text = "the service redirected more than 10 times, probably in a circle";
    let result = "the request may have been carried out, but what it was redirected to failed";
    check([
        fault("in a circle that keeps the method", [to(307, "/ls?again")]).all(11, AT_ONCE, Redirect, text),
        fault("in a circle", [to(302, "/ls?again")]).safe(11, AT_ONCE, Redirect, text).once(
            11,
            AT_ONCE,
            Redirect,
            &format!("{result}: {text}"),
        ),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_redirect_within_the_service_is_followed() {
    check([
        fault("to its neighbour", [to(308, "/there"), say(200, "", GOOD)]).all_succeed(2, AT_ONCE),
        fault("to the result", [to(303, "/result"), say(200, "", GOOD)]).all_succeed(2, AT_ONCE),
    ])
    .await;
}
