//! A request and its answer: who may ask, what faults do to it, what the services say, what the journal keeps.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use serde_json::Map;
use tower_service::Service as _;

use crate::app::App;
use crate::control;
use crate::faults::{Asked, Plan, error_answer, finish};
use crate::http as web;
use crate::journal::{Journal, RequestRecord, describe};

/// Answers requests, however they came.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    app: Arc<App>,
    router: Router,
}

/// Ends a connection without an answer.
#[derive(Debug)]
pub(crate) struct Dropped;

impl std::fmt::Display for Dropped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("connection dropped on purpose")
    }
}

impl std::error::Error for Dropped {}

/// All routes of all services; their paths are disjoint, so one origin serves them all.
fn router(app: &Arc<App>) -> Router<Arc<App>> {
    Router::new()
        .merge(crate::status::routes())
        .merge(control::routes())
        .merge(crate::auth::routes())
        .merge(crate::groups::routes())
        .merge(crate::transfer::routes(app))
        .merge(crate::absent::routes())
        .fallback(unknown)
        .method_not_allowed_fallback(wrong_method)
}

async fn unknown(State(app): State<Arc<App>>, request: Request) -> Response {
    let path = request.uri().path();
    let message = format!("There is nothing at {} {path}", request.method());
    error_answer(&app, path, StatusCode::NOT_FOUND, Some("ClientError.NotFound"), &message, Map::new())
}

async fn wrong_method(State(app): State<Arc<App>>, request: Request) -> Response {
    let path = request.uri().path();
    let (status, code) = (StatusCode::METHOD_NOT_ALLOWED, "ClientError.MethodNotAllowed");
    let message = format!("{} is not what can be done with {path}", request.method());
    error_answer(&app, path, status, Some(code), &message, Map::new())
}

/// A request that is being answered. The journal gets it also when the client does not wait for the end.
struct Entry<'a> {
    journal: &'a Journal,
    record: Option<RequestRecord>,
}

impl Entry<'_> {
    fn note(&mut self, note: impl FnOnce(&mut RequestRecord)) {
        self.record.as_mut().map(note);
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        if let Some(record) = self.record.take() {
            self.journal.add(record);
        }
    }
}

impl Exchange {
    pub(crate) fn new(app: Arc<App>) -> Self {
        let router = router(&app);
        Self::with(app, router)
    }

    fn with(app: Arc<App>, router: Router<Arc<App>>) -> Self {
        Self { router: router.with_state(Arc::clone(&app)), app }
    }

    pub(crate) fn app(&self) -> &Arc<App> {
        &self.app
    }

    pub(crate) async fn answer(&self, parts: Parts, body: Bytes) -> Result<Response, Dropped> {
        let app = &*self.app;
        let hosts = &app.settings.hosts;
        let origin = hosts.own_origin(&parts.headers);
        let asked = hosts.preflight(&parts.method, &parts.headers);
        let mut answer = match hosts.refuse_foreign(&parts.headers) {
            Some(refused) => return Ok(refused),
            None => match asked {
                Some(answer) => answer,
                None if control::is_at(parts.uri.path()) => match hosts.refuse_foreign_page(&parts.headers) {
                    Some(refused) => return Ok(refused),
                    None => self.call(parts, body).await,
                },
                None => self.serve(parts, body).await?,
            },
        };
        web::allow_origin(origin, &mut answer);
        if app.clock.offset_millis() != 0
            && let Ok(date) = HeaderValue::try_from(crate::clock::http_date(app.clock.millis()))
        {
            answer.headers_mut().insert(header::DATE, date);
        }
        Ok(answer)
    }

    /// A request to a service, with all that can happen to it.
    async fn serve(&self, parts: Parts, body: Bytes) -> Result<Response, Dropped> {
        let app = &*self.app;
        let now = app.clock.millis();
        let mut entry = Entry { journal: &app.journal, record: Some(describe(&parts, &body, now)) };
        let (method, path) = (parts.method.as_str(), parts.uri.path());
        let mut plan = app.faults.plan(Asked { method, path, body: &body, now });
        entry.note(|record| record.faults = plan.faults.clone());
        if !plan.delay.is_zero() {
            tokio::time::sleep(plan.delay).await;
        }
        let query =
            if plan.empty_pages { parts.uri.query().unwrap_or_default().to_owned() } else { String::new() };
        let answer = match plan.ending.take() {
            Some(ending) => ending.answer(app, path).ok_or(Dropped)?,
            None => {
                let body = prepared(&plan, body);
                let _serving = app.serving.read().await;
                self.call(parts, body).await
            }
        };
        if plan.lose_answer {
            return Err(Dropped);
        }
        entry.note(|record| record.status = answer.status().as_u16());
        Ok(finish(&plan, &query, answer).await)
    }

    /// What the routes say. Where one of them breaks off, the answer is an error, and the server goes on.
    async fn call(&self, parts: Parts, body: Bytes) -> Response {
        let path = parts.uri.path().to_owned();
        let mut router = self.router.clone();
        let failed = |code: &str, message: &str| {
            error_answer(&self.app, &path, StatusCode::INTERNAL_SERVER_ERROR, Some(code), message, Map::new())
        };
        let response = match web::caught(router.call(Request::from_parts(parts, Body::from(body)))).await {
            Ok(Ok(response)) => response,
            Ok(Err(never)) => match never {},
            Err(said) => {
                let message = format!(
                    "The emulator broke off here, which is a mistake of its own; please report it: {said}"
                );
                failed("EmulatorPanicked", &message)
            }
        };
        // What an answer tells must still be so after the emulator was killed.
        match self.app.settle().await {
            Ok(()) => response,
            Err(reason) => failed("StateNotKept", &format!("What was changed is not on disk: {reason}")),
        }
    }
}

/// The body with what a fault wants to be in the form.
fn prepared(plan: &Plan, body: Bytes) -> Bytes {
    match plan.token_lifetime_seconds {
        // The first value counts.
        Some(seconds) => [format!("emulator_expires_in={seconds}&").as_bytes(), &body].concat().into(),
        None => body,
    }
}

#[cfg(test)]
mod tests;
