//! [`Logout`]: ends tokens, and forgets them.

use std::future::IntoFuture;
use std::sync::Arc;

use globus_auth_core::{OAuthTokenResponse, Secret};
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
    forget: bool,
}

impl Logout {
    pub(crate) fn new(core: &Arc<Core>) -> Self {
        Self { core: Arc::clone(core), sweep: false, forget: false }
    }

    /// Whether all that is stored in the namespace of the app is ended, also what it does not require. It is not by default.
    pub fn sweep(mut self, sweep: bool) -> Self {
        self.sweep = sweep;
        self
    }

    /// Whether tokens are forgotten also where Auth could not be told, which leaves them good until they end: for when Auth does
    /// not know the client any more. They stay by default.
    pub fn forget(mut self, forget: bool) -> Self {
        self.forget = forget;
        self
    }

    async fn run(self) -> Result<(), AppError> {
        let Self { core, sweep, forget } = self;
        let required = core.shared.requirements.all();
        let is_wanted = |name: &str| sweep || required.contains_key(name);
        let slots: Vec<_> =
            core.slots().into_iter().filter(|slot| is_wanted(&slot.resource_server)).collect();
        let mut ended = Vec::new();
        let mut failed = None;
        let mut stored = core.stored().await?;
        stored.retain(|name| is_wanted(name));
        for name in stored {
            let result = core.end(&name, forget, &mut ended).await;
            failed = failed.or(told(&name, result));
        }
        // What could not be stored is in use all the same.
        for slot in slots {
            let token = slot.engine().and_then(|engine| engine.access_token());
            if let Some(token) = token.filter(|token| !ended.contains(token)) {
                let result = core.revoke(&token, forget).await;
                failed = failed.or(told(&slot.resource_server, result));
            }
        }
        core.reset();
        failed.map_or(Ok(()), Err)
    }
}

fn told(resource_server: &str, result: Result<(), AppError>) -> Option<AppError> {
    let err = result.err()?;
    tracing::warn!(resource_server, "the tokens could not be ended, and stay: {err}");
    Some(err)
}

impl Core {
    /// For what tokens are stored. A client can do without a storage, also without one that can be read.
    async fn stored(&self) -> Result<Vec<String>, AppError> {
        match self.entries().await {
            Err(err) if self.user().is_none() => {
                tracing::warn!("only tokens in use are ended, since the stored ones cannot be read: {err}");
                Ok(Vec::new())
            }
            entries => Ok(entries?.into_keys().collect()),
        }
    }

    /// Ends the tokens for one resource server, and then removes them: what Auth was not told of stays, to be tried again.
    async fn end(
        &self,
        resource_server: &str,
        forget: bool,
        ended: &mut Vec<Secret>,
    ) -> Result<(), AppError> {
        // No renewal may replace them in between; where nothing can be written, none does.
        let _lock = match self.storage.lock(resource_server).await {
            Err(err) if self.user().is_none() && !err.is_transient() => None,
            lock => Some(lock?),
        };
        while let Some(entry) = self.storage.get_token_data(resource_server).await? {
            for token in tokens(&entry) {
                self.revoke(token, forget).await?;
                ended.push(token.clone());
            }
            // Somebody who takes no lock may have logged in meanwhile; that login ends as well.
            if self.storage.compare_and_swap(resource_server, Some(&entry), None).await? {
                break;
            }
        }
        Ok(())
    }

    async fn revoke(&self, token: &Secret, forget: bool) -> Result<(), AppError> {
        match self.shared.client.revoke(token).await {
            Err(err) if forget => {
                tracing::warn!("a token is forgotten that could not be ended: {err}");
                Ok(())
            }
            result => Ok(result.map(drop)?),
        }
    }

    /// Ends the tokens of a login that are not kept, as far as Auth can be told.
    pub(crate) async fn give_back(&self, tokens: &OAuthTokenResponse) {
        let mut all = Vec::new();
        for token in tokens.tokens() {
            all.push(token.access_token());
            all.extend(token.refresh_token());
        }
        for token in all {
            if let Err(err) = self.shared.client.revoke(token).await {
                tracing::warn!("the tokens of a login that was refused could not be ended: {err}");
                return;
            }
        }
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
