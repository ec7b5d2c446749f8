//! How Groups says no.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

#[derive(Debug)]
pub(crate) struct GroupsError {
    status: StatusCode,
    code: Cow<'static, str>,
    message: String,
}

impl GroupsError {
    pub(crate) fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self { status, code: code.into(), message: message.into() }
    }

    pub(crate) fn document(&self) -> Value {
        json!({
            "code": self.code,
            "message": self.message,
            "errors": [{ "code": self.code, "detail": self.message, "status": self.status.as_u16() }],
        })
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "Call must be authenticated")
    }

    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "FORBIDDEN", message)
    }

    pub(crate) fn not_found(group: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "GROUP_NOT_FOUND", format!("Group {group} not found"))
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
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
