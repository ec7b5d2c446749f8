//! [`Connecting`]: a connection that is being made counts as long as it is.
//!
//! The HTTP stack starts a connection when none is free, and takes whichever is there first: the new one, or one that another
//! call gives back. In the second case it finishes the new one in the background. When calls are short and connecting takes long,
//! each call would leave one more behind. So a connection in the making keeps the place of the call that wanted it.

use std::future::Future;
use std::pin::Pin;
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

/// What makes connections, with the layer around it.
#[derive(Clone, Debug)]
pub(super) struct Connector<S>(S);

impl<S> Layer<S> for Connecting {
    type Service = Connector<S>;

    fn layer(&self, inner: S) -> Connector<S> {
        Connector(inner)
    }
}

impl<S, R> Service<R> for Connector<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, target: R) -> Self::Future {
        let permit = PLACE.try_with(Permit::clone).ok();
        let connecting = self.0.call(target);
        Box::pin(async move {
            let connection = connecting.await;
            drop(permit);
            connection
        })
    }
}
