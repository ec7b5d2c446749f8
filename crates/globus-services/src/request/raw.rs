//! [`RawRequest`]: the way to routes that have no method of their own.

use std::borrow::Cow;
use std::future::IntoFuture;

use globus_auth_core::{FormFields, Secret};
use globus_transport::{Error, HttpResponse, Idempotency, Method};
use serde::Serialize;

use super::{Call, ResponseFuture, call_settings};
use crate::ClientCore;

/// A request to any route of a service; made by [`ClientCore::request`](crate::ClientCore::request), and by the method of that name of every client.
///
/// A `POST` or `PATCH` is not sent twice unless the first provably never arrived.
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct RawRequest {
    call: Call,
}

impl RawRequest {
    pub(crate) fn new(core: ClientCore, method: Method, path: String) -> Self {
        let unusable = path.contains(['#', '?']);
        let mut call = Call::to_path(core, "request", method, path);
        if unusable {
            call.set_usage_error("a path takes no `?` or `#`; use `query`".to_owned());
        }
        Self { call }
    }

    /// Adds a query parameter.
    pub fn query(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.with_query_param(name, value)
    }

    /// Sends `document` as JSON.
    pub fn json(mut self, document: &impl Serialize) -> Self {
        self.call = self.call.json(document);
        self
    }

    /// Sends a form.
    pub fn form<N: Into<Cow<'static, str>>, V: Into<Secret>>(
        mut self,
        fields: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let mut form = FormFields::default();
        for (name, value) in fields {
            form.push(name, value);
        }
        self.call = self.call.form(form);
        self
    }

    /// Says whether it may be sent twice; by default its verb decides.
    pub fn with_idempotency(mut self, idempotency: Idempotency) -> Self {
        self.call = self.call.idempotency(idempotency);
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
        self.call.send()
    }
}
