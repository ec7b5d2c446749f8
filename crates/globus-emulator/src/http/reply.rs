//! Answers in the few forms the services use.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde_json::Value;

pub(crate) fn json(status: StatusCode, body: &Value) -> Response {
    // Not by its `Display`, which writes piece by piece. There is nothing in a document that cannot be written.
    with(status, "application/json", serde_json::to_vec(body).unwrap_or_default())
}

pub(crate) fn text(status: StatusCode, body: &str) -> Response {
    with(status, "text/plain; charset=utf-8", body.to_owned())
}

/// A page that nothing may frame, that runs no script and loads nothing from elsewhere.
pub(crate) fn html(status: StatusCode, body: String) -> Response {
    let mut response = with(status, "text/html; charset=utf-8", body);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
        ),
    );
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

pub(crate) fn redirect(location: &str) -> Response {
    let mut response = with(StatusCode::FOUND, "text/plain; charset=utf-8", String::new());
    if let Ok(value) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn with(status: StatusCode, content_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
