//! Following redirects: what is sent again, where to, and what stays behind.

use http::{HeaderValue, Method, StatusCode};
use url::Position::{AfterPort, BeforeHost};
use url::Url;

use crate::base_url::{has_user_info, same_origin};
use crate::{Body, Error, ErrorKind, HttpRequest};

/// A chain longer than this is a circle.
pub(super) const MOST: u32 = 10;

/// Whether a status sends elsewhere. The others below 400 are answers: 300 offers a choice, 304 answers a condition that the
/// caller set.
pub(super) fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

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

    /// Goes where a redirect with `status` and `location` leads.
    pub(super) fn advance(
        &mut self,
        status: StatusCode,
        location: Option<&HeaderValue>,
    ) -> Result<(), Error> {
        let hop = follow(status, location, &self.method, &self.url, self.body)?;
        self.answered |= !hop.with_body;
        self.home &= !hop.leaves_origin;
        (self.method, self.url) = (hop.method, hop.url);
        if !hop.with_body {
            self.body = &Body::None;
        }
        Ok(())
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

/// Where an answer with `status` and `location` leads. One that leads nowhere is not what was asked for, so it is an error
/// and no answer.
fn follow(
    status: StatusCode,
    location: Option<&HeaderValue>,
    method: &Method,
    from: &Url,
    body: &Body,
) -> Result<Hop, Error> {
    let wrong = |why: String| Error::new(ErrorKind::Redirect, format!("the service redirected {why}"));
    let code = status.as_u16();
    let location = location.ok_or_else(|| wrong(format!("({code}) without an address to go to")))?;
    let url = location.to_str().ok().and_then(|location| from.join(location).ok());
    let url = url.ok_or_else(|| wrong(format!("({code}) to something that is no address")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong(format!("to an address that starts with {}:", url.scheme())));
    }
    if has_user_info(&url) {
        return Err(wrong("to an address with a user name or password".to_owned()));
    }
    let target = &url[BeforeHost..AfterPort];
    if from.scheme() == "https" && url.scheme() == "http" {
        return Err(wrong(format!(
            "from https to plain http at {target}, where everybody on the way can read"
        )));
    }
    let becomes_get = match code {
        301 => *method == Method::POST,
        302 | 303 => true,
        _ => false,
    };
    let leaves_origin = !same_origin(from, &url);
    // A form holds tokens and codes, and who knows what a document holds.
    if leaves_origin && !becomes_get && !matches!(body, Body::None) {
        return Err(wrong(format!("a request with a body to {target}, where the body must not go")));
    }
    let method = if becomes_get { Method::GET } else { method.clone() };
    Ok(Hop { method, url, with_body: !becomes_get, leaves_origin })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_redirected_from_https_to_plain_http() {
        let from = Url::parse("https://a.example.org/x").unwrap();
        for (location, allowed) in [
            ("http://a.example.org/x", false),
            ("http://127.0.0.1:1/", false),
            ("https://b.example.org/", true),
            ("//b.example.org/", true),
            ("y", true),
        ] {
            let header = HeaderValue::from_static(location);
            let hop = follow(StatusCode::FOUND, Some(&header), &Method::GET, &from, &Body::None);
            assert_eq!(hop.is_ok(), allowed, "{location}");
        }
    }
}
