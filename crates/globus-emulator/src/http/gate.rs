//! Who may talk to the server.
//!
//! Any page in a browser can send requests to loopback. Tokens keep it out of the services, but the login page and the
//! controls must not be open to it, and a name that resolves to this machine must not make it the same origin.

use std::net::IpAddr;

use axum::response::Response;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

/// What the server may be called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hosts {
    /// Names of the user's choice, beside those of loopback.
    pub(crate) names: Vec<String>,
    /// Whether any address is fine: a page can get a name of its own to lead here, but not an address.
    pub(crate) addresses: bool,
}

impl Hosts {
    /// Refuses a `Host` that is none of the server's names.
    pub(crate) fn refuse_foreign(&self, headers: &HeaderMap) -> Option<Response> {
        let host = headers.get(header::HOST)?.to_str().unwrap_or_default();
        let name = name(host);
        if self.is_own_name(name) || (self.addresses && is_address(name)) {
            return None;
        }
        Some(super::text(
            StatusCode::MISDIRECTED_REQUEST,
            "This server does not answer to that name: it knows 127.0.0.1, localhost, and names given with --allow-host.",
        ))
    }

    /// Refuses what a page from elsewhere made its browser send.
    pub(crate) fn refuse_foreign_page(&self, headers: &HeaderMap) -> Option<Response> {
        let elsewhere = headers.contains_key(header::ORIGIN) && self.own_origin(headers).is_none();
        (elsewhere || is_from_another_site(headers))
            .then(|| super::text(StatusCode::FORBIDDEN, "Pages from elsewhere may not do this."))
    }

    /// The answer to a browser's question whether a page may send a request.
    pub(crate) fn preflight(&self, method: &Method, headers: &HeaderMap) -> Option<Response> {
        if method != Method::OPTIONS || !headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
            return None;
        }
        let mut response = super::text(StatusCode::NO_CONTENT, "");
        if self.own_origin(headers).is_some() {
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

    /// The origin of the page that sent a request, if it was served under one of the names.
    pub(crate) fn own_origin(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let origin = headers.get(header::ORIGIN)?;
        let (_, host) = origin.to_str().ok()?.split_once("://")?;
        self.is_own_name(name(host)).then(|| origin.clone())
    }

    fn is_own_name(&self, name: &str) -> bool {
        matches!(name, "127.0.0.1" | "localhost" | "[::1]")
            || self.names.iter().any(|own| own.eq_ignore_ascii_case(name))
    }
}

/// Whether a browser says that a page of another site made it send this request. Programs say nothing of the kind.
pub(crate) fn is_from_another_site(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site")
}

/// Lets the page of that origin read the answer, and no other.
pub(crate) fn allow_origin(origin: Option<HeaderValue>, response: &mut Response) {
    if let Some(origin) = origin {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("Origin"));
    }
}

/// A host without its port.
fn name(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

fn is_address(name: &str) -> bool {
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    bare.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lets_in(hosts: &Hosts, host: &str) -> bool {
        let headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_str(host).unwrap())]);
        hosts.refuse_foreign(&headers).is_none()
    }

    #[test]
    fn only_names_of_this_machine_are_let_in() {
        let hosts = Hosts::default();
        for host in ["127.0.0.1:8080", "localhost", "[::1]:80"] {
            assert!(lets_in(&hosts, host), "{host}");
        }
        for host in ["127.0.0.1.example.org:80", "localhost:80.example.org", "10.0.0.7:80", "globus"] {
            assert!(!lets_in(&hosts, host), "{host}");
        }
    }

    #[test]
    fn who_listens_elsewhere_lets_in_addresses_and_the_names_that_were_given() {
        let hosts = Hosts { names: vec!["globus".to_owned()], addresses: true };
        for host in ["localhost:80", "10.0.0.7:80", "[fd00::1]:80", "Globus:8080"] {
            assert!(lets_in(&hosts, host), "{host}");
        }
        assert!(!lets_in(&hosts, "evil.example.org:8080"));
        let origin = |origin| HeaderMap::from_iter([(header::ORIGIN, HeaderValue::from_static(origin))]);
        assert!(hosts.own_origin(&origin("http://globus:3000")).is_some());
        assert!(hosts.own_origin(&origin("http://10.0.0.7")).is_none(), "anybody can have an address");
    }
}
