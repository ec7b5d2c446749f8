//! A running emulator, as a program holds it.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::{oneshot, watch};

use crate::app::App;
use crate::browser::{self, Decision};
use crate::builder::Builder;
use crate::error::{Error, Result};
use crate::exchange::Exchange;
use crate::ids::MARKER;
use crate::life::{self, Home};
use crate::variables;

/// A local Globus. It stops, and its directories go away, when this is dropped.
///
/// It runs on a thread of its own, so it answers also while the test waits for a process, and a paused clock of the
/// test's runtime does not stop it.
pub struct Emulator {
    pub(crate) app: Arc<App>,
    pub(crate) exchange: Exchange,
    pub(crate) runtime: tokio::runtime::Handle,
    url: String,
    stop: watch::Sender<bool>,
    finished: watch::Receiver<bool>,
    thread: Option<JoinHandle<()>>,
    home: Home,
}

impl Emulator {
    /// What every token, code and client secret has in its text, and none of the real Globus: a search for it in logs and
    /// files finds whatever leaked. ID tokens are signed documents (`eyJ…`) and do not have it.
    pub const SECRET_MARKER: &str = MARKER;

    /// Starts with the default settings, on a free port.
    ///
    /// # Errors
    ///
    /// When there is no port, or the directories of the collections cannot be made.
    pub async fn start() -> Result<Self> {
        Self::builder().start().await
    }

    /// Sets up an emulator that differs from the default one.
    pub fn builder() -> Builder {
        Builder::new()
    }

    pub(crate) async fn launch(builder: Builder) -> Result<Self> {
        let mut home = Home::open(builder.data.as_deref())?;
        let base = home.path().to_path_buf();
        let (stop, stopped) = watch::channel(false);
        let (finish, finished) = watch::channel(false);
        let (ready, started) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("globus-emulator".to_owned())
            .spawn(move || {
                life::run(builder, &base, stopped, ready);
                finish.send_replace(true);
            })
            .map_err(|error| Error::io("cannot start the server's thread", error))?;
        let (exchange, runtime) =
            started.await.map_err(|_| Error::new("the server ended before it was ready"))??;
        let app = Arc::clone(exchange.app());
        let url = format!("{}/", app.origin);
        if let Home::Kept(directory) = &mut home {
            directory.announce(&app.origin)?;
        }
        let thread = Some(thread);
        Ok(Self { app, exchange, runtime, url, stop, finished, thread, home })
    }

    /// The base URL of all services: `http://127.0.0.1:PORT/`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The directory in which everything is kept, if it is: the one of [`Builder::data`], without links.
    #[must_use]
    pub fn data(&self) -> Option<&Path> {
        match &self.home {
            Home::Kept(directory) => Some(directory.path()),
            Home::Passing(_) => None,
        }
    }

    /// The environment variables that point a Globus program at this emulator.
    #[must_use]
    pub fn variables(&self) -> Vec<(String, String)> {
        variables::variables(&self.app)
    }

    /// The public client, which logs users in with PKCE.
    #[must_use]
    pub fn native_client_id(&self) -> &str {
        &self.app.world.native_client_id
    }

    /// The confidential client, which is also an identity.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.app.world.client_id
    }

    /// The secret of the confidential client.
    #[must_use]
    pub fn client_secret(&self) -> &str {
        &self.app.world.client_secret
    }

    /// The user who logs in.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.app.world.username
    }

    /// The identity id of the user who logs in.
    #[must_use]
    pub fn user_id(&self) -> &str {
        &self.app.world.user_id
    }

    /// The first collection.
    #[must_use]
    pub fn collection_a(&self) -> &str {
        &self.app.world.collection_a
    }

    /// The second collection.
    #[must_use]
    pub fn collection_b(&self) -> &str {
        &self.app.world.collection_b
    }

    /// The collection that needs the `data_access` consent.
    #[must_use]
    pub fn collection_data_access(&self) -> &str {
        &self.app.world.collection_data_access
    }

    /// The collection with high assurance, which asks for a login of the last half hour.
    #[must_use]
    pub fn collection_high_assurance(&self) -> &str {
        &self.app.world.collection_high_assurance
    }

    /// The directory that is `/` of the first collection.
    #[must_use]
    pub fn collection_a_dir(&self) -> &Path {
        &self.app.world.collection_a_dir
    }

    /// The directory that is `/` of the second collection.
    #[must_use]
    pub fn collection_b_dir(&self) -> &Path {
        &self.app.world.collection_b_dir
    }

    /// The directory that is `/` of the collection that needs the `data_access` consent.
    #[must_use]
    pub fn collection_data_access_dir(&self) -> &Path {
        &self.app.world.collection_data_access_dir
    }

    /// The directory that is `/` of the collection with high assurance.
    #[must_use]
    pub fn collection_high_assurance_dir(&self) -> &Path {
        &self.app.world.collection_high_assurance_dir
    }

    /// Does what a browser and a user would do: opens the authorize URL, presses "Allow", and returns the code from the
    /// page, or from the address of the program that the browser is sent to (which is not called).
    ///
    /// # Errors
    ///
    /// When the page shows an error, or the program is told one; the text says which.
    pub async fn approve(&self, authorize_url: &str) -> Result<String> {
        self.browse(authorize_url, Decision::Allow, false).await
    }

    /// As [`approve`](Self::approve), and then calls the program at its address, as a browser does: for programs that
    /// wait for the code on a local port.
    ///
    /// # Errors
    ///
    /// As [`approve`](Self::approve); also when the program cannot be reached.
    pub async fn approve_and_follow(&self, authorize_url: &str) -> Result<String> {
        self.browse(authorize_url, Decision::Allow, true).await
    }

    /// Opens the authorize URL, presses "Deny", and calls the program at its address if it has one. Returns the error that
    /// the program is told (`access_denied`).
    ///
    /// # Errors
    ///
    /// When there was nothing to deny.
    pub async fn deny(&self, authorize_url: &str) -> Result<String> {
        self.browse(authorize_url, Decision::Deny, true).await
    }

    async fn browse(&self, url: &str, decision: Decision, follow: bool) -> Result<String> {
        let (sender, receiver) = oneshot::channel();
        let (url, display) = (url.to_owned(), self.app.display_page());
        self.runtime.spawn(async move {
            let _ = sender.send(browser::decide(&url, &display, decision, follow).await);
        });
        receiver.await.unwrap_or_else(|_| Err(Error::new("the emulator has stopped")))
    }

    /// Stops the server and waits until it has stopped. Dropping does the same.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        let _ = self.finished.wait_for(|finished| *finished).await;
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
