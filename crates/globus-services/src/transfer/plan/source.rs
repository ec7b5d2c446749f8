//! Where the items of a plan come from.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use globus_transport::Error;

use super::item::PlannedItem;

type Outcome = Result<PlannedItem, Error>;

/// What an iterator gives.
pub(super) struct Iterated<I>(pub(super) I);

// An iterator is not pinned by anything.
impl<I> Unpin for Iterated<I> {}

impl<I: Iterator<Item: Into<PlannedItem>>> Stream for Iterated<I> {
    type Item = Outcome;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Outcome>> {
        Poll::Ready(self.0.next().map(|item| Ok(item.into())))
    }
}

/// What a stream gives.
pub(super) struct Mapped<S: Stream> {
    stream: Pin<Box<S>>,
    map: fn(S::Item) -> Outcome,
}

impl<S: Stream> Mapped<S> {
    pub(super) fn new(stream: S, map: fn(S::Item) -> Outcome) -> Self {
        Self { stream: Box::pin(stream), map }
    }
}

impl<S: Stream> Stream for Mapped<S> {
    type Item = Outcome;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Outcome>> {
        let map = self.map;
        self.stream.as_mut().poll_next(cx).map(|item| item.map(map))
    }
}

/// The ways from what a stream gives to an item.
pub(super) struct Given;

impl Given {
    pub(super) fn item(item: impl Into<PlannedItem>) -> Outcome {
        Ok(item.into())
    }

    pub(super) fn result<T: Into<PlannedItem>, E: Into<Error>>(item: Result<T, E>) -> Outcome {
        item.map(Into::into).map_err(Into::into)
    }
}
