//! [`Server`]: the port that the browser is sent back to.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use globus_auth_core::Secret;
use globus_auth_core::login::{LoginErrorKind, LoginFlow};
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;

use super::{Page, page};
use crate::login::{LoginFlowError, LoginFlowErrorKind};

/// The port, closed when this is dropped.
pub(super) struct Server {
    v4: TcpListener,
    /// For browsers that ask there for what they take for another name of this machine. Not every machine has it.
    v6: Option<TcpListener>,
    port: u16,
}

/// How the login ended, as the browser told it.
type Outcome = Result<Secret, LoginFlowError>;

/// A browser opens a few. Whoever opens more has something else in mind, and loses the oldest that have asked for nothing.
const MOST_CONNECTIONS: usize = 32;
/// How long one request may take, from the first byte to the last of the answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// More than any callback; a longer request gets 431.
const LONGEST_HEAD: usize = 64 * 1024;

impl Server {
    /// Listens on this port, or on a free one for 0.
    pub(super) async fn listen(port: u16) -> Result<Self, LoginFlowError> {
        let cannot = |err: std::io::Error| {
            let which = if port == 0 { String::new() } else { format!(" {port}") };
            let why = format!(
                "the port{which} of this machine, for the browser to come back to, could not be opened; use a login by a pasted code"
            );
            LoginFlowError::new(LoginFlowErrorKind::Io, why).with_source(err)
        };
        let v4 = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await.map_err(cannot)?;
        let port = v4.local_addr().map_err(cannot)?.port();
        let v6 = TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))).await.ok();
        Ok(Self { v4, v6, port })
    }

    /// The address that the browser is to be sent to: by number, since a name may lead elsewhere (RFC 8252, section 8.3).
    pub(super) fn redirect_uri(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Waits for the browser to come back with an answer to `flow`. Whatever else comes is turned away.
    pub(super) async fn wait(self, flow: &LoginFlow, app_name: &str, page: Option<Arc<Page>>) -> Outcome {
        let desk = Arc::new(Desk {
            flow: flow.clone(),
            app_name: app_name.to_owned(),
            page,
            port: self.port,
            outcome: OnceLock::new(),
        });
        // Dropped, and with it whatever is still connected, when this ends or is given up.
        let mut connections = JoinSet::new();
        let mut silent = VecDeque::new();
        loop {
            silent.retain(|caller: &Caller| !caller.has_asked() && !caller.task.is_finished());
            tokio::select! {
                biased;
                Some(ended) = connections.join_next() => {
                    // Only now: the browser shall see its page first.
                    if let (Ok(true), Some(outcome)) = (ended, desk.outcome.get()) {
                        return outcome.clone();
                    }
                }
                stream = self.accept(), if connections.len() < MOST_CONNECTIONS || !silent.is_empty() => {
                    if connections.len() >= MOST_CONNECTIONS && let Some(oldest) = silent.pop_front() {
                        oldest.task.abort();
                    }
                    let asked = Arc::new(AtomicBool::new(false));
                    let task = connections.spawn(serve(Arc::clone(&desk), stream, Arc::clone(&asked)));
                    silent.push_back(Caller { task, asked });
                }
            }
        }
    }

    async fn accept(&self) -> TcpStream {
        loop {
            let accepted = match &self.v6 {
                Some(v6) => tokio::select! {
                    accepted = self.v4.accept() => accepted,
                    accepted = v6.accept() => accepted,
                },
                None => self.v4.accept().await,
            };
            match accepted {
                Ok((stream, _)) => return stream,
                // Out of descriptors, most likely: others will be given back.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }
}

/// Somebody who is connected.
struct Caller {
    task: AbortHandle,
    asked: Arc<AtomicBool>,
}

impl Caller {
    /// Whether a whole request has come, which will be answered.
    fn has_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}

/// Where requests are answered.
struct Desk {
    flow: LoginFlow,
    app_name: String,
    /// The program's own.
    page: Option<Arc<Page>>,
    port: u16,
    outcome: OnceLock<Outcome>,
}

/// Answers one request; whether it ended the login.
async fn serve(desk: Arc<Desk>, stream: TcpStream, asked: Arc<AtomicBool>) -> bool {
    let is_end = Arc::new(AtomicBool::new(false));
    let ends = Arc::clone(&is_end);
    let service = service_fn(move |request| {
        asked.store(true, Ordering::Relaxed);
        let answer = desk.answer(&request, &ends);
        async move { Ok::<_, Infallible>(answer) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(LONGEST_HEAD)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    // Ends with an error when the other side went away or spoke no HTTP: nothing that anybody could act on.
    let _ = timeout(PATIENCE, connection).await;
    is_end.load(Ordering::Relaxed)
}

impl Desk {
    fn answer(&self, request: &Request<Incoming>, is_end: &AtomicBool) -> Response<String> {
        if !self.is_meant(request.headers()) {
            return plain(StatusCode::MISDIRECTED_REQUEST, "This is not the address of this program.\n");
        }
        let query = match (request.uri().path(), request.uri().query()) {
            ("/", Some(query)) => query,
            _ => return plain(StatusCode::NOT_FOUND, "There is nothing here.\n"),
        };
        if request.method() != Method::GET {
            return plain(StatusCode::METHOD_NOT_ALLOWED, "This address answers GET.\n");
        }
        match self.flow.code_in_callback(query) {
            Ok(code) => self.end(Ok(code), is_end),
            Err(err) if err.kind() == LoginErrorKind::Denied => self.end(Err(err.into()), is_end),
            // Not what Auth sends for this login, so nobody knows who sent it: the login goes on.
            Err(err) => page::response(StatusCode::BAD_REQUEST, &page::stray(&err.to_string())),
        }
    }

    /// The first answer counts.
    fn end(&self, outcome: Outcome, is_end: &AtomicBool) -> Response<String> {
        let page = match (&self.page, &outcome) {
            (Some(page), outcome) => page(outcome.as_ref().map(drop)),
            (None, Ok(_)) => page::done(&self.app_name),
            (None, Err(err)) => page::refused(&self.app_name, &err.to_string()),
        };
        match self.outcome.set(outcome) {
            Ok(()) => {
                is_end.store(true, Ordering::Relaxed);
                page::response(StatusCode::OK, &page)
            }
            Err(_) => {
                page::response(StatusCode::CONFLICT, &page::stray("the login has had its answer already"))
            }
        }
    }

    /// Whether the request is to this machine by a name that cannot be made to lead here from elsewhere.
    fn is_meant(&self, headers: &HeaderMap) -> bool {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let Some((name, port)) = host.rsplit_once(':') else { return false };
        port == self.port.to_string() && ["127.0.0.1", "localhost", "[::1]"].contains(&name)
    }
}

fn plain(status: StatusCode, text: &str) -> Response<String> {
    let mut response = Response::new(text.to_owned());
    *response.status_mut() = status;
    let kind = http::HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
