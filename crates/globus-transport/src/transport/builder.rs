//! [`TransportBuilder`]: a transport with other settings.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::clients::{ClientSettings, Clients};
use super::config::{Config, Total};
use super::headers::FixedHeaders;
use super::{Inner, Transport};
use crate::retry::{Budget, RetryPolicy};
use crate::tls::TlsSettings;
use crate::{Error, ErrorKind, Settings};

/// Makes a [`Transport`]. What is not set comes from the environment ([`Settings`]), or has a default that works.
///
/// ```
/// use globus_transport::Transport;
/// use std::time::Duration;
///
/// let transport = Transport::builder()
///     .app_name("my-portal/1.2")
///     .timeout(Duration::from_secs(30))
///     .max_retries(2)
///     .build()?;
/// # Ok::<(), globus_transport::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct TransportBuilder {
    settings: Option<Settings>,
    connect_timeout: Option<Duration>,
    attempt_timeout: Option<Option<Duration>>,
    timeout: Total,
    retry: RetryPolicy,
    max_body_bytes: u64,
    headers: FixedHeaders,
    extra_roots: Vec<Vec<u8>>,
    pool_idle_timeout: Duration,
    pool_max_idle_per_host: usize,
    max_connections_per_host: usize,
    proxy: bool,
}

impl Default for TransportBuilder {
    fn default() -> Self {
        Self {
            settings: None,
            connect_timeout: Some(Duration::from_secs(10)),
            attempt_timeout: None,
            timeout: Total::Derived,
            retry: RetryPolicy { max_retries: 5, max_backoff: Duration::from_secs(10) },
            max_body_bytes: 256 << 20,
            headers: FixedHeaders::default(),
            extra_roots: Vec::new(),
            // Shorter than what servers and load balancers commonly allow (60 s and more): a request sent just when the other
            // side closes is lost, and an unsafe one is not sent again.
            pool_idle_timeout: Duration::from_secs(30),
            pool_max_idle_per_host: usize::MAX,
            // Well below the 256 files that a process may have open on some systems, and more than a service likes to see.
            max_connections_per_host: 100,
            proxy: true,
        }
    }
}

impl TransportBuilder {
    /// Uses these settings instead of those of the environment.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = Some(settings);
        self
    }

    /// How long making a connection may take (10 s), name look-up and TLS included; `None` for no limit of its own.
    pub fn connect_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.connect_timeout = timeout.into();
        self
    }

    /// How long one attempt may stand still (60 s, or `GLOBUS_SDK_HTTP_TIMEOUT`): from its start until the service answers,
    /// and then between two parts of the answer. The time for sending a large body is added. `None` for no limit.
    pub fn attempt_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.attempt_timeout = Some(timeout.into());
        self
    }

    /// How long a whole call may take: all attempts, the waiting between them, a renewal of the token (ten times the
    /// attempt timeout). `None` for no limit.
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeout = Total::Given(timeout.into());
        self
    }

    /// How often a request is sent again at most (5).
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.retry.max_retries = retries;
        self
    }

    /// The longest wait before a retry that is chosen here (10 s); a service may ask for more, up to ten minutes.
    pub fn max_backoff(mut self, wait: Duration) -> Self {
        self.retry.max_backoff = wait;
        self
    }

    /// The largest answer that is accepted (256 MiB). It is kept in memory whole, and reading stops at the limit.
    pub fn max_body_bytes(mut self, bytes: u64) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// Adds `/name` to the `User-Agent`, so that the services' operators know whom to ask.
    pub fn app_name(mut self, name: impl Into<String>) -> Self {
        self.headers.app_name = Some(name.into());
        self
    }

    /// Adds a product to `X-Globus-Client-Info`.
    pub fn client_info(mut self, product: impl Into<String>, version: impl Into<String>) -> Self {
        self.headers.products.push((product.into(), version.into()));
        self
    }

    /// Trusts these certificates (PEM) as well as the platform's.
    pub fn add_root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.extra_roots.push(pem.into());
        self
    }

    /// How long an unused connection is kept (30 s).
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.pool_idle_timeout = timeout;
        self
    }

    /// How many calls exchange a request and an answer with one host (scheme, name and port) at once (100), and so how many
    /// connections to it are busy; no more are kept unused. Further calls wait for their turn, in the order of asking: that
    /// time counts to [`timeout`](Self::timeout), and not to [`attempt_timeout`](Self::attempt_timeout). Each tokio runtime
    /// has connections of its own.
    pub fn max_connections_per_host(mut self, connections: usize) -> Self {
        self.max_connections_per_host = connections;
        self
    }

    /// How many unused connections to a host are kept (all, up to
    /// [`max_connections_per_host`](Self::max_connections_per_host)).
    pub fn pool_max_idle_per_host(mut self, connections: usize) -> Self {
        self.pool_max_idle_per_host = connections;
        self
    }

    /// Whether `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are followed (they are). Requests to this machine
    /// (`localhost` and loopback addresses) never go through a proxy.
    pub fn proxy_from_env(mut self, follow: bool) -> Self {
        self.proxy = follow;
        self
    }

    /// Builds it. Nothing is opened or loaded before the first request.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) when a variable cannot be used,
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage) when a name cannot stand in a header, or when no connection is allowed.
    pub fn build(self) -> Result<Transport, Error> {
        if !(1..=Semaphore::MAX_PERMITS).contains(&self.max_connections_per_host) {
            let why = "max_connections_per_host must be at least 1, and no more than connections can be";
            return Err(Error::new(ErrorKind::Usage, why));
        }
        let settings = match self.settings {
            Some(settings) => settings,
            None => Settings::from_env()?,
        };
        Ok(Transport(Arc::new(Inner {
            config: Config {
                attempt_timeout: self.attempt_timeout.unwrap_or(settings.http_timeout),
                timeout: self.timeout,
                retry: self.retry,
                max_body_bytes: self.max_body_bytes,
            },
            headers: self.headers.prepare()?,
            clients: Clients::new(ClientSettings {
                tls: TlsSettings { verify: settings.verify_ssl, extra_roots: self.extra_roots },
                connect_timeout: self.connect_timeout,
                pool_idle_timeout: self.pool_idle_timeout,
                pool_max_idle_per_host: self.pool_max_idle_per_host,
                max_connections_per_host: self.max_connections_per_host,
                proxy: self.proxy,
            }),
            budget: Budget::full(),
        })))
    }
}
