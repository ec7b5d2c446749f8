//! The life of an emulator: where it lives, how it begins, and how it ends.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};

use crate::app::App;
use crate::builder::Builder;
use crate::error::{Error, Result};
use crate::exchange::Exchange;
use crate::store::{Beginning, Database, Directory};
use crate::{keys, server, transfer};

/// Where the directories of the collections are. It is given up last.
#[derive(Debug)]
pub(crate) enum Home {
    /// It goes away with the emulator.
    Passing(TempDir),
    /// It stays, with the database in it.
    Kept(Directory),
}

impl Home {
    pub(crate) fn open(data: Option<&Path>) -> Result<Self> {
        if let Some(data) = data {
            return Directory::take(data).map(Self::Kept);
        }
        let directory = tempfile::Builder::new().prefix("globus-emulator-").tempdir();
        directory
            .map(Self::Passing)
            .map_err(|error| Error::io("cannot make a directory for the collections", error))
    }

    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Passing(directory) => directory.path(),
            Self::Kept(directory) => directory.path(),
        }
    }
}

/// What the thread says when the server is ready.
pub(crate) type Started = Result<(Exchange, tokio::runtime::Handle)>;

/// Everything on the server's thread, from the beginning to the end.
pub(crate) fn run(
    builder: Builder,
    base: &Path,
    stop: watch::Receiver<bool>,
    ready: oneshot::Sender<Started>,
) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let _ = ready.send(Err(Error::io("cannot start the server's runtime", error)));
            return;
        }
    };
    let (app, listener, writing) = match runtime.block_on(prepare(builder, base)) {
        Ok(prepared) => prepared,
        Err(error) => {
            let _ = ready.send(Err(error));
            return;
        }
    };
    let exchange = Exchange::new(Arc::clone(&app));
    if ready.send(Ok((exchange.clone(), runtime.handle().clone()))).is_ok() {
        runtime.block_on(async {
            transfer::resume(&app);
            server::serve(exchange, listener, stop).await;
        });
    }
    // Copies look up between two chunks; nothing here takes longer.
    runtime.shutdown_timeout(Duration::from_secs(5));
    app.end_keeping();
    if let Some(writing) = writing {
        let _ = writing.join();
    }
}

type Prepared = (Arc<App>, TcpListener, Option<JoinHandle<()>>);

async fn prepare(builder: Builder, base: &Path) -> Result<Prepared> {
    let Builder { port, seed, config, insecure_bind, data, settings } = builder;
    let beginning = if data.is_some() && Database::is_in(base) {
        Beginning::again(base, seed, config.as_ref())?
    } else {
        Beginning::new(base, seed, config.as_ref(), data.is_some())?
    };
    if beginning.key.is_none() {
        keys::prepare();
    }
    // Loopback and nothing else, unless told so: whoever reaches the port may log in as anybody.
    let bind = insecure_bind.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let listener = TcpListener::bind((bind, port))
        .await
        .map_err(|error| Error::io(format!("cannot listen on {bind} port {port}"), error))?;
    let address = listener.local_addr().map_err(|error| Error::io("cannot read the port", error))?;
    if !bind.is_loopback() {
        eprintln!(
            "warning: the emulator listens on {address}: whoever can reach it can log in as anybody, and read, change \
             and delete what is in the collections"
        );
    }
    let origin = server::origin(address, insecure_bind.and_then(|_| settings.hosts.names.first()));
    let (app, database) = App::new(origin, settings, beginning)?;
    let app = Arc::new(app);
    let writing = match database {
        Some(database) => app
            .keep(database)
            .map_err(|error| Error::io("cannot start the thread that writes the state", error))?,
        None => None,
    };
    Ok((app, listener, writing))
}
