//! [`Clients`]: the HTTP clients below a transport, one for each tokio runtime.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use reqwest::Client;
use tokio::runtime::{Handle, Id};
use url::Url;

use crate::base_url::is_loopback;
use crate::tls::{Tls, TlsSettings};
use crate::{Error, ErrorKind};

/// A connection lives in the runtime that opened it: once that is gone, or nobody drives it, whoever takes the connection
/// from a common pool waits in vain. So each runtime has a pool of its own. TLS is set up once for all.
pub(super) struct Clients {
    settings: ClientSettings,
    tls: OnceLock<Tls>,
    proxied: PerRuntime,
    /// For this machine: a proxy would take the request, credentials and all, to another one, and in clear text.
    direct: PerRuntime,
}

struct PerRuntime {
    /// The only one in most programs, found without a lock.
    first: OnceLock<(Id, Client)>,
    others: Mutex<Vec<(Id, Client)>>,
}

#[derive(Clone, Debug)]
pub(super) struct ClientSettings {
    pub(super) tls: TlsSettings,
    pub(super) connect_timeout: Option<Duration>,
    pub(super) pool_idle_timeout: Duration,
    pub(super) pool_max_idle_per_host: usize,
    pub(super) proxy: bool,
}

/// Beyond the first; the oldest makes room. A client that is dropped while in use stays usable.
const MOST_OTHERS: usize = 16;

impl Clients {
    pub(super) const fn new(settings: ClientSettings) -> Self {
        Self { settings, tls: OnceLock::new(), proxied: PerRuntime::new(), direct: PerRuntime::new() }
    }

    /// The client for `url` of the runtime that this is called in.
    pub(super) fn current(&self, url: &Url) -> Result<Client, Error> {
        let proxied = self.settings.proxy && !is_loopback(url);
        if proxied {
            self.proxied.current(|| self.build(true))
        } else {
            self.direct.current(|| self.build(false))
        }
    }

    fn build(&self, proxied: bool) -> Result<Client, Error> {
        let tls = match self.tls.get() {
            Some(tls) => tls,
            None => {
                let tls = Tls::new(&self.settings.tls)?;
                self.tls.get_or_init(|| tls)
            }
        };
        let mut builder = Client::builder()
            // Redirects, retries and timeouts are ours.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .pool_idle_timeout(self.settings.pool_idle_timeout)
            .pool_max_idle_per_host(self.settings.pool_max_idle_per_host);
        if let Some(timeout) = self.settings.connect_timeout {
            builder = builder.connect_timeout(timeout);
        }
        if !proxied {
            builder = builder.no_proxy();
        }
        tls.apply(builder).build().map_err(|err| {
            Error::from_network(ErrorKind::Configuration, "the HTTP client cannot be set up".to_owned(), err)
        })
    }
}

impl PerRuntime {
    const fn new() -> Self {
        Self { first: OnceLock::new(), others: Mutex::new(Vec::new()) }
    }

    fn current(&self, build: impl FnOnce() -> Result<Client, Error>) -> Result<Client, Error> {
        let runtime = Handle::try_current().map_err(|err| {
            Error::with_source(ErrorKind::Usage, "requests can be sent only inside a tokio runtime", err)
        })?;
        let id = runtime.id();
        if let Some((_, client)) = self.first.get().filter(|(owner, _)| *owner == id) {
            return Ok(client.clone());
        }
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, client)) = others.iter().find(|(owner, _)| *owner == id) {
            return Ok(client.clone());
        }
        let client = build()?;
        if self.first.set((id, client.clone())).is_err() {
            if others.len() >= MOST_OTHERS {
                others.remove(0);
            }
            others.push((id, client.clone()));
        }
        Ok(client)
    }
}
