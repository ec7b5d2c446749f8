//! [`RawRequest`]: the way to routes that have no method of their own.

use std::future::IntoFuture;

use globus_transport::{Error, HttpResponse};
use serde::Serialize;

use super::{Call, ResponseFuture, call_settings};

/// A request to any route of a service; made by [`ServiceClient::request`](crate::ServiceClient::request).
///
/// A `POST` or `PATCH` is not sent twice unless the first provably never arrived.
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct RawRequest {
    call: Call,
}

impl RawRequest {
    pub(crate) fn new(call: Call) -> Self {
        Self { call }
    }

    /// Adds a query parameter.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.call.override_query(name.into(), value.into());
        self
    }

    /// Sends `document` as JSON.
    pub fn json(mut self, document: &impl Serialize) -> Self {
        self.call = self.call.json(document);
        self
    }

    fn call(&self) -> &Call {
        &self.call
    }

    fn call_mut(&mut self) -> &mut Call {
        &mut self.call
    }

    call_settings!();
}

impl IntoFuture for RawRequest {
    type Output = Result<HttpResponse, Error>;
    type IntoFuture = ResponseFuture<HttpResponse>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.call.send())
    }
}
