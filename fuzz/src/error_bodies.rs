//! Refusals of a service. The first line is `service status content-type`, the rest is the body.

use std::error::Error as _;
use std::sync::Arc;

use globus_auth_core::Printable;
use globus_authorizers::AccessTokenAuthorizer;
use globus_transport::{ApiError, AuthRequirement, Error, ErrorKind, HttpRequest, Method, Service};

use crate::loopback;

/// What the request carries. An answer that quotes it must not lead to its being shown.
pub const TOKEN: &str = "AgFuzzedSecretToken0123456789";

/// Every answer of 400 and more becomes an error whose parts fit together, that prints one line fit for a terminal, and that
/// nowhere shows the token of the request.
pub fn check(input: &[u8]) {
    let (head, body) = split(input);
    let head = String::from_utf8_lossy(head);
    let mut words = head.splitn(3, ' ');
    let service = service(words.next().unwrap_or_default());
    let status = words.next().and_then(|word| word.parse().ok()).filter(|status| (400..600).contains(status));
    let status = status.unwrap_or(400);
    let content_type =
        words.next().filter(|text| !text.is_empty() && loopback::is_header_value(text.as_bytes()));

    let alone = ApiError::from_response(service, status, content_type, body.to_vec());
    assert_eq!(&**alone.raw_body(), body);
    is_consistent(&alone, service, status);

    let error = received(service, status, content_type, body);
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(status)));
    assert!(error.source().is_none());
    let shown = error.to_string();
    assert_eq!(Printable::new(&shown).at_most(usize::MAX).to_string(), shown);
    assert!(shown.chars().count() < 8000, "{} characters", shown.chars().count());
    if let Some(api) = error.api() {
        is_consistent(api, service, status);
        let everything =
            format!("{shown} {error:?} {api:?} {:?} {:?}", api.raw_json(), api.auth_requirements());
        assert!(!everything.contains(TOKEN), "{everything}");
        assert!(!String::from_utf8_lossy(api.raw_body()).contains(TOKEN), "{:?}", api.raw_body());
    }
}

/// The error of a call over the loopback device.
fn received(service: Service, status: u16, content_type: Option<&str>, body: &[u8]) -> Error {
    let headers: Vec<(&str, &[u8])> =
        content_type.map(|value| ("content-type", value.as_bytes())).into_iter().collect();
    let answer = loopback::answer(status, &headers, body);
    let script = move |_: &str| answer.clone();
    let result = loopback::run(script, async |url, transport| {
        let request = HttpRequest::new(service, "fuzz", Method::Get, url)
            .with_authorizer(Arc::new(AccessTokenAuthorizer::new(TOKEN)))
            .with_max_retries(0);
        transport.send(request).await
    });
    match result {
        Err(error) => error,
        Ok(response) => unreachable!("{status} is taken for a success: {response:?}"),
    }
}

fn is_consistent(error: &ApiError, service: Service, status: u16) {
    assert_eq!((error.service(), error.http_status()), (service, status));
    assert_eq!(error.message().is_some(), !error.messages().is_empty());
    assert!(error.consent_required().is_none_or(|scopes| !scopes.is_empty()));
    assert!(error.detail_data_type().is_none() || error.detail().is_some());
    let _ = (error.error_data(), error.authorization_parameters(), error.request_id(), error.code());
    let requirements = error.auth_requirements();
    assert!(requirements.len() <= 100);
    assert_eq!(error.auth_requirement().is_some(), !requirements.is_empty());
    for requirement in requirements.iter().chain(&error.auth_requirement()) {
        let again = AuthRequirement::from_json(&requirement.to_json());
        assert_eq!(again.as_ref(), Some(requirement), "written and read, it is another");
    }
}

fn split(input: &[u8]) -> (&[u8], &[u8]) {
    match input.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&input[..end], &input[end + 1..]),
        None => (b"", input),
    }
}

fn service(name: &str) -> Service {
    use Service::{Auth, Compute, Flows, Gcs, Groups, Other, Search, Timers, Transfer};
    let services = [Auth, Transfer, Groups, Search, Flows, Timers, Compute, Gcs];
    services.into_iter().find(|service| service.name() == name).unwrap_or(Other)
}
