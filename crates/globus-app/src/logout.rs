//! [`Logout`]: ends tokens, and forgets them.

use std::future::IntoFuture;
use std::sync::Arc;

use globus_auth_core::Secret;
use globus_tokenstorage::TokenData;

use crate::AppError;
use crate::core::Core;

/// A log-out, which `.await` carries out. It is made by [`UserApp::logout`](crate::UserApp::logout) and
/// [`ClientApp::logout`](crate::ClientApp::logout).
#[derive(Clone, Debug)]
#[must_use = "a log-out does nothing until it is awaited"]
pub struct Logout {
    core: Arc<Core>,
    sweep: bool,
}

impl Logout {
    pub(crate) fn new(core: &Arc<Core>) -> Self {
        Self { core: Arc::clone(core), sweep: false }
    }

    /// Whether all that is stored in the namespace of the app is ended, also what it does not require. It is not by default.
    pub fn sweep(mut self, sweep: bool) -> Self {
        self.sweep = sweep;
        self
    }

    async fn run(self) -> Result<(), AppError> {
        let core = self.core;
        let required = core.shared.requirements.all();
        let entries = core.entries().await?;
        let wanted = entries.keys().filter(|name| self.sweep || required.contains_key(*name));
        let mut failed = None;
        for name in wanted {
            if let Err(err) = core.end(name).await {
                tracing::warn!(
                    resource_server = name.as_str(),
                    "the tokens could not be ended, and stay: {err}"
                );
                failed = failed.or(Some(err));
            }
        }
        core.reset();
        failed.map_or(Ok(()), Err)
    }
}

impl Core {
    /// Ends the tokens for one resource server, and then removes them: what Auth was not told of stays, to be tried again.
    async fn end(&self, resource_server: &str) -> Result<(), AppError> {
        // No renewal may replace them in between.
        let _lock = self.storage.lock(resource_server).await?;
        while let Some(entry) = self.storage.get_token_data(resource_server).await? {
            for token in tokens(&entry) {
                self.shared.client.revoke(token).await?;
            }
            // Somebody who takes no lock may have logged in meanwhile; that login ends as well.
            if self.storage.compare_and_swap(resource_server, Some(&entry), None).await? {
                break;
            }
        }
        Ok(())
    }
}

fn tokens(entry: &TokenData) -> impl Iterator<Item = &Secret> {
    [&entry.access_token].into_iter().chain(&entry.refresh_token)
}

impl IntoFuture for Logout {
    type Output = Result<(), AppError>;
    type IntoFuture = crate::AppFuture<()>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
