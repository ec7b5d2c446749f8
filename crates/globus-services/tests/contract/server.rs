//! A server on loopback that answers what it is told, and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::IntoResponse;
use tokio::net::TcpListener;

use crate::Failure;
use crate::recorded::Response;

#[derive(Clone, Default)]
struct Script(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    replies: VecDeque<Response>,
    arrived: Vec<Arrived>,
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Arrived {
    pub(crate) verb: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

pub(crate) struct Server {
    script: Script,
    pub(crate) url: String,
}

impl Server {
    pub(crate) async fn start() -> Result<Self, Failure> {
        let script = Script::default();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/", listener.local_addr()?);
        let app = Router::new().fallback(answer).with_state(script.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self { script, url })
    }

    /// Forgets what was, and answers the next requests with these.
    pub(crate) fn expect(&self, replies: impl IntoIterator<Item = Response>) {
        *self.script.inner() = Inner { replies: replies.into_iter().collect(), arrived: Vec::new() };
    }

    /// The text with the recorded service's address in place of this one's, as it is and as it stands in forms.
    pub(crate) fn as_recorded(&self, text: &str, base_url: &str) -> String {
        let in_form = |url: &str| url.replace(':', "%3A").replace('/', "%2F");
        text.replace(&self.url, base_url).replace(&in_form(&self.url), &in_form(base_url))
    }

    pub(crate) fn arrived(&self) -> Vec<Arrived> {
        self.script.inner().arrived.clone()
    }
}

impl Arrived {
    /// The same as if it had been sent to the recorded service.
    pub(crate) fn at(mut self, server: &Server, base_url: &str) -> Self {
        let body = server.as_recorded(&String::from_utf8_lossy(&self.body), base_url);
        if std::str::from_utf8(&self.body).is_ok() {
            self.body = body.into();
        }
        self
    }
}

impl Script {
    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answer(
    State(script): State<Script>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    let mut inner = script.inner();
    inner.arrived.push(Arrived {
        verb: method.to_string(),
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        headers,
        body,
    });
    let Some(reply) = inner.replies.pop_front() else {
        return (
            StatusCode::NOT_IMPLEMENTED,
            [(header::CONTENT_TYPE, "text/plain")],
            "no reply is left".to_owned(),
        );
    };
    let status = reply.status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::OK);
    match (reply.json, reply.text) {
        (Some(json), _) => (status, [(header::CONTENT_TYPE, "application/json")], json.to_string()),
        (None, text) => (status, [(header::CONTENT_TYPE, "text/plain")], text.unwrap_or_default()),
    }
}
