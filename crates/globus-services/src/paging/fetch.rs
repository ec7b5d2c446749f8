//! [`Fetch`]: a page on its way.

use std::future::IntoFuture;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use globus_transport::{Error, ErrorKind};
use serde::de::DeserializeOwned;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::request::{Request, ResponseFuture};

/// A page on its way. Dropping it gives the page up.
pub(super) enum Fetch<P> {
    /// It gets on while it is polled.
    Here(ResponseFuture<P>),
    /// It gets on by itself.
    Ahead(JoinHandle<Result<P, Error>>),
}

impl<P: DeserializeOwned + Send + 'static> Fetch<P> {
    pub(super) fn here(request: Request<P>) -> Self {
        Self::Here(request.into_future())
    }

    /// Without a tokio runtime, which such a task needs, the page waits until it is asked for.
    pub(super) fn ahead(request: Request<P>) -> Self {
        match Handle::try_current() {
            Ok(runtime) => Self::Ahead(runtime.spawn(request.into_future())),
            Err(_) => Self::here(request),
        }
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<P, Error>> {
        match self {
            Self::Here(page) => page.as_mut().poll(cx),
            Self::Ahead(task) => Poll::Ready(ready!(Pin::new(task).poll(cx)).unwrap_or_else(|err| {
                let what = "the next page was given up: the tokio runtime shuts down, or its task panicked";
                Err(Error::with_source(ErrorKind::Paging, what, err))
            })),
        }
    }
}

impl<P> Drop for Fetch<P> {
    fn drop(&mut self) {
        if let Self::Ahead(task) = self {
            task.abort();
        }
    }
}
