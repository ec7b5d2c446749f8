//! A call: attempts until one succeeds or another cannot help.

use std::time::Duration;

use globus_authorizers::{AuthorizationHeader, Authorizer};
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Span, debug, warn};

use super::attempt::{self, Failure, Success};
use super::demand::{self, Met};
use super::{Inner, attempt::run as attempt_once};
use crate::error::network::Sent;
use crate::error::{CallFacts, PlainUrl};
use crate::response::Origin;
use crate::retry::{Decision, LONGEST_WISH, Outcome, State};
use crate::{ApiError, Error, ErrorKind, HttpRequest, HttpResponse};

/// What has happened so far.
struct Progress {
    deadline: Option<Instant>,
    attempts: u32,
    retries: u32,
    renewed: bool,
    /// Whether a demand for a login has been passed on to the authorizer.
    demanded: bool,
}

/// How a call ended that succeeded.
pub(super) struct Done {
    pub(super) answer: Success,
    pub(super) attempts: u32,
    pub(super) elapsed: Duration,
}

impl Done {
    /// The answer to `request`.
    pub(super) fn into_response(self, request: HttpRequest) -> HttpResponse {
        let Self { answer: Success { status, headers, body }, attempts, elapsed } = self;
        let (service, operation, method) = (request.service(), request.operation(), request.method());
        let origin = Origin { service, operation, method, url: request.into_url(), attempts, elapsed };
        HttpResponse { status: status.as_u16(), headers, body, origin }
    }
}

pub(super) async fn run(inner: &Inner, request: &HttpRequest, span: &Span) -> Result<Done, Error> {
    let started = Instant::now();
    let timeout = inner.config.call_timeout(request);
    let deadline = timeout.and_then(|timeout| started.checked_add(timeout));
    let mut progress = Progress { deadline, attempts: 0, retries: 0, renewed: false, demanded: false };
    let result = attempts(inner, request, &mut progress).await;
    let elapsed = started.elapsed();
    if !span.is_disabled() {
        span.record("attempts", progress.attempts);
        span.record("duration_ms", elapsed.as_secs_f64() * 1000.0);
    }
    let attempts = progress.attempts;
    match result {
        Ok(answer) => {
            span.record("status", answer.status.as_u16());
            Ok(Done { answer, attempts, elapsed })
        }
        Err(error) => {
            if let Some(api) = error.api() {
                span.record("status", api.http_status());
                span.record("request_id", api.request_id());
            }
            Err(error.during(|| CallFacts {
                service: request.service(),
                operation: request.operation(),
                method: request.method(),
                url: PlainUrl::new(request.url()),
                attempts,
                elapsed,
            }))
        }
    }
}

async fn attempts(inner: &Inner, request: &HttpRequest, progress: &mut Progress) -> Result<Success, Error> {
    let policy = inner.config.retry_policy(request);
    let may_repeat = request.idempotency().may_repeat();
    loop {
        let header = match request.authorizer() {
            Some(authorizer) => authorization(authorizer.as_ref(), progress.deadline).await?,
            None => None,
        };
        progress.attempts += 1;
        // In a piece of memory of its own: two small ones are had much faster than one above the allocator's 1 KiB.
        let attempt = Box::pin(attempt_once(inner, request, header.as_ref(), progress.deadline));
        let mut failure = match attempt.await {
            Ok(success) => {
                inner.budget.earn();
                return Ok(success);
            }
            Err(failure) => failure,
        };
        if !progress.renewed && is_renewed(request, header.as_ref(), &failure) {
            progress.renewed = true;
            debug!(attempt = progress.attempts, "the token was refused; trying with another");
            continue;
        }
        if !progress.demanded {
            // Rare, so it is kept aside.
            match Box::pin(demand::meet(request, header.as_ref(), failure, progress.deadline)).await {
                Met::SendAgain => {
                    progress.demanded = true;
                    continue;
                }
                Met::Not(unmet) => failure = unmet,
                Met::Failed(error) => return Err(error),
            }
        }
        let state = State { retries: progress.retries, may_repeat };
        let decision = policy.decide(state, outcome(&failure));
        let (error, wish) = match failure {
            Failure::Answer { error, retry_after, .. } => (Error::from_api(error), retry_after),
            Failure::Broken(error, Sent::Perhaps) if !may_repeat => (error.perhaps_carried_out(), None),
            Failure::Broken(error, _) => (error, None),
        };
        let Decision::Continue { delay, price } = decision else {
            return Err(error);
        };
        if progress.passes_deadline(delay) || wish.is_some_and(|wish| wish > LONGEST_WISH) {
            return Err(match wish {
                Some(wish) => error.retry_after_hint(wish),
                None => error,
            });
        }
        let Some(ticket) = inner.budget.spend(price) else {
            debug!("not tried again: too many calls of this transport fail");
            return Err(error);
        };
        progress.retries += 1;
        tell_of_retry(progress.attempts, &error, delay);
        sleep(delay).await;
        ticket.punch();
    }
}

/// A wait that a user would take for a hang is told to everybody.
fn tell_of_retry(attempt: u32, reason: &Error, delay: Duration) {
    const TEXT: &str = "the attempt failed; trying again";
    let delay_ms = delay.as_secs_f64() * 1000.0;
    if delay >= LONG_WAIT {
        warn!(attempt, %reason, delay_ms, "{TEXT}");
    } else {
        debug!(attempt, %reason, delay_ms, "{TEXT}");
    }
}

const LONG_WAIT: Duration = Duration::from_secs(5);

impl Progress {
    fn passes_deadline(&self, delay: Duration) -> bool {
        self.deadline.is_some_and(|deadline| {
            Instant::now().checked_add(delay).is_none_or(|next_attempt| next_attempt >= deadline)
        })
    }
}

async fn authorization(
    authorizer: &dyn Authorizer,
    deadline: Option<Instant>,
) -> Result<Option<AuthorizationHeader>, Error> {
    if let Some(header) = authorizer.current_header() {
        return Ok(Some(header));
    }
    let header = match deadline {
        Some(deadline) => timeout_at(deadline, authorizer.authorization_header()).await.map_err(|_| {
            Error::new(ErrorKind::Timeout, "a token to send could not be had within the time of the call")
        })?,
        None => authorizer.authorization_header().await,
    };
    Ok(header?)
}

/// Whether the token was refused and another may be had. A demand for a login is no such refusal: no renewal meets it.
fn is_renewed(request: &HttpRequest, header: Option<&AuthorizationHeader>, failure: &Failure) -> bool {
    let Failure::Answer { error, authorized: true, .. } = failure else { return false };
    let (Some(header), Some(authorizer)) = (header, request.authorizer()) else { return false };
    error.http_status() == 401 && no_demand(error) && authorizer.refused(header)
}

fn no_demand(error: &ApiError) -> bool {
    error.consent_required().is_none() && error.auth_requirements().is_empty()
}

fn outcome(failure: &attempt::Failure) -> Outcome<'_> {
    match failure {
        Failure::Answer { error, retry_after, .. } => Outcome::Answer { error, retry_after: *retry_after },
        Failure::Broken(_, sent) => Outcome::Broken(*sent),
    }
}
