//! [`Encoded`]: the items of a document, written when they are added.

use std::fmt;

use bytes::Bytes;
use globus_transport::{Body, StreamedBody};
use serde::ser::{Serialize, SerializeSeq, Serializer};
use serde_json::Value;

/// Items as the JSON that is sent, with commas between them. A million of them take the room of their text and no more, nothing is
/// written a second time, and a clone shares what is full.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Encoded {
    full: Vec<Bytes>,
    last: Vec<u8>,
    len: usize,
}

/// A piece that has grown to this is full: what the network takes at a time.
const FULL: usize = 64 * 1024;

/// Room for the item that fills a piece.
const ROOM: usize = FULL + 1024;

impl Encoded {
    pub(crate) fn push(&mut self, item: &impl Serialize) {
        if self.last.len() >= FULL {
            let full = std::mem::replace(&mut self.last, Vec::with_capacity(ROOM));
            self.full.push(full.into());
        }
        let before = self.last.len();
        if self.len > 0 {
            self.last.push(b',');
        }
        // Items are texts, numbers and JSON values, and memory takes all that is written: this does not fail.
        match serde_json::to_writer(&mut self.last, item) {
            Ok(()) => self.len += 1,
            Err(_) => self.last.truncate(before),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// A document that has the fields of the JSON object `head`, and these items under `DATA`.
    pub(crate) fn body(&self, mut head: Vec<u8>) -> Body {
        head.pop();
        let start: &[u8] = if head.len() > 1 { b",\"DATA\":[" } else { b"\"DATA\":[" };
        head.extend_from_slice(start);
        if self.full.is_empty() {
            head.extend_from_slice(&self.last);
            head.extend_from_slice(b"]}");
            return Body::Json(head.into());
        }
        let last = [&self.last, b"]}".as_slice()].concat();
        let pieces: Vec<Bytes> =
            [head.into()].into_iter().chain(self.full.iter().cloned()).chain([last.into()]).collect();
        let length = pieces.iter().map(|piece| piece.len() as u64).sum();
        Body::Streamed(StreamedBody::new("application/json", length, move || pieces.clone()))
    }

    fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        self.full.iter().map(|piece| &piece[..]).chain([&self.last[..]])
    }
}

impl Serialize for Encoded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut items = serializer.serialize_seq(Some(self.len))?;
        for piece in self.pieces() {
            let piece = piece.strip_prefix(b",").unwrap_or(piece);
            let list = [b"[", piece, b"]"].concat();
            let list: Vec<Value> = serde_json::from_slice(&list).map_err(serde::ser::Error::custom)?;
            for item in &list {
                items.serialize_element(item)?;
            }
        }
        items.end()
    }
}

impl fmt::Debug for Encoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} items", self.len)
    }
}
