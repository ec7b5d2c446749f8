//! [`ClientApp`]: an app that acts for itself.

use std::sync::Arc;

use crate::app::impl_app;
use crate::core::Core;
use crate::{AppError, AppFuture, Login};

/// An app that acts for itself, as the identity of its client: a daemon, a pipeline, a service account in CI. Nobody logs in.
///
/// Tokens are obtained when a request needs them, renewed before they end, and kept for the next start; where they cannot be
/// stored, the app does without, with a warning. Clones are of one app.
///
/// ```no_run
/// use globus_app::ClientApp;
/// use globus_services::transfer::TransferClient;
///
/// # async fn example() -> Result<(), globus_services::Error> {
/// let app = ClientApp::from_env("nightly-copies")?; // GLOBUS_CLIENT_ID, GLOBUS_CLIENT_SECRET
/// let transfer = TransferClient::from_app(&app)?;
/// println!("{} tasks", transfer.task_list().await?.data.len());
/// app.settle().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ClientApp {
    core: Arc<Core>,
}

impl_app!(ClientApp);

impl ClientApp {
    /// The app of the client that `GLOBUS_CLIENT_ID` and `GLOBUS_CLIENT_SECRET` name.
    ///
    /// # Errors
    /// As [`build`](crate::AppBuilder::build) of its builder.
    pub fn from_env(name: impl Into<String>) -> Result<Self, AppError> {
        Self::builder(name).build()
    }

    /// Obtains tokens for all that the app requires, unless those stored will do. Requests do it for themselves.
    ///
    /// # Errors
    /// When Auth gives none, most often because the id or the secret is wrong.
    pub fn login(&self) -> Login {
        Login::new(&self.core)
    }

    /// Whether somebody has to log in: never.
    pub fn login_required(&self) -> AppFuture<bool> {
        Box::pin(async { Ok(false) })
    }
}
