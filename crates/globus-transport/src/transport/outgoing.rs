//! The request that is sent at one hop, and what must not be sent.

use globus_authorizers::AuthorizationHeader;
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use url::Url;

use super::attempt::host;
use super::redirect::Route;
use super::{Inner, headers};
use crate::base_url::{has_user_info, is_loopback};
use crate::{Body, Error, ErrorKind, HttpRequest};

/// Where `request` goes first.
pub(super) fn address(request: &HttpRequest) -> Result<Url, Error> {
    let url = Url::parse(request.url())
        .map_err(|err| Error::with_source(ErrorKind::Usage, "the address of the request is not one", err))?;
    if has_user_info(&url) {
        let why = "the address of the request must not hold a user name or password; give it an authorizer";
        return Err(Error::new(ErrorKind::Usage, why));
    }
    match url.scheme() {
        "http" => Ok(url),
        "https" => match crate::tls::require() {
            Some(unavailable) => Err(unavailable()),
            None => Ok(url),
        },
        _ => Err(Error::new(
            ErrorKind::Usage,
            "the address of the request must start with https:// or http://",
        )),
    }
}

/// What is sent where `route` has come to.
pub(super) fn request(
    inner: &Inner,
    request: &HttpRequest,
    authorization: Option<&AuthorizationHeader>,
    route: &Route<'_>,
) -> Result<reqwest::Request, Error> {
    let mut outgoing = reqwest::Request::new(route.method.clone(), route.url.clone());
    let headers = outgoing.headers_mut();
    inner.headers.write(request, headers)?;
    if matches!(route.body, Body::None) {
        headers.remove(CONTENT_TYPE);
        // Servers may ask for a length where a body is usual (RFC 9110, section 8.6).
        if matches!(route.method.as_str(), "POST" | "PUT" | "PATCH") {
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
    }
    if route.home {
        if let Some(header) = authorization {
            headers::authorize(headers, header)?;
        }
        protect(&route.url, headers, route.body)?;
    } else {
        headers::for_another_origin(headers);
    }
    *outgoing.body_mut() = route.body.to_reqwest();
    Ok(outgoing)
}

/// Refuses to send what must stay secret where everybody on the way can read it.
fn protect(url: &Url, headers: &HeaderMap, body: &Body) -> Result<(), Error> {
    let secret = matches!(body, Body::Form(_)) || headers::has_credentials(headers);
    if secret && url.scheme() == "http" && !is_loopback(url) {
        let host = host(url);
        return Err(Error::new(
            ErrorKind::Configuration,
            format!(
                "credentials are not sent to {host} over plain http; use an address that starts with https://"
            ),
        ));
    }
    Ok(())
}
