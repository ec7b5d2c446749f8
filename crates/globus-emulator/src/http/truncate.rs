//! An answer that promises more than it sends.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, to_bytes};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderValue, header};
use http_body::Frame;

/// Sends the first half of the body under the length of the whole, then breaks the connection.
pub(crate) async fn truncated(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    // At least one byte must be missing, also of an empty answer.
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len().max(1)));
    let half = whole.slice(..whole.len() / 2);
    Response::from_parts(parts, Body::new(Half { rest: Some(half) }))
}

struct Half {
    rest: Option<Bytes>,
}

impl http_body::Body for Half {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        Poll::Ready(Some(match self.rest.take().filter(|rest| !rest.is_empty()) {
            Some(half) => Ok(Frame::data(half)),
            None => Err(std::io::Error::other("truncated on purpose")),
        }))
    }
}
