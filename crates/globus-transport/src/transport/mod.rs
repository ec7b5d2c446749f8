//! [`Transport`]: what sends requests.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::Instrument;

use crate::{Error, HttpRequest, HttpResponse, Settings};

mod attempt;
mod body;
mod builder;
mod call;
mod clients;
mod config;
mod connecting;
mod demand;
mod gates;
mod headers;
mod outgoing;
mod patience;
mod redirect;

pub use builder::TransportBuilder;

use crate::retry::Budget;
use clients::Clients;
use config::Config;
use headers::FixedHeaders;

/// Sends requests to Globus services. A clone shares the connections, so every client of a program can have one.
///
/// It can be used from several tokio runtimes at once: each has connections of its own.
#[derive(Clone)]
pub struct Transport(Arc<Inner>);

pub(crate) struct Inner {
    config: Config,
    headers: FixedHeaders,
    clients: Clients,
    budget: Budget,
}

/// The default transports of the process, one for each way the environment was set when it was asked for: tests and
/// embedding programs change variables.
static SHARED: Mutex<Vec<(Settings, Transport)>> = Mutex::new(Vec::new());

/// More than this many settings are not remembered.
const MOST_SHARED: usize = 8;

impl Transport {
    /// The default transport of the process, with the settings of the environment. It does no I/O.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) when a variable cannot be used.
    pub fn shared() -> Result<Self, Error> {
        let settings = Settings::from_env()?;
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, transport)) = shared.iter().find(|(known, _)| *known == settings) {
            return Ok(transport.clone());
        }
        let transport = Self::builder().settings(settings.clone()).build()?;
        if shared.len() >= MOST_SHARED {
            shared.remove(0);
        }
        shared.push((settings, transport.clone()));
        Ok(transport)
    }

    /// A transport of one's own: other timeouts, a name for the `User-Agent`, a private CA.
    pub fn builder() -> TransportBuilder {
        TransportBuilder::default()
    }

    /// Sends `request` and waits for the whole answer. It is retried as its idempotency and what happened allow, and a
    /// refused token is renewed once.
    ///
    /// Cancel-safe as far as this side goes: when the future is dropped, nothing is sent any more and nothing half done is
    /// kept. What was sent may still be carried out by the service.
    ///
    /// # Errors
    /// [`ErrorKind::Api`](crate::ErrorKind::Api) for statuses from 400 on, and the other kinds of
    /// [`ErrorKind`](crate::ErrorKind) for what happens before an answer is there.
    // An `async fn` would keep its arguments twice.
    pub fn send(&self, request: HttpRequest) -> impl Future<Output = Result<HttpResponse, Error>> + Send {
        let span = tracing::info_span!(
            "globus_request",
            service = request.service().name(),
            operation = request.operation(),
            method = request.method().as_str(),
            status = tracing::field::Empty,
            request_id = tracing::field::Empty,
            attempts = tracing::field::Empty,
            duration_ms = tracing::field::Empty,
        );
        async move {
            let done = call::run(&self.0, &request, &span).instrument(span.clone()).await?;
            Ok(done.into_response(request))
        }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.config.fmt(f)
    }
}
