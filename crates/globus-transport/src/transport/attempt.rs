//! One attempt: a request, the redirects it leads to, and the body of the last answer.

use bytes::Bytes;
use globus_authorizers::AuthorizationHeader;
use http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use std::pin::pin;
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

use super::body::{self, BodyFailure};
use super::connecting::with_permit;
use super::patience::Patience;
use super::redirect::{self, Route};
use super::{Inner, outgoing};
use crate::error::network::{Sent, classify};
use crate::request::Secrets;
use crate::retry::retry_after;
use crate::{ApiError, Error, ErrorKind, HttpRequest};

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

    /// What went wrong after the request itself had its answer, and only the look at the result failed.
    fn after_answer(self) -> Self {
        let error = match self {
            Self::Answer { error, .. } => Error::from_api(error),
            Self::Broken(error, _) => error,
        };
        Self::hopeless(error.after_answer())
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
    let url = outgoing::address(request).map_err(Failure::hopeless)?;
    let mut route = Route::new(request, url);
    let result = travel(inner, request, authorization, deadline, &mut route).await;
    if route.answered && !request.idempotency().may_repeat() {
        return result.map_err(Failure::after_answer);
    }
    result
}

/// Goes from redirect to redirect until there is an answer that is none.
async fn travel(
    inner: &Inner,
    request: &HttpRequest,
    authorization: Option<&AuthorizationHeader>,
    deadline: Option<Instant>,
    route: &mut Route<'_>,
) -> Result<Success, Failure> {
    let mut patience = Patience::new(inner.config.attempt_timeout(request), deadline);
    for _ in 0..=redirect::MOST {
        let pool = inner.clients.current(&route.url).await.map_err(Failure::hopeless)?;
        // Until the end of this hop, its body included. Nobody waits for a place with another one in hand.
        let permit = pool.gates.pass(&route.url, deadline).await.map_err(Failure::hopeless)?;
        let outgoing = outgoing::request(inner, request, authorization, route).map_err(Failure::hopeless)?;
        let exchange = pin!(with_permit(&permit, pool.client.execute(outgoing)));
        let answer = patience.wait(exchange).await;
        let answer = answer.map_err(|_| Failure::Broken(stalled(&route.url, &patience), Sent::Perhaps))?;
        let mut response = answer.map_err(|err| {
            let (error, sent) = classify(err, &route.url);
            Failure::Broken(error, sent)
        })?;
        let status = response.status();
        if redirect::is_redirect(status) && request.follows_redirects() {
            route.advance(status, response.headers().get(LOCATION)).map_err(Failure::hopeless)?;
            continue;
        }
        if status.is_informational() {
            return Err(Failure::hopeless(unasked(status)));
        }
        patience.set_idle(inner.config.idle_timeout(request));
        if status.as_u16() >= 400 {
            let secrets = Secrets::of(request, authorization);
            let authorization = authorization.filter(|_| route.home);
            // Aside: every call would carry the room for it.
            return Err(Box::pin(refusal(request, authorization, &secrets, response, &mut patience)).await);
        }
        let limit = request.max_body().unwrap_or(inner.config.max_body_bytes);
        return whole(limit, &route.url, &mut response, &mut patience).await;
    }
    let why = format!("the service redirected more than {} times, probably in a circle", redirect::MOST);
    Err(Failure::hopeless(Error::new(ErrorKind::Redirect, why)))
}

async fn whole(
    limit: u64,
    url: &Url,
    response: &mut reqwest::Response,
    patience: &mut Patience,
) -> Result<Success, Failure> {
    match body::read(response, limit, patience).await {
        (body, None) => {
            let status = response.status();
            Ok(Success { status, headers: std::mem::take(response.headers_mut()), body })
        }
        (_, Some(BodyFailure::Broken(err))) => {
            let (error, sent) = classify(err, url);
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
    authorization: Option<&AuthorizationHeader>,
    secrets: &Secrets,
    mut response: reqwest::Response,
    patience: &mut Patience,
) -> Failure {
    let (body, _) = body::read(&mut response, MOST_OF_AN_ERROR, patience).await;
    let header = |name: &str| response.headers().get(name)?.to_str().ok();
    let content_type = header(CONTENT_TYPE.as_str());
    let status = response.status().as_u16();
    let request_id = header(REQUEST_ID).map(|id| secrets.hide(id));
    let error = ApiError::without(secrets, request.service(), status, content_type, body)
        .or_request_id(request_id.as_deref())
        .sent_with(authorization.and_then(scheme));
    let wait = header(RETRY_AFTER.as_str()).filter(|_| matches!(status, 429 | 503));
    Failure::Answer {
        error: Box::new(error),
        retry_after: wait.and_then(retry_after),
        authorized: authorization.is_some(),
    }
}

/// For 101, the only one of its kind that the HTTP stack lets through.
fn unasked(status: StatusCode) -> Error {
    let why = format!("the service answered {status}, but no other protocol was asked for");
    Error::new(ErrorKind::Decode, why)
}

fn stalled(url: &Url, patience: &Patience) -> Error {
    let host = host(url);
    if patience.is_over() {
        let why = format!("{host} did not answer within the time of the call");
        return Error::new(ErrorKind::Timeout, why).advise("try again later, or give the call more time");
    }
    let seconds = patience.idle().unwrap_or_default().as_secs_f64();
    Error::new(ErrorKind::Timeout, format!("{host} was silent for {seconds} s"))
        .advise("try again later, or raise GLOBUS_SDK_HTTP_TIMEOUT")
}

pub(super) fn host(url: &Url) -> &str {
    url.host_str().unwrap_or("the service")
}

fn scheme(header: &AuthorizationHeader) -> Option<&'static str> {
    let value = header.value().expose();
    ["Bearer", "Basic"].into_iter().find(|scheme| value.starts_with(scheme))
}
