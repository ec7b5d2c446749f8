//! One renewal, from beginning to end.
//!
//! ```text
//! storage lock · re-read · already newer? adopt it : exchange · store · tell · publish · unlock · wake all
//! ```

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, MutexGuard, PoisonError};

use globus_auth_core::{ExchangeErrorKind, Grant, Secret};
use globus_tokenstorage::{StorageError, StorageLock, TokenData, TokenStorage};

use super::knowledge::Knowledge;
use super::{GrantSource, Held, Shared, held};
use crate::{AuthorizationHeader, AuthorizerError, AuthorizerErrorKind, answer};

impl Shared {
    pub(super) async fn renew(&self) -> Result<Arc<Held>, AuthorizerError> {
        match &self.settings.storage {
            Some(storage) => self.renew_stored(storage.as_ref()).await,
            None => self.renew_in_memory().await,
        }
    }

    async fn renew_in_memory(&self) -> Result<Arc<Held>, AuthorizerError> {
        if let Some(err) = self.knowledge().rejection(None) {
            return Err(err);
        }
        match self.exchange(None).await {
            Ok(data) => {
                self.knowledge().keep(data.clone(), None);
                Ok(self.tell(&data))
            }
            Err(err) => Err(self.remember(None, err)),
        }
    }

    async fn renew_stored(&self, storage: &dyn TokenStorage) -> Result<Arc<Held>, AuthorizerError> {
        // Before the lock: at the start there is often a good token, and no reason to wait for anybody.
        let entry = self.entry(storage).await?;
        if let Some(found) = self.without_exchange(entry.as_ref()) {
            return found;
        }
        let _lock = self.lock(storage).await?;
        let entry = self.entry(storage).await?;
        if let Some(found) = self.without_exchange(entry.as_ref()) {
            return found;
        }
        match self.exchange(entry.as_ref()).await {
            Ok(data) => Ok(self.store(storage, data, entry).await),
            Err(err) if err.needs_login() => self.after_rejection(storage, entry, err).await,
            Err(err) => Err(err),
        }
    }

    /// A program that takes no lock may have spent the refresh token and stored its successor meanwhile.
    async fn after_rejection(
        &self,
        storage: &dyn TokenStorage,
        before: Option<TokenData>,
        err: AuthorizerError,
    ) -> Result<Arc<Held>, AuthorizerError> {
        let entry = self.entry(storage).await?;
        if entry == before {
            return Err(self.remember(entry, err));
        }
        if let Some(found) = self.without_exchange(entry.as_ref()) {
            return found;
        }
        match self.exchange(entry.as_ref()).await {
            Ok(data) => Ok(self.store(storage, data, entry).await),
            Err(err) => Err(self.remember(entry, err)),
        }
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
        let is_newer = self
            .held
            .load()
            .as_ref()
            .is_none_or(|held| held.header != header && held.expires_at < entry.expires_at);
        let is_good = held::is_fresh(entry.expires_at, now)
            && is_newer
            && self.refused_header().is_none_or(|refused| refused != header)
            && self.settings.is_covered_by(entry)
            && !self.knowledge().is_outdated(entry);
        is_good.then(|| {
            tracing::debug!(
                resource_server = self.settings.name(),
                access_token = entry.access_token.fingerprint(),
                "took over a stored access token"
            );
            self.knowledge().stored();
            Arc::new(Held::new(entry, now, self.settings.refresh_ahead))
        })
    }

    /// Trades the refresh token that goes with `entry`, or the client itself, for new tokens.
    async fn exchange(&self, entry: Option<&TokenData>) -> Result<TokenData, AuthorizerError> {
        let basis = self.knowledge().basis(entry);
        let (grant, old) = match &self.settings.source {
            GrantSource::ClientCredentials { scope } if scope.trim().is_empty() => {
                return Err(AuthorizerError::new(
                    AuthorizerErrorKind::Exchange,
                    "no access token without a scope: name the scopes that the client needs",
                ));
            }
            GrantSource::ClientCredentials { scope } => (Grant::client_credentials(scope), None),
            GrantSource::RefreshToken(first) => {
                let refresh_token = self.refresh_token(basis.as_ref(), first.as_ref())?;
                (Grant::refresh_token(&refresh_token), Some(refresh_token))
            }
        };
        let name = self.settings.name();
        tracing::debug!(resource_server = name, grant_type = grant.grant_type(), "renewing the access token");
        let response =
            self.settings.exchange.exchange(grant).await.map_err(|err| match (err.kind(), &old) {
                (ExchangeErrorKind::InvalidGrant, Some(_)) => AuthorizerError::rejected(name, &err),
                _ => AuthorizerError::exchange(name, &err),
            })?;
        let token = answer::only_token(&response, self.settings.resource_server.as_deref(), old.is_some())?;
        let mut data = TokenData::from(token);
        // An answer repeats only what changes: what it leaves out stays as it was.
        data.refresh_token = data.refresh_token.or(old);
        if let Some(basis) = basis {
            data.identity_id = basis.identity_id;
            if data.scope.is_empty() {
                data.scope = basis.scope;
            }
        }
        Ok(data)
    }

    fn refresh_token(
        &self,
        basis: Option<&TokenData>,
        first: Option<&Secret>,
    ) -> Result<Secret, AuthorizerError> {
        basis.and_then(|data| data.refresh_token.as_ref()).or(first).cloned().ok_or_else(|| {
            self.login_required(&format!(
                "the stored access token for {} is of no more use, and no refresh token is stored",
                self.settings.name()
            ))
        })
    }

    /// Stores new tokens in place of `entry`. Tokens that cannot be stored are used all the same: they are all there is.
    async fn store(
        &self,
        storage: &dyn TokenStorage,
        data: TokenData,
        entry: Option<TokenData>,
    ) -> Arc<Held> {
        let tokens = [(self.settings.name().to_owned(), data.clone())].into();
        match storage.store_token_data_by_resource_server(&tokens).await {
            Ok(()) => self.knowledge().stored(),
            Err(err) => {
                tracing::warn!(
                    resource_server = self.settings.name(),
                    "the renewed tokens are kept in memory alone, since they could not be stored: {err}"
                );
                self.knowledge().keep(data.clone(), entry);
            }
        }
        self.tell(&data)
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

    async fn entry(&self, storage: &dyn TokenStorage) -> Result<Option<TokenData>, AuthorizerError> {
        self.or_without(storage.get_token_data(self.settings.name()).await).map(Option::flatten)
    }

    async fn lock(&self, storage: &dyn TokenStorage) -> Result<Option<StorageLock>, AuthorizerError> {
        self.or_without(storage.lock(self.settings.name()).await)
    }

    /// A storage that fails ends a renewal by refresh token, which could be spent and lost. Client credentials cannot be.
    fn or_without<T>(&self, result: Result<T, StorageError>) -> Result<Option<T>, AuthorizerError> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(err) if self.needs_stored_token() => {
                Err(AuthorizerError::storage(self.settings.name(), &err))
            }
            Err(err) => {
                tracing::warn!(
                    resource_server = self.settings.name(),
                    "going on without the token storage: {err}"
                );
                Ok(None)
            }
        }
    }

    fn needs_stored_token(&self) -> bool {
        matches!(self.settings.source, GrantSource::RefreshToken(_))
    }

    /// Keeps the refusal of a refresh token, which will not change until the entry does; other errors may pass.
    fn remember(&self, entry: Option<TokenData>, err: AuthorizerError) -> AuthorizerError {
        if err.needs_login() {
            self.knowledge().reject(entry, err.clone());
        }
        err
    }

    fn login_required(&self, why: &str) -> AuthorizerError {
        AuthorizerError::new(AuthorizerErrorKind::LoginRequired, format!("{why}; log in again"))
    }

    fn knowledge(&self) -> MutexGuard<'_, Knowledge> {
        self.knowledge.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
