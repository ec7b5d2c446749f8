//! The answer is whole, but not what was asked for.

use globus_transport::ErrorKind::{Decode, TooLarge};

use super::*;
use crate::hostile::{Act, answer, said, say};

fn with(headers: &str, body: &[u8]) -> Script {
    let head = format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
    said([head.as_bytes(), body].concat())
}

/// The beginning of a gzip stream, and nothing more.
const GZIP: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x56";

#[tokio::test(start_paused = true)]
async fn an_answer_that_cannot_be_read_is_told_in_words_and_not_asked_for_again() {
    let empty = "the answer is empty where JSON for Document was expected";
    let html = "the answer cannot be read as Document: it is an HTML page and no JSON; a proxy or a login page may have \
                answered instead of the service";
    let unread = |why| format!("the answer cannot be read as Document: {why}");
    let gzip =
        unread("it came compressed (gzip), which was not asked for; something on the way may have done that");
    let page = b"\n<!DOCTYPE html><title>Sign in</title>";
    let row = |name, script, text: &str| fault(name, [script]).all(1, AT_ONCE, Decode, text);
    check([
        row("sends nothing", with("", b""), empty),
        row("says that there is nothing (204)", said("HTTP/1.1 204 No Content\r\n\r\n"), empty),
        row("sends an HTML page", with("Content-Type: text/html\r\n", page), html),
        row("sends an HTML page and calls it JSON", with("Content-Type: application/json\r\n", page), html),
        row(
            "sends half a document",
            say(200, "", &GOOD[..9]),
            &unread("it ends too early (line 1, column 9)"),
        ),
        row("sends what is no JSON", say(200, "", "AgHidden"), &unread("it is not JSON (line 1, column 1)")),
        row(
            "sends another document",
            say(200, "", r#"{"name": 7}"#),
            &unread("expected a string, found integer in `name` (line 1, column 10)"),
        ),
        row("compresses", with("Content-Encoding: gzip\r\n", GZIP), &gzip),
        row("says that it compresses, and does not", with("Content-Encoding: GZIP\r\n", b"oops"), &gzip),
        row(
            "says a length that is too short",
            said(answer(200, "", GOOD).replace("Length: 13", "Length: 5")),
            &unread("it ends too early (line 1, column 5)"),
        ),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_can_be_read_is_one_whatever_is_said_about_it() {
    check([
        fault("says that JSON is HTML", [with("Content-Type: text/html\r\n", GOOD.as_bytes())])
            .all_succeed(1, AT_ONCE),
        fault("says nothing about its body", [with("", GOOD.as_bytes())]).all_succeed(1, AT_ONCE),
        fault("says that it compresses nothing", [with("Content-Encoding: identity\r\n", GOOD.as_bytes())])
            .all_succeed(1, AT_ONCE),
        fault("answers with another status", [say(299, "", GOOD)]).all_succeed(1, AT_ONCE),
    ])
    .await;
}

/// A hundred megabytes where a kilobyte is expected.
fn flood(head: &str, piece: Vec<u8>) -> Script {
    vec![Act::Read, Act::Say(head.into()), Act::Repeat(piece, 1600)]
}

fn announced() -> Script {
    flood("HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n", vec![b' '; 1 << 16])
}

fn in_chunks() -> Script {
    let piece = [b"10000\r\n", &[b' '; 1 << 16][..], b"\r\n"].concat();
    flood("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", piece)
}

fn compressed() -> Script {
    flood("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", GZIP.repeat(5461))
}

#[tokio::test(start_paused = true)]
async fn an_answer_beyond_its_limit_is_not_read_to_the_end() {
    let text = "the answer is larger than 1024 bytes; ask for less at once, or raise the limit";
    let row = |name, script| {
        let limited = fault(name, [script]).with(|request| request.with_max_body(1024));
        limited.all(1, AT_ONCE, TooLarge, text)
    };
    check([
        row("announces 100 MB", announced()),
        row("sends 100 MB in chunks", in_chunks()),
        row("sends 100 MB of a compressed stream", compressed()),
    ])
    .await;
}

#[tokio::test]
async fn of_a_flood_no_more_than_the_kernels_buffers_hold_is_taken() {
    for script in [announced(), in_chunks(), compressed()] {
        let server = Server::new([script]).await;
        let request = crate::get(&server.url).with_max_body(1024);
        let error = crate::transport().send(request).await.unwrap_err();
        assert_eq!((error.kind(), server.arrived()), (TooLarge, 1));
        assert!(server.written() < 50 << 20, "{}", server.written());
    }
}

#[tokio::test]
async fn what_comes_after_an_answer_is_not_taken_for_the_next_one() {
    let smuggled =
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
    let server = Server::new([said(smuggled), say(200, "", GOOD)]).await;
    let transport = crate::transport();
    assert_eq!(transport.send(crate::get(&server.url)).await.unwrap().body().as_ref(), b"{}");
    assert_eq!(transport.send(crate::get(&server.url)).await.unwrap().body().as_ref(), GOOD.as_bytes());
    assert_eq!(server.connections(), 2);
}
