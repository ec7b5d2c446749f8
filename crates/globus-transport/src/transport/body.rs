//! Reading a body piece by piece: within its time, and up to its limit.

use std::pin::pin;

use bytes::{Bytes, BytesMut};
use reqwest::Response;

use super::patience::Patience;

/// Why a body is not whole.
pub(super) enum BodyFailure {
    Broken(reqwest::Error),
    TimedOut,
    TooLarge,
}

/// Room made ahead for a body whose length is said: not more than this on the word of the other side.
const MOST_AHEAD: u64 = 64 << 20;

/// The whole body, or what came of it and why it is not whole.
pub(super) async fn read(
    response: &mut Response,
    limit: u64,
    patience: &mut Patience,
) -> (Bytes, Option<BodyFailure>) {
    let announced = response.content_length();
    if announced.is_some_and(|length| length > limit) {
        return (Bytes::new(), Some(BodyFailure::TooLarge));
    }
    // One piece, the usual case, is passed on without a copy.
    let first = match piece(response, patience).await {
        Ok(Some(first)) => first,
        Ok(None) => return (Bytes::new(), None),
        Err(failure) => return (Bytes::new(), Some(failure)),
    };
    if announced == Some(first.len() as u64) {
        // Asks for the end, so that the connection can be used again.
        let end = piece(response, patience).await.err();
        return (first, end);
    }
    let mut whole = BytesMut::new();
    let mut next = first;
    loop {
        if (whole.len() + next.len()) as u64 > limit {
            return (whole.freeze(), Some(BodyFailure::TooLarge));
        }
        if whole.is_empty() {
            let ahead = announced.unwrap_or(0).min(MOST_AHEAD).max(next.len() as u64);
            whole.reserve(usize::try_from(ahead).unwrap_or(next.len()));
        }
        whole.extend_from_slice(&next);
        next = match piece(response, patience).await {
            Ok(Some(next)) => next,
            Ok(None) => return (whole.freeze(), None),
            Err(failure) => return (whole.freeze(), Some(failure)),
        };
    }
}

async fn piece(response: &mut Response, patience: &mut Patience) -> Result<Option<Bytes>, BodyFailure> {
    let piece = patience.wait(pin!(response.chunk())).await.map_err(|_| BodyFailure::TimedOut)?;
    piece.map_err(BodyFailure::Broken)
}
