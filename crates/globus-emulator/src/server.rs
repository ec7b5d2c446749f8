//! The server: accepts connections, lets faults have their way, keeps the journal, and asks the services.

use std::convert::Infallible;
use std::future::poll_fn;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower_service::Service as _;

use crate::app::App;
use crate::faults::FaultAction;
use crate::http as web;
use crate::journal::RequestRecord;

/// All routes of all services; their paths are disjoint, so one origin serves them all.
pub(crate) fn router(app: &Arc<App>) -> Router {
    Router::new()
        .route("/", axum::routing::get(crate::status::page))
        .merge(crate::control::routes())
        .merge(crate::auth::routes())
        .merge(crate::groups::routes())
        .merge(crate::transfer::routes(app))
        .fallback(unknown)
        .with_state(Arc::clone(app))
}

async fn unknown(request: Request) -> Response {
    let message = format!("There is nothing at {} {}", request.method(), request.uri().path());
    let body = serde_json::json!({ "code": "ClientError.NotFound", "message": message });
    web::json(StatusCode::NOT_FOUND, &body)
}

/// Serves until told to stop; then requests in progress are cut off.
pub(crate) async fn serve(app: Arc<App>, listener: TcpListener, mut stop: watch::Receiver<bool>) {
    let router = router(&app);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = async { drop(stop.wait_for(|stop| *stop).await) } => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(Arc::clone(&app), router.clone(), stream));
                }
                // Out of descriptors, most likely: others will end soon.
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    app.stop();
    connections.shutdown().await;
}

/// Ends a connection without an answer.
#[derive(Debug)]
struct Dropped;

impl std::fmt::Display for Dropped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("connection dropped on purpose")
    }
}

impl std::error::Error for Dropped {}

async fn connection(app: Arc<App>, router: Router, stream: TcpStream) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| handle(Arc::clone(&app), router.clone(), request));
    // Ends with an error when the client goes away or a fault wants it so: nothing that anybody could act on.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn handle(
    app: Arc<App>,
    router: Router,
    request: http::Request<Incoming>,
) -> Result<Response, Dropped> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(Body::new(body), web::MAX_BODY).await;
    let mut record = describe(&parts, body.as_deref().unwrap_or_default());
    let answer = match body {
        Ok(body) => respond(&app, router, parts, body).await,
        Err(_) => Ok(web::text(StatusCode::PAYLOAD_TOO_LARGE, "The request is too large")),
    };
    record.status = answer.as_ref().map_or(0, |response| response.status().as_u16());
    app.journal.add(record);
    answer
}

async fn respond(
    app: &App,
    router: Router,
    parts: http::request::Parts,
    body: Bytes,
) -> Result<Response, Dropped> {
    if let Some(refused) = web::refuse_foreign_host(&parts.headers) {
        return Ok(refused);
    }
    let action = app.faults.take(parts.method.as_str(), parts.uri.path());
    let truncate = matches!(action, Some(FaultAction::Truncate));
    match action {
        Some(FaultAction::Drop) => return Err(Dropped),
        Some(FaultAction::Delay(time)) => tokio::time::sleep(time).await,
        Some(FaultAction::Status { status, headers, body, content_type }) => {
            return Ok(made_up(status, headers, body, &content_type));
        }
        Some(FaultAction::Truncate) | None => {}
    }
    if let Some(answer) = web::preflight(&parts.method, &parts.headers) {
        let mut answer = answer;
        web::allow_origin(&parts.headers, &mut answer);
        return Ok(answer);
    }
    let headers = parts.headers.clone();
    let mut response = call(router, Request::from_parts(parts, Body::from(body))).await;
    web::allow_origin(&headers, &mut response);
    Ok(if truncate { web::truncated(response).await } else { response })
}

async fn call(mut router: Router, request: Request) -> Response {
    let ready: Result<(), Infallible> =
        poll_fn(|context| <Router as tower_service::Service<Request>>::poll_ready(&mut router, context))
            .await;
    match ready {
        Ok(()) => match router.call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        },
        Err(never) => match never {},
    }
}

fn made_up(status: u16, headers: Vec<(String, String)>, body: String, content_type: &str) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let (false, Ok(value)) = (content_type.is_empty(), HeaderValue::from_str(content_type)) {
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value))
        {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// Bodies are kept up to this length.
const JOURNAL_BODY: usize = 64 * 1024;

fn describe(parts: &http::request::Parts, body: &[u8]) -> RequestRecord {
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let content_type = text("content-type");
    let kept = if body.len() > JOURNAL_BODY { &[] } else { body };
    RequestRecord {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: web::redact_pairs(parts.uri.query().unwrap_or_default()),
        status: 0,
        authorization: text("authorization")
            .and_then(|value| value.split_whitespace().next().map(str::to_owned)),
        user_agent: text("user-agent"),
        client_info: text("x-globus-client-info"),
        body: web::redact_body(content_type.as_deref().unwrap_or_default(), kept),
        content_type,
    }
}
