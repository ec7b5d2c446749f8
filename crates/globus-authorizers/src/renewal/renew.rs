//! One renewal, from beginning to end.
//!
//! ```text
//! storage lock · re-read · already newer? adopt it : exchange · keep in memory · re-read and store · tell · unlock · wake all
//! ```
//!
//! Each step has a limit of its own, so that what Auth has answered is not lost to the time that others took.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, MutexGuard, PoisonError};

use globus_auth_core::Secret;
use globus_tokenstorage::{TokenData, TokenStorage};

use super::knowledge::Knowledge;
use super::trade::Obtained;
use super::{GrantSource, Held, Shared, held};
use crate::{AuthorizationHeader, AuthorizerError, AuthorizerErrorKind};

/// How often a renewal begins anew because the stored tokens were replaced during its exchange.
const MOST_EXCHANGES: u32 = 3;

impl Shared {
    pub(super) async fn renew(self: &Arc<Self>) -> Result<Arc<Held>, AuthorizerError> {
        match &self.settings.storage {
            Some(storage) => self.renew_stored(storage).await,
            None => self.renew_in_memory().await,
        }
    }

    async fn renew_in_memory(&self) -> Result<Arc<Held>, AuthorizerError> {
        if let Some(err) = self.knowledge().rejection(None) {
            return Err(err);
        }
        match self.exchange(None).await {
            Ok(obtained) => {
                self.knowledge().keep(obtained.data.clone(), None);
                self.outcome(obtained)
            }
            Err(err) => Err(self.remember(None, err)),
        }
    }

    async fn renew_stored(
        self: &Arc<Self>,
        storage: &Arc<dyn TokenStorage>,
    ) -> Result<Arc<Held>, AuthorizerError> {
        // Before the lock: at the start there is often a good token, and no reason to wait for anybody.
        let entry = self.entry(storage.as_ref()).await?;
        if let Some(found) = self.without_exchange(entry.as_ref()) {
            return found;
        }
        let mut lock = self.lock(storage.as_ref()).await?;
        for _ in 0..MOST_EXCHANGES {
            let entry = self.entry(storage.as_ref()).await?;
            if let Some(found) = self.without_exchange(entry.as_ref()) {
                return found;
            }
            match self.exchange(entry.as_ref()).await {
                Ok(obtained) => {
                    if self.store(storage, &mut lock, &obtained.data, entry).await {
                        return self.outcome(obtained);
                    }
                }
                Err(err) if err.needs_login() => {
                    // A program that takes no lock may have spent the refresh token and stored its successor meanwhile.
                    if self.entry(storage.as_ref()).await? == entry {
                        return Err(self.remember(entry, err));
                    }
                }
                Err(err) => return Err(err),
            }
        }
        Err(self.interrupted("other programs replaced the stored tokens again and again; try again"))
    }

    /// What the stored entry decides by itself: it is good, or known to be refused, or there is nothing to renew with.
    fn without_exchange(&self, entry: Option<&TokenData>) -> Option<Result<Arc<Held>, AuthorizerError>> {
        if let Some(held) = entry.and_then(|entry| self.adopt(entry)) {
            return Some(Ok(held));
        }
        if let Some(err) = self.knowledge().rejection(entry) {
            return Some(Err(err));
        }
        (entry.is_none() && self.needs_stored_token()).then(|| {
            let name = self.settings.name();
            Err(self.login_required(&format!("no tokens for {name} are stored")))
        })
    }

    /// Takes over a stored token that another task or process obtained, if it is better than the one in use.
    fn adopt(&self, entry: &TokenData) -> Option<Arc<Held>> {
        let now = self.settings.clock.now();
        let header = AuthorizationHeader::bearer(&entry.access_token);
        // Lives are compared, and not their ends: the clock may have been set in between.
        let left = entry.expires_at.saturating_since(now);
        let is_newer =
            self.held.load().as_ref().is_none_or(|held| held.header != header && held.left(now) < left);
        let is_good = left >= held::LEAST_TOKEN_LIFE
            && is_newer
            && !self.was_refused(&header, entry.expires_at)
            && self.settings.is_covered_by(entry)
            && !self.settings.is_foreign(entry)
            && !self.knowledge().is_outdated(entry);
        is_good.then(|| {
            tracing::debug!(
                resource_server = self.settings.name(),
                access_token = entry.access_token.fingerprint(),
                "took over a stored access token"
            );
            self.knowledge().clear();
            Arc::new(Held::new(entry, now, self.settings.refresh_ahead))
        })
    }

    /// What comes of an exchange whose tokens are safe.
    fn outcome(&self, obtained: Obtained) -> Result<Arc<Held>, AuthorizerError> {
        obtained.unusable.map_or_else(|| Ok(self.tell(&obtained.data)), Err)
    }

    /// Reports new tokens, and makes them ready for use.
    fn tell(&self, data: &TokenData) -> Arc<Held> {
        let name = self.settings.name();
        tracing::info!(
            resource_server = name,
            access_token = data.access_token.fingerprint(),
            refresh_token = data.refresh_token.as_ref().map(Secret::fingerprint),
            expires_at = data.expires_at.as_seconds(),
            "renewed the access token"
        );
        if let Some(on_refresh) = &self.settings.on_refresh
            && catch_unwind(AssertUnwindSafe(|| on_refresh(data))).is_err()
        {
            tracing::warn!(resource_server = name, "the `on_refresh` function panicked");
        }
        Arc::new(Held::new(data, self.settings.clock.now(), self.settings.refresh_ahead))
    }

    pub(super) fn needs_stored_token(&self) -> bool {
        matches!(self.settings.source, GrantSource::RefreshToken(_))
    }

    /// Keeps the refusal of a refresh token, which will not change until the entry does; other errors may pass.
    fn remember(&self, entry: Option<TokenData>, err: AuthorizerError) -> AuthorizerError {
        if !err.needs_login() {
            return err;
        }
        let is_refused = err.exchange_error().is_some();
        let err = if is_refused { err.about_entry(entry.clone()) } else { err };
        self.knowledge().reject(entry, err.clone());
        err
    }

    pub(super) fn login_required(&self, why: &str) -> AuthorizerError {
        AuthorizerError::new(AuthorizerErrorKind::LoginRequired, format!("{why}; log in again"))
    }

    pub(super) fn knowledge(&self) -> MutexGuard<'_, Knowledge> {
        self.knowledge.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
