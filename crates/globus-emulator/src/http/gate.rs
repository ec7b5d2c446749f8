//! Who may talk to a server that listens on loopback only.
//!
//! Any page in a browser can send requests to loopback. Tokens keep it out of the services, but the login page must
//! not be readable for it, and a name that resolves to 127.0.0.1 must not make it the same origin.

use axum::response::Response;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

/// Refuses a `Host` that is not this machine's own name for itself.
pub(crate) fn refuse_foreign_host(headers: &HeaderMap) -> Option<Response> {
    let host = headers.get(header::HOST)?.to_str().unwrap_or_default();
    if is_loopback(host) {
        return None;
    }
    Some(super::text(
        StatusCode::MISDIRECTED_REQUEST,
        "This server answers for 127.0.0.1 and localhost only.",
    ))
}

/// Whether a browser says that a page of another site made it send this request. Programs say nothing of the kind.
pub(crate) fn is_from_another_site(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site")
}

/// The answer to a browser's question whether a page may send a request.
pub(crate) fn preflight(method: &Method, headers: &HeaderMap) -> Option<Response> {
    if method != Method::OPTIONS || !headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        return None;
    }
    let mut response = super::text(StatusCode::NO_CONTENT, "");
    if loopback_origin(headers).is_some() {
        let allow = response.headers_mut();
        allow.insert(
            header::ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE"),
        );
        if let Some(asked) = headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
            allow.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
        }
    }
    Some(response)
}

/// Lets pages served from this machine, and no others, read the answer.
pub(crate) fn allow_origin(request: &HeaderMap, response: &mut Response) {
    if let Some(origin) = loopback_origin(request) {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("Origin"));
    }
}

fn loopback_origin(headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    let (_, host) = origin.to_str().ok()?.split_once("://")?;
    is_loopback(host).then(|| origin.clone())
}

fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_names_of_this_machine_are_loopback() {
        assert!(is_loopback("127.0.0.1:8080"));
        assert!(is_loopback("localhost"));
        assert!(is_loopback("[::1]:80"));
        assert!(!is_loopback("127.0.0.1.example.org:80"));
        assert!(!is_loopback("localhost:80.example.org"));
    }
}
