//! [`Call`]: one call to a service, before it is sent.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use globus_auth_core::{FormFields, Secret};
use globus_transport::{Body, Error, ErrorKind, HttpRequest, HttpResponse, Idempotency, Method};
use serde::Serialize;
use serde_json::{Map, Value};

use super::encode::QueryValue;
use super::{ResponseFuture, wire};
use crate::ClientCore;

/// Everything that makes up one call: what goes to the service, and how the call is made.
#[derive(Clone)]
pub(crate) struct Call {
    core: ClientCore,
    operation: &'static str,
    method: Method,
    path: String,
    query: Vec<(Cow<'static, str>, String)>,
    overrides: Vec<(Cow<'static, str>, String)>,
    headers: Vec<(String, String)>,
    content: Content,
    idempotency: Option<Idempotency>,
    timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    max_retries: Option<u32>,
    stays_put: bool,
    /// In bytes.
    longest_answer: Option<u64>,
    /// The name under which the JSON object is sent, where it is wrapped in another.
    wrapper: Option<&'static str>,
    /// A query parameter that means nothing without another, and that other.
    needs: Option<(&'static str, &'static str)>,
    /// A mistake in an argument, told when the call is sent, so that setters need not return a `Result`.
    usage_error: Option<String>,
}

#[derive(Clone)]
enum Content {
    Nothing,
    /// A JSON object that setters fill field by field.
    Fields(Map<String, Value>),
    Written(Body),
    Form(FormFields),
}

impl Call {
    pub(crate) fn to_path(core: ClientCore, operation: &'static str, method: Method, path: String) -> Self {
        Self {
            core,
            operation,
            method,
            path,
            query: Vec::new(),
            overrides: Vec::new(),
            headers: Vec::new(),
            content: Content::Nothing,
            idempotency: None,
            timeout: None,
            attempt_timeout: None,
            max_retries: None,
            stays_put: false,
            longest_answer: None,
            wrapper: None,
            needs: None,
            usage_error: None,
        }
    }

    pub(crate) fn to_template(
        core: ClientCore,
        operation: &'static str,
        method: Method,
        template: &str,
        ids: &[&str],
    ) -> Self {
        let (path, usage_error) = match wire::fill(template, ids) {
            Ok(path) => (path, None),
            Err(usage_error) => (String::new(), Some(usage_error)),
        };
        Self { usage_error, ..Self::to_path(core, operation, method, path) }
    }

    pub(crate) fn operation(&self) -> &'static str {
        self.operation
    }

    /// Sets a query parameter, in place of what it was.
    pub(crate) fn set_query(&mut self, name: &'static str, value: QueryValue) {
        self.query.retain(|(known, _)| known != name);
        self.query.extend(value.into_values().map(|value| (Cow::Borrowed(name), value)));
    }

    pub(crate) fn has_query(&self, name: &str) -> bool {
        self.query.iter().chain(&self.overrides).any(|(known, _)| known == name)
    }

    /// The value of a query parameter that was set as a number.
    pub(crate) fn query_number(&self, name: &str) -> Option<u64> {
        self.query.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.parse().ok())
    }

    /// Makes it go to `link`, an address of a page that this service gave. `false` when it is not the service's own: a
    /// token is sent nowhere else.
    pub(crate) fn follow(&mut self, link: &str) -> bool {
        let base = self.core.base_url();
        let absolute =
            if link.starts_with('/') { format!("{}{link}", base.origin()) } else { link.to_owned() };
        let Some(path) = absolute.strip_prefix(base.as_str()) else { return false };
        path.trim_start_matches('/').clone_into(&mut self.path);
        self.query.clear();
        self.overrides.clear();
        true
    }

    /// Adds a query parameter that wins over the operation's own of that name.
    pub(crate) fn override_query(&mut self, name: String, value: String) {
        self.overrides.push((name.into(), value));
    }

    /// Adds a field to the JSON object that is sent.
    pub(crate) fn set_field(&mut self, name: impl Into<String>, value: Value) {
        if !matches!(self.content, Content::Fields(_)) {
            self.content = Content::Fields(Map::new());
        }
        if let Content::Fields(fields) = &mut self.content {
            fields.insert(name.into(), value);
        }
    }

    /// The same with a field, as a chain.
    pub(crate) fn field(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.set_field(name, value.into());
        self
    }

    /// The same with a JSON object as the body, also where no field is set.
    pub(crate) fn fields(mut self) -> Self {
        self.content = Content::Fields(Map::new());
        self
    }

    /// The same with a JSON object as the body, also where no field is set, inside another object under this name.
    pub(crate) fn wrapped(mut self, name: &'static str) -> Self {
        self.wrapper = Some(name);
        self.content = Content::Fields(Map::new());
        self
    }

    /// The same, refused when the query parameter `name` is given without `other`.
    pub(crate) fn needing(mut self, name: &'static str, other: &'static str) -> Self {
        self.needs = Some((name, other));
        self
    }

    /// The same with a JSON document as the body.
    pub(crate) fn json(self, document: &impl Serialize) -> Self {
        self.body(serde_json::to_vec(document).map(|body| Body::Json(body.into())))
    }

    /// The same with a body that is written already, if it could be.
    pub(crate) fn body(mut self, body: Result<Body, serde_json::Error>) -> Self {
        match body {
            Ok(body) => self.content = Content::Written(body),
            Err(err) => {
                self.usage_error = Some(format!("the document to send cannot be written as JSON: {err}"));
            }
        }
        self
    }

    /// The same with a form as the body.
    pub(crate) fn form(mut self, form: FormFields) -> Self {
        self.content = Content::Form(form);
        self
    }

    /// Sets a field of the form that is sent, in place of what it was; `None` takes it out.
    pub(crate) fn set_form_field(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<Option<Secret>>,
    ) {
        if !matches!(self.content, Content::Form(_)) {
            self.content = Content::Form(FormFields::default());
        }
        if let Content::Form(form) = &mut self.content {
            match value.into() {
                Some(value) => form.set(name, value),
                None => form.remove(&name.into()),
            };
        }
    }

    /// The same with a limit on the answer, in bytes, for documents that are never long.
    pub(crate) fn longest_answer(mut self, bytes: u64) -> Self {
        self.longest_answer = Some(bytes);
        self
    }

    /// The same, answered by the service itself or not at all: a redirect is not followed.
    pub(crate) fn staying_put(mut self) -> Self {
        self.stays_put = true;
        self
    }

    /// The same with another answer to whether it may be sent twice than its verb gives.
    pub(crate) fn idempotency(mut self, idempotency: Idempotency) -> Self {
        self.idempotency = Some(idempotency);
        self
    }

    /// Makes the call fail before it is sent, for an argument that cannot be used.
    pub(crate) fn set_usage_error(&mut self, usage_error: String) {
        self.usage_error = Some(usage_error);
    }

    /// Makes it like `other` in how it is made, not in what is sent.
    pub(crate) fn made_like(mut self, other: &Self) -> Self {
        self.headers.clone_from(&other.headers);
        self.timeout = other.timeout;
        self.attempt_timeout = other.attempt_timeout;
        self.max_retries = other.max_retries;
        self
    }

    pub(crate) fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = Some(timeout);
    }

    /// Takes what has passed off the time that the whole call may take.
    pub(crate) fn take_off(&mut self, elapsed: Duration) {
        self.timeout =
            self.timeout.map(|timeout| timeout.saturating_sub(elapsed).max(Duration::from_millis(1)));
    }

    pub(crate) fn set_attempt_timeout(&mut self, timeout: Duration) {
        self.attempt_timeout = Some(timeout);
    }

    pub(crate) fn set_max_retries(&mut self, retries: u32) {
        self.max_retries = Some(retries);
    }

    pub(crate) fn add_header(&mut self, name: String, value: String) {
        self.headers.push((name, value));
    }

    /// What goes over the wire.
    pub(crate) fn into_http(self) -> Result<HttpRequest, Error> {
        self.into_parts().map(|(_, request)| request)
    }

    /// What it is sent by, and what goes over the wire.
    fn into_parts(self) -> Result<(ClientCore, HttpRequest), Error> {
        if let Some(usage_error) = self.usage_error {
            return Err(Error::new(ErrorKind::Usage, format!("{}: {usage_error}", self.operation)));
        }
        if let Some((name, other)) = self.needs
            && self.has_query(name)
            && !self.has_query(other)
        {
            return Err(Error::new(
                ErrorKind::Usage,
                format!("{}: `{name}` needs `{other}`", self.operation),
            ));
        }
        let url = self.core.base_url().join(&self.path);
        let url = wire::with_query(url, &self.query, &self.overrides);
        let mut request = HttpRequest::new(self.core.service(), self.operation, self.method, url)
            .with_authorizer(self.core.authorizer().clone())
            .with_redirects(!self.stays_put)
            .with_body(match self.content {
                Content::Nothing => Body::None,
                Content::Fields(fields) => {
                    let fields = Value::Object(fields);
                    let document = match self.wrapper {
                        Some(name) => Value::Object([(name.to_owned(), fields)].into_iter().collect()),
                        None => fields,
                    };
                    Body::Json(document.to_string().into())
                }
                Content::Written(body) => body,
                Content::Form(form) => Body::Form(form),
            });
        for (name, value) in self.headers {
            request = request.with_header(name, value);
        }
        if let Some(idempotency) = self.idempotency {
            request = request.with_idempotency(idempotency);
        }
        if let Some(bytes) = self.longest_answer {
            request = request.with_max_body(bytes);
        }
        if let Some(timeout) = self.timeout {
            request = request.with_timeout(timeout);
        }
        if let Some(timeout) = self.attempt_timeout {
            request = request.with_attempt_timeout(timeout);
        }
        if let Some(retries) = self.max_retries {
            request = request.with_max_retries(retries);
        }
        Ok((self.core, request))
    }

    /// Sends it, and gives the answer to `read`.
    ///
    /// It becomes a request before anything waits, and the future is made where it stays: each copy of it would be carried
    /// along by every call under way.
    pub(crate) fn send_and<T, R>(self, read: R) -> ResponseFuture<T>
    where
        R: FnOnce(HttpResponse) -> Result<T, Error> + Send + 'static,
    {
        let parts = self.into_parts();
        Box::pin(async move {
            let (core, request) = parts?;
            read(core.transport().send(request).await?)
        })
    }

    /// Sends it.
    pub(crate) fn send(self) -> ResponseFuture<HttpResponse> {
        self.send_and(Ok)
    }
}

/// Names only: the values of headers, parameters and bodies may be secrets.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |pairs: &[(Cow<'static, str>, String)]| -> Vec<String> {
            pairs.iter().map(|(name, _)| name.clone().into_owned()).collect()
        };
        f.debug_struct("Call")
            .field("service", &self.core.service())
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &[names(&self.query), names(&self.overrides)].concat())
            .field("headers", &self.headers.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
