//! Following redirects: what is sent again, where to, and what stays behind.

use http::{Method, StatusCode};
use url::Position::{AfterPort, BeforeHost};
use url::Url;

use crate::base_url::{has_user_info, same_origin};
use crate::{Body, Error, ErrorKind, HttpRequest};

/// A chain longer than this is a circle.
pub(super) const MOST: u32 = 10;

/// How far an attempt has come on its way from redirect to redirect.
pub(super) struct Route<'a> {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) body: &'a Body,
    /// Whether it is still at the origin that credentials are for; one that was left is not trusted again.
    pub(super) home: bool,
    /// Whether a hop turned it into a look elsewhere: then the request itself has had its answer.
    pub(super) answered: bool,
}

impl<'a> Route<'a> {
    pub(super) fn new(request: &'a HttpRequest, url: Url) -> Self {
        let method = request.method().to_http();
        Self { method, url, body: request.body(), home: true, answered: false }
    }

    /// Goes where an answer with `status` and `location` leads; false when it is no redirect.
    pub(super) fn advance(&mut self, status: StatusCode, location: Option<&str>) -> Result<bool, Error> {
        let Some(hop) = follow(status, location, &self.method, &self.url, self.body)? else {
            return Ok(false);
        };
        self.answered |= !hop.with_body;
        self.home &= !hop.leaves_origin;
        (self.method, self.url) = (hop.method, hop.url);
        if !hop.with_body {
            self.body = &Body::None;
        }
        Ok(true)
    }
}

/// The next hop.
struct Hop {
    method: Method,
    url: Url,
    with_body: bool,
    /// Whether the hop leaves the origin, so that credentials stay behind.
    leaves_origin: bool,
}

/// Where an answer with `status` and `location` leads; nothing when it is no redirect.
fn follow(
    status: StatusCode,
    location: Option<&str>,
    method: &Method,
    from: &Url,
    body: &Body,
) -> Result<Option<Hop>, Error> {
    let Some(location) = location.filter(|_| matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)) else {
        return Ok(None);
    };
    let wrong = |why: String| Error::new(ErrorKind::Redirect, format!("the service redirected {why}"));
    let url = from.join(location).map_err(|_| wrong("to something that is no address".to_owned()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong(format!("to an address that starts with {}:", url.scheme())));
    }
    if has_user_info(&url) {
        return Err(wrong("to an address with a user name or password".to_owned()));
    }
    let becomes_get = match status.as_u16() {
        301 => *method == Method::POST,
        302 | 303 => true,
        _ => false,
    };
    let leaves_origin = !same_origin(from, &url);
    // A form holds tokens and codes.
    if leaves_origin && !becomes_get && matches!(body, Body::Form(_)) {
        let target = &url[BeforeHost..AfterPort];
        return Err(wrong(format!("a form with credentials to {target}, where it must not go")));
    }
    let method = if becomes_get { Method::GET } else { method.clone() };
    Ok(Some(Hop { method, url, with_body: !becomes_get, leaves_origin }))
}
