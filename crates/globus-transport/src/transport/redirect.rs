//! Following redirects: what is sent again, where to, and what stays behind.

use http::{Method, StatusCode};
use url::Url;

use crate::base_url::same_origin;
use crate::error::PlainUrl;
use crate::{Body, Error, ErrorKind};

/// A chain longer than this is a circle.
pub(super) const MOST: u32 = 10;

/// The next hop.
pub(super) struct Hop {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) with_body: bool,
    /// Whether the hop leaves the origin, so that credentials stay behind.
    pub(super) leaves_origin: bool,
}

/// Where an answer with `status` and `location` leads; nothing when it is no redirect.
pub(super) fn follow(
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
    let becomes_get = match status.as_u16() {
        301 => *method == Method::POST,
        302 | 303 => true,
        _ => false,
    };
    let leaves_origin = !same_origin(from, &url);
    // A form holds tokens and codes.
    if leaves_origin && !becomes_get && matches!(body, Body::Form(_)) {
        let target = PlainUrl::new(url.as_str());
        return Err(wrong(format!("a form with credentials to {}, where it must not go", target.as_str())));
    }
    let method = if becomes_get { Method::GET } else { method.clone() };
    Ok(Some(Hop { method, url, with_body: !becomes_get, leaves_origin }))
}
