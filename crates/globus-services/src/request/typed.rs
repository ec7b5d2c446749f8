//! [`Request`]: a call whose answer is decoded into a type.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;

use globus_transport::Error;
use serde::de::DeserializeOwned;

use super::{Call, call_settings};

/// What `.await` on a request runs.
pub type ResponseFuture<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// A request whose answer is a `T`. It owns what it needs, so that it can be cloned, kept, or sent from another task.
///
/// Nothing happens until it is awaited. The `with_…` methods say how the call is made; what the service is asked for
/// is said by the client's method.
#[must_use = "a request does nothing until it is awaited"]
pub struct Request<T> {
    call: Call,
    answer: PhantomData<fn() -> T>,
}

impl<T> Request<T> {
    pub(crate) fn new(call: Call) -> Self {
        Self { call, answer: PhantomData }
    }

    pub(crate) fn call(&self) -> &Call {
        &self.call
    }

    pub(crate) fn call_mut(&mut self) -> &mut Call {
        &mut self.call
    }

    call_settings!();
}

impl<T: DeserializeOwned + 'static> IntoFuture for Request<T> {
    type Output = Result<T, Error>;
    type IntoFuture = ResponseFuture<T>;

    fn into_future(self) -> Self::IntoFuture {
        self.call.send_and(|response| response.json())
    }
}

impl<T> From<Call> for Request<T> {
    fn from(call: Call) -> Self {
        Self::new(call)
    }
}

impl<T> Clone for Request<T> {
    fn clone(&self) -> Self {
        Self::new(self.call.clone())
    }
}

impl<T> fmt::Debug for Request<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Request").field(&self.call).finish()
    }
}
