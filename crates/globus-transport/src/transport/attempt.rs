//! One attempt: a request, the redirects it leads to, and the body of the last answer.

use bytes::Bytes;
use globus_authorizers::AuthorizationHeader;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

use super::body::{self, BodyFailure};
use super::patience::Patience;
use super::{Inner, headers, redirect};
use crate::base_url::is_loopback;
use crate::error::network::{Sent, classify};
use crate::retry::retry_after;
use crate::{ApiError, Body, Error, ErrorKind, HttpRequest};

/// An answer below 400, whole.
pub(super) struct Success {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Why an attempt failed.
pub(super) enum Failure {
    /// The service answered with an error.
    Answer {
        error: Box<ApiError>,
        retry_after: Option<Duration>,
        /// Whether the answer is to the authorizer's header: a redirect may have left it behind.
        authorized: bool,
    },
    /// There was no answer, or no whole one.
    Broken(Error, Sent),
}

impl Failure {
    fn hopeless(error: Error) -> Self {
        Self::Broken(error, Sent::Hopeless)
    }
}

/// Bodies of errors are cut here.
const MOST_OF_AN_ERROR: u64 = 1 << 20;

/// Header names under which a request id comes when the body has none.
const REQUEST_ID: &str = "x-request-id";

pub(super) async fn run(
    inner: &Inner,
    request: &HttpRequest,
    authorization: Option<&AuthorizationHeader>,
    deadline: Option<Instant>,
) -> Result<Success, Failure> {
    let client = inner.clients.current().map_err(Failure::hopeless)?;
    let mut patience = Patience::new(inner.config.attempt_timeout(request), deadline);
    let mut url = address(request).map_err(Failure::hopeless)?;
    let mut method = request.method().to_http();
    let mut sent_body = request.body();
    let mut home = true;
    for _ in 0..=redirect::MOST {
        let mut outgoing = reqwest::Request::new(method.clone(), url.clone());
        inner.headers.write(request, outgoing.headers_mut()).map_err(Failure::hopeless)?;
        if matches!(sent_body, Body::None) {
            outgoing.headers_mut().remove(CONTENT_TYPE);
            // Servers may ask for a length where a body is usual (RFC 9110, section 8.6).
            if matches!(method.as_str(), "POST" | "PUT" | "PATCH") {
                outgoing.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
            }
        }
        if home {
            if let Some(header) = authorization {
                headers::authorize(outgoing.headers_mut(), header).map_err(Failure::hopeless)?;
            }
            protect(&url, outgoing.headers(), sent_body).map_err(Failure::hopeless)?;
        } else {
            headers::for_another_origin(outgoing.headers_mut());
        }
        *outgoing.body_mut() = sent_body.to_reqwest();
        let answer = patience.wait(client.execute(outgoing)).await;
        let answer = answer.map_err(|_| Failure::Broken(stalled(&url, &patience), Sent::Perhaps))?;
        let mut response = answer.map_err(|err| {
            let (error, sent) = classify(err, host(&url));
            Failure::Broken(error, sent)
        })?;
        if request.follows_redirects() && response.status().is_redirection() {
            let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
            let hop = redirect::follow(response.status(), location, &method, &url, sent_body);
            if let Some(hop) = hop.map_err(Failure::hopeless)? {
                (method, url) = (hop.method, hop.url);
                home &= !hop.leaves_origin;
                if !hop.with_body {
                    sent_body = &Body::None;
                }
                continue;
            }
        }
        patience.set_idle(inner.config.idle_timeout(request));
        if response.status().as_u16() >= 400 {
            let error = refusal(request, &mut response, &mut patience).await;
            let authorized = home && authorization.is_some();
            let error = error.sent_with(authorization.filter(|_| authorized).and_then(scheme));
            let wait =
                response.headers().get(RETRY_AFTER).and_then(|value| retry_after(value.to_str().ok()?));
            let retry_after = wait.filter(|_| matches!(error.http_status(), 429 | 503));
            return Err(Failure::Answer { error: Box::new(error), retry_after, authorized });
        }
        return whole(inner, &url, response, &mut patience).await;
    }
    let why = format!("the service redirected more than {} times, probably in a circle", redirect::MOST);
    Err(Failure::hopeless(Error::new(ErrorKind::Redirect, why)))
}

async fn whole(
    inner: &Inner,
    url: &Url,
    mut response: reqwest::Response,
    patience: &mut Patience,
) -> Result<Success, Failure> {
    let limit = inner.config.max_body_bytes;
    match body::read(&mut response, limit, patience).await {
        (body, None) => {
            let status = response.status();
            Ok(Success { status, headers: std::mem::take(response.headers_mut()), body })
        }
        (_, Some(BodyFailure::Broken(err))) => {
            let (error, sent) = classify(err, host(url));
            Err(Failure::Broken(error, sent))
        }
        (_, Some(BodyFailure::TimedOut)) => Err(Failure::Broken(stalled(url, patience), Sent::Perhaps)),
        (_, Some(BodyFailure::TooLarge)) => Err(Failure::hopeless(Error::new(
            ErrorKind::TooLarge,
            format!("the answer is larger than {limit} bytes; ask for less at once, or raise the limit"),
        ))),
    }
}

/// Reads an error; when its body breaks off, what came has to do: the status is known.
async fn refusal(
    request: &HttpRequest,
    response: &mut reqwest::Response,
    patience: &mut Patience,
) -> ApiError {
    let (body, _) = body::read(response, MOST_OF_AN_ERROR, patience).await;
    let header = |name: &str| response.headers().get(name)?.to_str().ok();
    let content_type = header(CONTENT_TYPE.as_str());
    ApiError::from_response(request.service(), response.status().as_u16(), content_type, body)
        .or_request_id(header(REQUEST_ID))
}

fn address(request: &HttpRequest) -> Result<Url, Error> {
    let url = Url::parse(request.url())
        .map_err(|err| Error::with_source(ErrorKind::Usage, "the address of the request is not one", err))?;
    match url.scheme() {
        "http" => Ok(url),
        "https" => match crate::tls::require() {
            Some(unavailable) => Err(unavailable()),
            None => Ok(url),
        },
        scheme => {
            Err(Error::new(ErrorKind::Usage, format!("requests go to http and https, not to {scheme}")))
        }
    }
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

fn stalled(url: &Url, patience: &Patience) -> Error {
    let host = host(url);
    if patience.is_over() {
        return Error::new(ErrorKind::Timeout, format!("{host} did not answer within the time of the call"));
    }
    let seconds = patience.idle().unwrap_or_default().as_secs_f64();
    Error::new(
        ErrorKind::Timeout,
        format!("{host} was silent for {seconds} s; try later, or raise GLOBUS_SDK_HTTP_TIMEOUT"),
    )
}

fn host(url: &Url) -> &str {
    url.host_str().unwrap_or("the service")
}

fn scheme(header: &AuthorizationHeader) -> Option<&'static str> {
    let value = header.value().expose();
    ["Bearer", "Basic"].into_iter().find(|scheme| value.starts_with(scheme))
}
