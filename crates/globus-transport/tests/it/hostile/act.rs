//! What is done with one connection.

use std::time::Duration;

#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Reads a request, head and body.
    Read,
    /// Reads whatever comes first, which need not be HTTP.
    ReadSome,
    /// Writes these bytes.
    Say(Vec<u8>),
    /// Answers every request with these bytes, as long as there are any.
    Serve(Vec<u8>),
    /// Does nothing for a while.
    Pause(Duration),
    /// Writes these bytes so many times, as long as the other side takes them.
    Repeat(Vec<u8>, usize),
    /// Ends the connection with a reset, and no orderly close.
    Reset,
    /// Does nothing more, without closing.
    Hang,
}

/// Acts in order; at the end the connection is closed.
pub(crate) type Script = Vec<Act>;

/// Answers with `text` after the request was read.
pub(crate) fn said(text: impl Into<Vec<u8>>) -> Script {
    vec![Act::Read, Act::Say(text.into())]
}

/// Says `text` and then nothing, without closing.
pub(crate) fn said_then_hangs(text: impl Into<Vec<u8>>) -> Script {
    vec![Act::Read, Act::Say(text.into()), Act::Hang]
}

/// Closes after the request was read.
pub(crate) fn dropped() -> Script {
    vec![Act::Read]
}

/// Never answers.
pub(crate) fn hangs() -> Script {
    vec![Act::Read, Act::Hang]
}

/// Gives a whole answer with a JSON body.
pub(crate) fn say(status: u16, headers: &str, body: &str) -> Script {
    said(answer(status, headers, body))
}

/// Answers every request on a connection that stays open.
pub(crate) fn serves(status: u16, body: &str) -> Script {
    vec![Act::Serve(answer(status, "", body).replace("Connection: close\r\n", "").into())]
}

/// A whole answer with a JSON body.
pub(crate) fn answer(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\n{headers}Content-Length: \
         {length}\r\n\r\n{body}"
    )
}
