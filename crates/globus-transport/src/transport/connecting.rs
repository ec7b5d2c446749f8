//! [`Connecting`]: a connection that is being made counts as long as it is.
//!
//! The HTTP stack starts a connection when none is free, and takes whichever is there first: the new one, or one that another
//! call gives back. In the second case it finishes the new one in the background. When calls are short and connecting takes long,
//! each call would leave one more behind. So a connection in the making keeps the place of the call that wanted it.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::task::futures::TaskLocalFuture;
use tower_layer::Layer;
use tower_service::Service;

use super::gates::Permit;

tokio::task_local! {
    /// The place of the call that is being polled.
    static PLACE: Permit;
}

/// `exchange`, whose connection in the making keeps `permit`.
pub(super) fn with_permit<F: Future>(permit: &Permit, exchange: F) -> TaskLocalFuture<Permit, F> {
    PLACE.scope(permit.clone(), exchange)
}

/// The layer around what makes connections.
#[derive(Clone, Copy, Debug)]
pub(super) struct Connecting;

/// What makes connections, with the layer around it. The HTTP stack clones it several times for each request, and uses few
/// of the clones, so what is inside is shared until then.
#[derive(Debug)]
pub(super) struct Connector<S>(Arc<S>);

impl<S> Clone for Connector<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S> Layer<S> for Connecting {
    type Service = Connector<S>;

    fn layer(&self, inner: S) -> Connector<S> {
        Connector(Arc::new(inner))
    }
}

impl<S, R> Service<R> for Connector<S>
where
    S: Service<R> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    R: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, target: R) -> Self::Future {
        let permit = PLACE.try_with(Permit::clone).ok();
        let mut inner = S::clone(&self.0);
        Box::pin(async move {
            poll_fn(|context| inner.poll_ready(context)).await?;
            let connection = inner.call(target).await;
            drop(permit);
            connection
        })
    }
}
