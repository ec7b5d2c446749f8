//! [`Fetch`]: a page under way.

use std::future::IntoFuture;
use std::panic;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use globus_transport::{Error, ErrorKind};
use serde::de::DeserializeOwned;
use tokio::task::JoinHandle;
use tracing::{Instrument, Span};

use crate::request::Request;

/// A page under way, in a task of its own. It goes on while nobody waits for it, so that whoever waits now and then, between other
/// things, finds the page and not a time limit that passed meanwhile. Dropping it ends the request.
pub(super) struct Fetch<P>(JoinHandle<Result<P, Error>>);

impl<P: DeserializeOwned + Send + 'static> Fetch<P> {
    pub(super) fn start(request: Request<P>) -> Self {
        Self(tokio::spawn(request.into_future().instrument(Span::current())))
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<P, Error>> {
        let answer = ready!(Pin::new(&mut self.0).poll(cx));
        Poll::Ready(answer.unwrap_or_else(|gone| match gone.try_into_panic() {
            // As if it had been polled in place.
            Ok(payload) => panic::resume_unwind(payload),
            Err(_) => {
                Err(Error::new(ErrorKind::Network, "the runtime in which the page was fetched has ended"))
            }
        }))
    }
}

impl<P> Drop for Fetch<P> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
