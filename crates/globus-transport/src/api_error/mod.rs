//! [`ApiError`]: what a service says when it refuses.

use std::fmt;

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::Service;
use crate::request::Secrets;

mod parameters;
mod parse;
mod requirement;
mod stored;
mod words;

pub use parameters::AuthorizationParameters;
pub use requirement::AuthRequirement;

/// The error that a service answered with: its status, and whatever could be read from its body. Every body can be read; at
/// worst only the text is there.
///
/// ```
/// use globus_transport::{ApiError, Service};
///
/// let body = r#"{"code": "ClientError.NotFound", "message": "no such path", "request_id": "Q7"}"#;
/// let error = ApiError::from_response(Service::Transfer, 404, Some("application/json"), body);
/// assert_eq!(error.code(), Some("ClientError.NotFound"));
/// assert_eq!(error.request_id(), Some("Q7"));
/// ```
#[derive(Clone)]
pub struct ApiError {
    service: Service,
    http_status: u16,
    code: Option<String>,
    messages: Vec<String>,
    request_id: Option<String>,
    errors: Vec<SubError>,
    json: Option<Value>,
    content_type: Option<String>,
    authorization_scheme: Option<&'static str>,
    raw_body: Bytes,
}

/// One of the errors that an answer lists; the answer itself when it lists none.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct SubError {
    /// Its code.
    pub code: Option<String>,
    /// Its message: `message`, `detail` or `title`.
    pub message: Option<String>,
    /// All its fields.
    pub raw: Map<String, Value>,
}

impl ApiError {
    /// Reads an answer of `service`.
    pub fn from_response(
        service: Service,
        http_status: u16,
        content_type: Option<&str>,
        body: impl Into<Bytes>,
    ) -> Self {
        Self::without(&Secrets::default(), service, http_status, content_type, body.into())
    }

    /// Reads an answer of `service` to a request that held `secrets`: they are hidden wherever the answer quotes them.
    pub(crate) fn without(
        secrets: &Secrets,
        service: Service,
        http_status: u16,
        content_type: Option<&str>,
        body: Bytes,
    ) -> Self {
        let raw_body = secrets.hide_in_body(body);
        let mut json = parse::json(content_type, &raw_body);
        if let Some(json) = &mut json {
            secrets.hide_in_json(json);
        }
        let parse::Parsed { code, messages, request_id, errors } =
            parse::read(service, content_type, json.as_ref());
        let content_type = content_type.map(str::to_owned);
        Self {
            service,
            http_status,
            code,
            messages,
            request_id,
            errors,
            json,
            content_type,
            authorization_scheme: None,
            raw_body,
        }
    }

    /// Notes with which scheme the request was authorized.
    pub(crate) fn sent_with(mut self, scheme: Option<&'static str>) -> Self {
        self.authorization_scheme = scheme;
        self
    }

    /// Uses `id` as the request id when the body has none.
    pub(crate) fn or_request_id(mut self, id: Option<&str>) -> Self {
        self.request_id = self.request_id.or_else(|| id.map(str::to_owned));
        self
    }

    /// The service that answered.
    pub fn service(&self) -> Service {
        self.service
    }

    /// The status: 400 or more.
    pub fn http_status(&self) -> u16 {
        self.http_status
    }

    /// The code, such as `ClientError.NotFound`; the common one when the answer lists several errors. For OAuth2 errors it is
    /// `error` (RFC 6749, section 5.2), such as `invalid_grant`.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// All messages, joined with `; `.
    pub fn message(&self) -> Option<String> {
        if self.messages.is_empty() { None } else { Some(self.messages.join("; ")) }
    }

    /// The messages one by one.
    pub fn messages(&self) -> &[String] {
        &self.messages
    }

    /// What Globus support asks for.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The errors that the answer lists, or the answer itself when it lists none.
    pub fn errors(&self) -> &[SubError] {
        &self.errors
    }

    /// The body as it came, but for what the request held in secret: where the answer quotes that, it says `***`.
    pub fn raw_body(&self) -> &Bytes {
        &self.raw_body
    }

    /// The body as JSON, when it is.
    pub fn raw_json(&self) -> Option<&Value> {
        self.json.as_ref()
    }

    /// `Bearer` or `Basic`, as the refused request was authorized; none when it was not.
    pub fn authorization_scheme(&self) -> Option<&'static str> {
        self.authorization_scheme
    }

    /// Whether it was not a token that was refused but the client: its id and secret (HTTP Basic), or its id in a form
    /// (RFC 6749, section 5.2).
    pub(crate) fn refuses_client(&self) -> bool {
        self.http_status == 401
            && (self.authorization_scheme == Some("Basic") || self.code() == Some("invalid_client"))
    }

    /// What Search adds about the trouble (`error_data`).
    pub fn error_data(&self) -> Option<&Value> {
        self.field("error_data")
    }

    /// What Globus Connect Server adds about the trouble (`detail`).
    pub fn detail(&self) -> Option<&Value> {
        self.field("detail")
    }

    /// The document type of [`ApiError::detail`], when it is a document.
    pub fn detail_data_type(&self) -> Option<&str> {
        self.detail()?.get("DATA_TYPE")?.as_str()
    }

    /// The scopes that must be consented to: set when the code is `ConsentRequired` and scopes are named.
    pub fn consent_required(&self) -> Option<Vec<String>> {
        if self.code() != Some("ConsentRequired") {
            return None;
        }
        parameters::strings(self.field("required_scopes"))
            .or_else(|| Some(vec![self.field("required_scope")?.as_str()?.to_owned()]))
            .filter(|scopes| !scopes.is_empty())
    }

    /// What a new login must satisfy, when the answer says so in `authorization_parameters`. A field of the wrong type is left
    /// out.
    pub fn authorization_parameters(&self) -> Option<AuthorizationParameters> {
        Some(AuthorizationParameters::lenient(self.field("authorization_parameters")?.as_object()?))
    }

    /// Every requirement for a new login in the answer, in all the forms that the services use, each once; no more than a
    /// hundred.
    pub fn auth_requirements(&self) -> Vec<AuthRequirement> {
        requirement::all(self.json.as_ref(), &self.errors)
    }

    /// All of [`ApiError::auth_requirements`] as one, so that a single login satisfies them.
    pub fn auth_requirement(&self) -> Option<AuthRequirement> {
        requirement::merged(self.auth_requirements())
    }

    fn field(&self, name: &str) -> Option<&Value> {
        self.json.as_ref()?.get(name).filter(|value| !value.is_null())
    }
}

/// The body and the other fields of sub-errors are left out.
impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("service", &self.service)
            .field("http_status", &self.http_status)
            .field("code", &self.code)
            .field("messages", &self.messages)
            .field("request_id", &self.request_id)
            .field("errors", &self.errors)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for SubError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubError")
            .field("code", &self.code)
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
