//! How Groups says no.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Map, Value, json};

#[derive(Debug)]
pub(crate) struct GroupsError {
    status: StatusCode,
    code: Cow<'static, str>,
    message: String,
    /// Fields that only some refusals have.
    more: Map<String, Value>,
}

impl GroupsError {
    pub(crate) fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self { status, code: code.into(), message: message.into(), more: Map::new() }
    }

    fn with(mut self, name: &str, value: Value) -> Self {
        self.more.insert(name.to_owned(), value);
        self
    }

    pub(crate) fn document(&self) -> Value {
        let title = self.status.canonical_reason().unwrap_or("Error");
        let mut error = json!({
            "code": self.code,
            "detail": self.message,
            "title": title,
            "status": self.status.as_u16().to_string(),
        });
        if let Some(parameters) = self.more.get("authorization_parameters") {
            error["authorization_parameters"] = parameters.clone();
        }
        let mut body = json!({
            "code": self.code,
            "message": self.message,
            "detail": self.message,
            "errors": [error],
        });
        if let Value::Object(fields) = &mut body {
            fields.extend(self.more.clone());
        }
        body
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "Call must be authenticated")
    }

    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "FORBIDDEN", message)
    }

    /// The token does not reach as far as this call.
    pub(crate) fn missing_scope(wanted: &[&str], provided: &[String]) -> Self {
        Self::forbidden(format!("The token lacks the scope {}", wanted.join(" or ")))
            .with("provided_scopes", provided.into())
    }

    /// One of the identities must log in anew.
    pub(crate) fn login_required(message: &str, identities: &[&str]) -> Self {
        let parameters = json!({
            "session_message": message,
            "session_required_identities": identities,
            "prompt": "login",
        });
        Self::new(StatusCode::FORBIDDEN, "AuthorizationRequired", message)
            .with("authorization_parameters", parameters)
    }

    pub(crate) fn not_found(group: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "GROUP_NOT_FOUND", format!("Group {group} not found"))
    }

    /// The request as a whole makes no sense.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
    }

    /// Several actions are asked for the same identities.
    pub(crate) fn ambiguous(identities: &[&str]) -> Self {
        Self::bad_request("Each identity may be named once in a request")
            .with("ambiguous_identities", identities.into())
    }

    /// A field of the request is not what it must be.
    pub(crate) fn invalid(field: &str, problem: &str) -> Self {
        let detail = json!([{ "loc": ["body", field], "msg": problem, "type": "value_error" }]);
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "UNPROCESSABLE_ENTITY", format!("{field} {problem}"))
            .with("detail", detail)
    }

    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "CONFLICT", message)
    }
}

impl IntoResponse for GroupsError {
    fn into_response(self) -> Response {
        crate::http::json(self.status, &self.document())
    }
}
