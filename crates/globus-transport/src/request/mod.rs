//! [`HttpRequest`]: a request that can be looked at before it is sent.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use globus_authorizers::Authorizer;

use crate::Service;
use crate::error::PlainUrl;

mod body;
mod method;
mod secrets;

pub(crate) use body::secret_bytes;
pub use body::{Body, StreamedBody};
pub use method::{Idempotency, Method};
pub(crate) use secrets::Secrets;

/// A request, owned, to be sent by [`Transport::send`](crate::Transport::send) as often as wanted.
///
/// ```
/// use globus_transport::{HttpRequest, Method, Service};
///
/// let url = "https://groups.api.globus.org/v2/groups/my_groups".to_owned();
/// let request = HttpRequest::new(Service::Groups, "get_my_groups", Method::Get, url).with_max_retries(0);
/// assert_eq!(request.method(), Method::Get);
/// assert_eq!(request.url(), "https://groups.api.globus.org/v2/groups/my_groups");
/// ```
#[derive(Clone)]
#[must_use = "a request does nothing until a transport sends it"]
pub struct HttpRequest {
    service: Service,
    operation: &'static str,
    method: Method,
    url: String,
    body: Body,
    headers: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    idempotency: Idempotency,
    authorizer: Option<Arc<dyn Authorizer>>,
    timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    max_retries: Option<u32>,
    max_body: Option<u64>,
    follow_redirects: bool,
    client_info: bool,
}

impl HttpRequest {
    /// A request of `operation` (its name in messages and traces) to `url`, which is absolute and percent-encoded.
    pub fn new(service: Service, operation: &'static str, method: Method, url: impl Into<String>) -> Self {
        Self {
            service,
            operation,
            method,
            url: url.into(),
            body: Body::None,
            headers: Vec::new(),
            idempotency: method.idempotency(),
            authorizer: None,
            timeout: None,
            attempt_timeout: None,
            max_retries: None,
            max_body: None,
            follow_redirects: true,
            client_info: true,
        }
    }

    /// Sets the body, and with it the `Content-Type` unless a header sets another.
    pub fn with_body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    /// Adds a header; it replaces what would be sent by default, except the authorizer's `Authorization`. An invalid name or
    /// value is an error when the request is sent.
    pub fn with_header(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Says whether it may be sent twice; by default what the method implies.
    pub fn with_idempotency(mut self, idempotency: Idempotency) -> Self {
        self.idempotency = idempotency;
        self
    }

    /// Sets who gives the `Authorization` header; none is sent otherwise.
    pub fn with_authorizer(mut self, authorizer: Arc<dyn Authorizer>) -> Self {
        self.authorizer = Some(authorizer);
        self
    }

    /// Sets how long the whole call may take: all attempts, the waiting between them, and a renewal of the token.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets how long one attempt may stand still; see
    /// [`TransportBuilder::attempt_timeout`](crate::TransportBuilder::attempt_timeout).
    pub fn with_attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Sets how often it is sent again at most.
    pub fn with_max_retries(mut self, retries: u32) -> Self {
        self.max_retries = Some(retries);
        self
    }

    /// Sets how large an answer that is no error may be, in bytes; by default as large as
    /// [`TransportBuilder::max_body_bytes`](crate::TransportBuilder::max_body_bytes) says. A larger one fails with
    /// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge) before it fills the memory.
    pub fn with_max_body(mut self, bytes: u64) -> Self {
        self.max_body = Some(bytes);
        self
    }

    /// Says whether redirects are followed (they are by default) or returned as the answer.
    pub fn with_redirects(mut self, follow: bool) -> Self {
        self.follow_redirects = follow;
        self
    }

    /// Says whether `X-Globus-Client-Info` is sent (it is by default): switch it off for hosts that are not Globus' own, such
    /// as a collection's data server.
    pub fn with_client_info(mut self, send: bool) -> Self {
        self.client_info = send;
        self
    }

    /// The service it is for.
    pub fn service(&self) -> Service {
        self.service
    }

    /// The operation's name in messages and traces.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The method.
    pub fn method(&self) -> Method {
        self.method
    }

    /// The address, query included.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn into_url(self) -> String {
        self.url
    }

    /// The body.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The headers that were added, in order.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (&**name, &**value))
    }

    /// Whether it may be sent twice.
    pub fn idempotency(&self) -> Idempotency {
        self.idempotency
    }

    /// Who gives the `Authorization` header.
    pub fn authorizer(&self) -> Option<&Arc<dyn Authorizer>> {
        self.authorizer.as_ref()
    }

    /// How long the whole call may take, when the request says so.
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// How long one attempt may stand still, when the request says so.
    pub fn attempt_timeout(&self) -> Option<Duration> {
        self.attempt_timeout
    }

    /// How often it is sent again at most, when the request says so.
    pub fn max_retries(&self) -> Option<u32> {
        self.max_retries
    }

    /// How large an answer may be, in bytes, when the request says so.
    pub fn max_body(&self) -> Option<u64> {
        self.max_body
    }

    /// Whether redirects are followed.
    pub fn follows_redirects(&self) -> bool {
        self.follow_redirects
    }

    /// Whether `X-Globus-Client-Info` is sent.
    pub fn sends_client_info(&self) -> bool {
        self.client_info
    }
}

/// Header values that say nothing about anybody; the others are left out of `Debug`.
const SHOWN: [&str; 4] = ["accept", "content-type", "if-match", "range"];

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self
            .headers()
            .map(|(name, value)| {
                let shown = SHOWN.iter().any(|known| known.eq_ignore_ascii_case(name));
                (name, if shown { value } else { "…" })
            })
            .collect();
        f.debug_struct("HttpRequest")
            .field("service", &self.service)
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("url", &PlainUrl::new(&self.url).as_str())
            .field("headers", &headers)
            .field("body_bytes", &self.body.length())
            .field("idempotency", &self.idempotency)
            .field("authorized", &self.authorizer.is_some())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
