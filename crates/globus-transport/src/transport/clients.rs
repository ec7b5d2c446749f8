//! [`Clients`]: the HTTP clients below a transport, one for each tokio runtime.

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use reqwest::Client;
use tokio::runtime::{Handle, Id};
use url::Url;

use super::connecting::Connecting;
use super::gates::Gates;
use crate::base_url::is_loopback;
use crate::tls::{Tls, TlsSettings};
use crate::{Error, ErrorKind};

/// A connection lives in the runtime that opened it: once that is gone, or nobody drives it, whoever takes the connection
/// from a common pool waits in vain. So each runtime has a pool of its own. TLS is set up once for all.
pub(super) struct Clients {
    settings: ClientSettings,
    usual: Family,
    /// For `https`, when a file with certificates must be read first: plain HTTP works without it.
    after_reading: Family,
}

struct Family {
    tls: OnceLock<Tls>,
    proxied: PerRuntime,
    /// For this machine: a proxy would take the request, credentials and all, to another one, and in clear text.
    direct: PerRuntime,
}

struct PerRuntime {
    /// The only one in most programs, found without a lock.
    first: OnceLock<(Id, Pool)>,
    others: Mutex<Vec<(Id, Arc<Pool>)>>,
}

/// The connections of a runtime, and how many exchanges they serve at once.
pub(super) struct Pool {
    pub(super) client: Client,
    pub(super) gates: Gates,
}

/// A pool for as long as it is used. The usual one is borrowed: a count that all threads change at each call slows them down.
pub(super) enum Found<'a> {
    First(&'a Pool),
    Other(Arc<Pool>),
}

impl Deref for Found<'_> {
    type Target = Pool;

    fn deref(&self) -> &Pool {
        match self {
            Self::First(pool) => pool,
            Self::Other(pool) => pool,
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct ClientSettings {
    pub(super) tls: TlsSettings,
    pub(super) connect_timeout: Option<Duration>,
    pub(super) pool_idle_timeout: Duration,
    pub(super) pool_max_idle_per_host: usize,
    pub(super) max_connections_per_host: usize,
    pub(super) proxy: bool,
}

/// Beyond the first; the oldest makes room. A client that is dropped while in use stays usable.
const MOST_OTHERS: usize = 16;

impl Clients {
    pub(super) const fn new(settings: ClientSettings) -> Self {
        Self { settings, usual: Family::new(), after_reading: Family::new() }
    }

    /// The connections for `url` of the runtime that this is called in.
    pub(super) async fn current(&self, url: &Url) -> Result<Found<'_>, Error> {
        let runtime = Handle::try_current().map_err(|err| {
            Error::with_source(ErrorKind::Usage, "requests can be sent only inside a tokio runtime", err)
        })?;
        let reads = self.settings.tls.read_a_file();
        let family = if reads && url.scheme() == "https" { &self.after_reading } else { &self.usual };
        let proxied = self.settings.proxy && !is_loopback(url);
        let clients = if proxied { &family.proxied } else { &family.direct };
        if let Some(pool) = clients.of(runtime.id()) {
            return Ok(pool);
        }
        let tls = match family.tls.get() {
            Some(tls) => tls,
            None => {
                // Two tasks may read at once; one result is kept. A failure is not: the next request tries again.
                let tls = self.tls(&runtime, url).await?;
                family.tls.get_or_init(|| tls)
            }
        };
        clients.of_or(runtime.id(), || self.build(tls, proxied))
    }

    async fn tls(&self, runtime: &Handle, url: &Url) -> Result<Tls, Error> {
        let settings = self.settings.tls.clone();
        if !settings.read_a_file() {
            return Tls::new(&settings);
        }
        if url.scheme() != "https" {
            return Tls::new(&TlsSettings::default());
        }
        let reading = runtime.spawn_blocking(move || Tls::new(&settings));
        reading.await.map_err(|err| {
            Error::with_source(ErrorKind::Configuration, "reading the CA file was broken off", err)
        })?
    }

    fn build(&self, tls: &Tls, proxied: bool) -> Result<Pool, Error> {
        let most = self.settings.max_connections_per_host;
        let mut builder = Client::builder()
            // Redirects, retries and timeouts are ours.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connector_layer(Connecting)
            .pool_idle_timeout(self.settings.pool_idle_timeout)
            .pool_max_idle_per_host(self.settings.pool_max_idle_per_host.min(most));
        if let Some(timeout) = self.settings.connect_timeout {
            builder = builder.connect_timeout(timeout);
        }
        if !proxied {
            builder = builder.no_proxy();
        }
        let client = crate::tls::without_panic(|| tls.apply(builder).build())?.map_err(|err| {
            Error::from_network(ErrorKind::Configuration, "the HTTP client cannot be set up".to_owned(), err)
        })?;
        Ok(Pool { client, gates: Gates::new(most) })
    }
}

impl Family {
    const fn new() -> Self {
        Self { tls: OnceLock::new(), proxied: PerRuntime::new(), direct: PerRuntime::new() }
    }
}

impl PerRuntime {
    const fn new() -> Self {
        Self { first: OnceLock::new(), others: Mutex::new(Vec::new()) }
    }

    fn of(&self, id: Id) -> Option<Found<'_>> {
        let (owner, first) = self.first.get()?;
        if *owner == id {
            return Some(Found::First(first));
        }
        Self::among(&self.others(), id)
    }

    fn of_or(&self, id: Id, build: impl FnOnce() -> Result<Pool, Error>) -> Result<Found<'_>, Error> {
        // Held while building, so that two tasks do not build twice.
        let mut others = self.others();
        let known = match self.first.get() {
            Some((owner, first)) if *owner == id => Some(Found::First(first)),
            _ => Self::among(&others, id),
        };
        if let Some(pool) = known {
            return Ok(pool);
        }
        let pool = build()?;
        if self.first.get().is_none() {
            return Ok(Found::First(&self.first.get_or_init(|| (id, pool)).1));
        }
        if others.len() >= MOST_OTHERS {
            others.remove(0);
        }
        let pool = Arc::new(pool);
        others.push((id, Arc::clone(&pool)));
        Ok(Found::Other(pool))
    }

    fn others(&self) -> MutexGuard<'_, Vec<(Id, Arc<Pool>)>> {
        self.others.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn among(others: &[(Id, Arc<Pool>)], id: Id) -> Option<Found<'static>> {
        others.iter().find(|(owner, _)| *owner == id).map(|(_, pool)| Found::Other(Arc::clone(pool)))
    }
}
