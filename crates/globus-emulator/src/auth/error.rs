//! How Auth says no.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use crate::http::json as reply;

/// A refusal, in the shape of the OAuth endpoints or of the API.
#[derive(Debug)]
pub(crate) struct AuthError {
    status: StatusCode,
    pub(crate) body: Value,
    challenge: Option<&'static str>,
}

impl AuthError {
    /// RFC 6749: `error` and a description.
    pub(crate) fn oauth(error: &str, description: &str) -> Self {
        let body = json!({ "error": error, "error_description": description });
        Self { status: StatusCode::BAD_REQUEST, body, challenge: None }
    }

    pub(crate) fn invalid_client() -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            challenge: Some("Basic realm=\"globus\""),
            ..Self::oauth("invalid_client", "The client is unknown, or did not authenticate as it must")
        }
    }

    pub(crate) fn invalid_grant(description: &str) -> Self {
        Self::oauth("invalid_grant", description)
    }

    pub(crate) fn unknown_scope(scope: &str) -> Self {
        let mut error = Self::api(
            StatusCode::BAD_REQUEST,
            "UNKNOWN_SCOPE_ERROR",
            "Unknown Scope",
            &format!("Unknown scope: {scope}"),
        );
        error.body["error"] = "invalid_scope".into();
        error
    }

    /// The user has not allowed what a resource server wants to do for them.
    pub(crate) fn dependent_consent_required(scopes: &[&str]) -> Self {
        let mut error = Self::api(
            StatusCode::FORBIDDEN,
            "DEPENDENT_CONSENT_REQUIRED",
            "Dependent Consent Required",
            "The user has not consented to the scopes that the resource server asks for",
        );
        error.body["errors"][0]["unapproved_scopes"] = json!(scopes);
        error.body["error"] = "dependent_consent_required".into();
        error
    }

    /// The shape of everything under `/v2/api`.
    pub(crate) fn api(status: StatusCode, code: &str, title: &str, detail: &str) -> Self {
        let body = json!({
            "errors": [{
                "id": crate::ids::named_uuid(&format!("error:{code}:{detail}")),
                "status": status.as_u16().to_string(),
                "code": code,
                "title": title,
                "detail": detail,
            }],
            "error": title.to_ascii_lowercase().replace(' ', "_"),
            "error_description": title,
        });
        Self { status, body, challenge: None }
    }

    pub(crate) fn unauthorized() -> Self {
        let error =
            Self::api(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "Unauthorized", "Call must be authenticated");
        Self { challenge: Some("Bearer realm=\"globus\""), ..error }
    }

    pub(crate) fn forbidden(detail: &str) -> Self {
        Self::api(StatusCode::FORBIDDEN, "FORBIDDEN", "Forbidden", detail)
    }

    /// The token does not reach as far as this call.
    pub(crate) fn missing_scope(scopes: &[&str]) -> Self {
        Self::forbidden(&format!("The token lacks the scope {}", scopes.join(" or ")))
    }

    pub(crate) fn conflict(detail: &str) -> Self {
        Self::api(StatusCode::CONFLICT, "RESOURCE_CONFLICT", "Resource Conflict", detail)
    }

    pub(crate) fn not_found(detail: &str) -> Self {
        Self::api(StatusCode::NOT_FOUND, "NOT_FOUND", "Not Found", detail)
    }

    pub(crate) fn invalid(detail: &str) -> Self {
        Self::api(StatusCode::BAD_REQUEST, "INVALID_REQUEST", "Invalid Request", detail)
    }
}

impl IntoResponse for AuthError {
    fn into_response(self) -> Response {
        let mut response = reply(self.status, &self.body);
        if let Some(challenge) = self.challenge {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}
