//! One large transfer.

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use globus_bench::{Arguments, Failure, Report};
use http_body::{Frame, SizeHint};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde::{Deserialize, Serialize};

use crate::Outcome;
use crate::clients::{client, get};

#[derive(Serialize)]
struct Item {
    #[serde(rename = "DATA_TYPE")]
    data_type: &'static str,
    source_path: String,
    destination_path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    recursive: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_checksum: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checksum_algorithm: Option<String>,
}

#[derive(Serialize)]
struct Head<'a> {
    #[serde(rename = "DATA_TYPE")]
    data_type: &'static str,
    source_endpoint: &'static str,
    destination_endpoint: &'static str,
    label: &'static str,
    submission_id: &'a str,
}

#[derive(Deserialize)]
struct SubmissionId {
    value: String,
}

#[derive(Deserialize)]
struct Accepted {
    task_id: String,
}

/// Builds the items, and sends them as one text.
pub(crate) async fn document(arguments: &Arguments) -> Outcome {
    run(arguments, |mut document, items| {
        document.extend_from_slice(b",\"DATA\":");
        serde_json::to_writer(&mut document, &items)?;
        document.push(b'}');
        Ok(document.into())
    })
    .await
}

/// Builds the items, and writes them while they are sent.
pub(crate) async fn streamed(arguments: &Arguments) -> Outcome {
    run(arguments, |head, items| Ok(reqwest::Body::wrap(Streamed::new(head, items)?))).await
}

async fn run(
    arguments: &Arguments,
    body: fn(Vec<u8>, Vec<Item>) -> Result<reqwest::Body, Failure>,
) -> Outcome {
    let client = client()?;
    let start = Instant::now();
    let items: Vec<Item> = (0..arguments.n).map(item).collect();
    let id: SubmissionId = get(&client, &format!("{}/v0.10/submission_id", arguments.base_url)).await?;
    let head = Head {
        data_type: "transfer",
        source_endpoint: "6c54cade-bde5-45c1-bdea-f4bd71dba2cc",
        destination_endpoint: "31ce9ba0-176d-45a5-add3-f37d233ba47d",
        label: "perf",
        submission_id: &id.value,
    };
    let mut head = serde_json::to_vec(&head)?;
    head.pop();
    let request = client
        .post(format!("{}/v0.10/transfer", arguments.base_url))
        .header(AUTHORIZATION, HeaderValue::from_static("Bearer x"))
        .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
        .body(body(head, items)?);
    let answer = request.send().await?.error_for_status()?.bytes().await?;
    let accepted: Accepted = serde_json::from_slice(&answer)?;
    Ok(Report::new(start.elapsed(), arguments.n, i64::try_from(accepted.task_id.len())?))
}

/// A document in pieces of 64 KiB, whose length is known before.
struct Streamed {
    items: Vec<Item>,
    next: usize,
    piece: Vec<u8>,
    left: u64,
}

const PIECE: usize = 64 * 1024;

impl Streamed {
    fn new(mut head: Vec<u8>, items: Vec<Item>) -> serde_json::Result<Self> {
        head.extend_from_slice(b",\"DATA\":[");
        let mut count = Count(head.len() as u64 + items.len().saturating_sub(1) as u64 + 2);
        for item in &items {
            serde_json::to_writer(&mut count, item)?;
        }
        Ok(Self { items, next: 0, piece: head, left: count.0 })
    }

    fn fill(&mut self) -> serde_json::Result<Bytes> {
        let mut piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE + 500));
        while self.next < self.items.len() && piece.len() < PIECE {
            if self.next > 0 {
                piece.push(b',');
            }
            serde_json::to_writer(&mut piece, &self.items[self.next])?;
            self.next += 1;
        }
        if self.next == self.items.len() {
            piece.extend_from_slice(b"]}");
        }
        Ok(piece.into())
    }
}

impl http_body::Body for Streamed {
    type Data = Bytes;
    type Error = serde_json::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let piece = self.fill()?;
        self.left = self.left.saturating_sub(piece.len() as u64);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// Counts what is written.
struct Count(u64);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn item(number: usize) -> Item {
    Item {
        data_type: "transfer_item",
        source_path: format!("/project/run/data/part_{number:08}.h5"),
        destination_path: format!("/archive/run/data/part_{number:08}.h5"),
        recursive: None,
        external_checksum: None,
        checksum_algorithm: None,
    }
}
