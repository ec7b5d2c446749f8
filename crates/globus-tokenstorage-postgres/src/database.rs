//! [`Database`]: connections, as many as are allowed, made when they are needed.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use globus_tokenstorage::{StorageError, StorageErrorKind};
use tokio::runtime::Handle;
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};
use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, NoTls};

use crate::error::{Cause, Context, Doing};
use crate::settings::{Settings, Tls};
use crate::tls::Connector;

/// One database, shared by all views and clones of a storage.
pub(crate) struct Database {
    pub(crate) settings: Settings,
    connector: OnceCell<Connector>,
    pub(crate) tables_are_there: OnceCell<()>,
    permits: Semaphore,
    idle: Mutex<Vec<Client>>,
}

/// A connection out of the pool. It is closed when it is dropped, which stops whatever it is still doing, unless it was given back.
pub(crate) struct Connection<'a> {
    database: &'a Database,
    _permit: SemaphorePermit<'a>,
    pub(crate) client: Client,
    /// It was used before, and may have been closed by the server since.
    pub(crate) is_used: bool,
}

impl Database {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            permits: Semaphore::new(settings.limits.connections.min(Semaphore::MAX_PERMITS)),
            settings,
            connector: OnceCell::new(),
            tables_are_there: OnceCell::new(),
            idle: Mutex::default(),
        }
    }

    pub(crate) fn context(&self, doing: Doing) -> Context<'_> {
        Context { place: &self.settings.place, doing }
    }

    /// A connection, when one is free.
    pub(crate) async fn connection(&self, doing: Doing) -> Result<Connection<'_>, StorageError> {
        let limits = &self.settings.limits;
        let permit = tokio::time::timeout(limits.wait, self.permits.acquire()).await;
        let Ok(Ok(permit)) = permit else {
            let why = format!(
                "all {} connections were in use for {} s; try again, or raise the pool size",
                limits.connections,
                limits.wait.as_secs_f32()
            );
            return Err(self.context(doing).error(StorageErrorKind::Unavailable, &why));
        };
        let (client, is_used) = match self.idle_client() {
            Some(client) => (client, true),
            None => (self.connect(doing).await?, false),
        };
        Ok(Connection { database: self, _permit: permit, client, is_used })
    }

    /// A connection beside the pool.
    pub(crate) async fn connect(&self, doing: Doing) -> Result<Client, StorageError> {
        let context = self.context(doing);
        self.limited(doing, async {
            let client = self.open(doing).await?;
            client.batch_execute(&self.session()).await.map_err(|err| context.because(err))?;
            Ok(client)
        })
        .await
    }

    /// `work`, unless it takes too long.
    pub(crate) async fn limited<T>(
        &self,
        doing: Doing,
        work: impl Future<Output = Result<T, StorageError>>,
    ) -> Result<T, StorageError> {
        let limit = self.settings.limits.operation;
        tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
            let unknown =
                if doing == Doing::Writing { ", and whether the change was made is not known" } else { "" };
            let why = format!(
                "it does not answer within {} s{unknown}; see whether the server runs, and the way to it",
                limit.as_secs_f32()
            );
            Err(self.context(doing).error(StorageErrorKind::Unavailable, &why))
        })
    }

    /// Without a runtime there is no network.
    pub(crate) fn check_runtime(&self, doing: Doing) -> Result<(), StorageError> {
        Handle::try_current().map(drop).map_err(|err| {
            let why = "there is no tokio runtime here; call it from one, with `enable_all`";
            self.context(doing).error(StorageErrorKind::Other, why).with_source(err)
        })
    }

    /// Closes the connections that nobody uses.
    pub(crate) fn forget_idle(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn idle_client(&self) -> Option<Client> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        std::iter::from_fn(|| idle.pop()).find(|client| !client.is_closed())
    }

    async fn open(&self, doing: Doing) -> Result<Client, StorageError> {
        let context = self.context(doing);
        let mut config = self.settings.config.clone();
        let fallback = match self.settings.tls {
            Tls::Never => return self.open_plain(doing).await,
            Tls::Always => {
                config.ssl_mode(SslMode::Require);
                false
            }
            Tls::IfOffered { on_this_machine } => {
                config.ssl_mode(SslMode::Prefer);
                on_this_machine
            }
        };
        match config.connect(self.connector(doing).await?).await {
            Ok((client, connection)) => {
                tokio::spawn(connection);
                Ok(client)
            }
            // Servers are often installed with a certificate that nobody vouches for. Within one machine nobody needs it.
            Err(err) if fallback && err.to_string().contains("TLS") => self.open_plain(doing).await,
            Err(err) => Err(context.because(err)),
        }
    }

    async fn open_plain(&self, doing: Doing) -> Result<Client, StorageError> {
        let mut config = self.settings.config.clone();
        config.ssl_mode(SslMode::Disable);
        let (client, connection) =
            config.connect(NoTls).await.map_err(|err| self.context(doing).because(err))?;
        tokio::spawn(connection);
        Ok(client)
    }

    async fn connector(&self, doing: Doing) -> Result<Connector, StorageError> {
        let context = self.context(doing);
        let connector = self.connector.get_or_try_init(|| async {
            let roots = self.settings.roots.clone();
            let made = tokio::task::spawn_blocking(move || Connector::new(&roots)).await;
            match made {
                Ok(Ok(connector)) => Ok(connector),
                Ok(Err((why, cause))) => {
                    Err(context.error(StorageErrorKind::Unreadable, &why).with_source(Cause::of(cause)))
                }
                Err(err) => {
                    let why = "TLS could not be set up: the runtime shuts down";
                    Err(context.error(StorageErrorKind::Other, why).with_source(err))
                }
            }
        });
        connector.await.cloned()
    }

    /// What each session begins with, whatever the server's defaults are: a statement ends by itself when nobody waits for it any
    /// more, and a session whose client has vanished does not keep its locks for hours.
    fn session(&self) -> String {
        let milliseconds = self.settings.limits.operation.as_millis().clamp(1, i32::MAX as u128);
        format!(
            "SET default_transaction_isolation = 'read committed'; SET statement_timeout = {milliseconds}; \
             SELECT set_config(name, wanted, false) FROM pg_settings JOIN (VALUES \
             ('idle_session_timeout', '0'), ('tcp_keepalives_idle', '15'), ('tcp_keepalives_interval', '5'), \
             ('tcp_keepalives_count', '3')) AS settings (setting_name, wanted) ON name = setting_name"
        )
    }
}

impl Connection<'_> {
    /// Lets others use it. Nothing may be under way on it.
    pub(crate) fn give_back(self) {
        let Self { database, _permit, client, is_used: _ } = self;
        if !client.is_closed() {
            database.idle.lock().unwrap_or_else(PoisonError::into_inner).push(client);
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.fmt(f)
    }
}
