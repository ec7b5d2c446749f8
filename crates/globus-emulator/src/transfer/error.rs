//! How Transfer says no.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Map, Value, json};

/// `{code, message, resource, request_id}` with a status; the last two are filled in on the way out.
#[derive(Debug)]
pub(crate) struct TransferError {
    pub(crate) status: StatusCode,
    pub(crate) code: Cow<'static, str>,
    pub(crate) message: String,
    /// Fields beside these, for programs.
    pub(crate) more: Map<String, Value>,
}

impl TransferError {
    pub(crate) fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self { status, code: code.into(), message: message.into(), more: Map::new() }
    }

    pub(crate) fn document(self) -> Value {
        let mut document = Value::Object(self.more);
        document["code"] = self.code.into();
        document["message"] = self.message.into();
        document
    }

    pub(crate) fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "ClientError.AuthenticationFailed",
            "Token is missing, not valid, expired or revoked",
        )
    }

    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "PermissionDenied", message)
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "ClientError.BadRequest", message)
    }

    pub(crate) fn no_endpoint(id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "EndpointNotFound", format!("No such endpoint '{id}'"))
    }

    pub(crate) fn no_task(id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "TaskNotFound", format!("No such task '{id}'"))
    }

    pub(crate) fn consent_required(scope: String) -> Self {
        let mut error =
            Self::new(StatusCode::FORBIDDEN, "ConsentRequired", "Missing required data_access consent");
        error.more.insert("required_scopes".to_owned(), json!([scope]));
        error
    }

    /// The login is not good enough; the parameters say which one would be.
    pub(crate) fn session_required(parameters: Value) -> Self {
        let mut error = Self::new(
            StatusCode::FORBIDDEN,
            "AuthorizationRequired",
            "The collection needs a session that meets its requirements",
        );
        error.more.insert("authorization_parameters".to_owned(), parameters);
        error
    }
}

impl IntoResponse for TransferError {
    fn into_response(self) -> Response {
        let status = self.status;
        crate::http::json(status, &self.document())
    }
}
