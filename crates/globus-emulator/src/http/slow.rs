//! An answer that arrives bit by bit.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderValue, header};
use http_body::Frame;
use tokio::time::{Sleep, sleep};

/// So many bits arrive in a second, as far as there are as many bytes.
const BITS_PER_SECOND: u64 = 10;

/// Sends the head at once, and of the body so many bytes a second.
pub(crate) async fn slowed(response: Response, bytes_per_second: u64) -> Response {
    let (mut parts, body) = response.into_parts();
    let rest = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(rest.len()));
    Response::from_parts(parts, Body::new(Slow::new(rest, bytes_per_second)))
}

struct Slow {
    rest: Bytes,
    bit: usize,
    pause: Duration,
    wait: Pin<Box<Sleep>>,
}

impl Slow {
    fn new(rest: Bytes, bytes_per_second: u64) -> Self {
        let rate = bytes_per_second.max(1);
        let bit = rate.div_ceil(BITS_PER_SECOND);
        #[expect(clippy::cast_precision_loss, reason = "a pause need not be exact")]
        let pause = Duration::from_secs_f64(bit as f64 / rate as f64);
        Self { rest, bit: usize::try_from(bit).unwrap_or(usize::MAX), pause, wait: Box::pin(sleep(pause)) }
    }
}

impl http_body::Body for Slow {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        ready!(self.wait.as_mut().poll(context));
        let bit = self.bit.min(self.rest.len());
        let bit = self.rest.split_to(bit);
        let pause = self.pause;
        self.wait = Box::pin(sleep(pause));
        Poll::Ready(Some(Ok(Frame::data(bit))))
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use http_body::Body as _;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_body_comes_whole_in_ten_bits_a_second() {
        let started = tokio::time::Instant::now();
        let mut body = Slow::new(Bytes::from_static(&[7; 105]), 50);
        let mut sizes = Vec::new();
        while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            sizes.push(frame.into_data().unwrap().len());
        }
        assert_eq!(sizes.iter().sum::<usize>(), 105);
        assert!(sizes[..21].iter().all(|size| *size == 5) && sizes.len() == 21, "{sizes:?}");
        assert!(started.elapsed() >= Duration::from_millis(2100));
    }
}
