//! What a client obtains for itself, beside the renewals of its engines.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use globus_auth_core::{Grant, OAuthToken, OAuthTokenResponse, Scopes};
use globus_tokenstorage::TokenData;

use crate::board::Need;
use crate::core::Core;
use crate::look::Invalid;
use crate::{AppError, requirements, validate};

/// The scopes that this process has asked for, by resource server: a client consents to what depends on a scope by asking for
/// both.
#[derive(Debug, Default)]
pub(crate) struct Obtained(Mutex<BTreeMap<String, Scopes>>);

impl Obtained {
    /// After a logout nothing is known any more.
    pub(crate) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn covers(&self, resource_server: &str, required: &Scopes) -> bool {
        let asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asked.get(resource_server).is_some_and(|asked| asked.merge(required).is_ok_and(|both| both == *asked))
    }

    fn add(&self, resource_server: &str, scopes: &Scopes) {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asked.insert(resource_server.to_owned(), scopes.clone());
    }
}

impl Core {
    /// A token for `required` that was asked for with all dependencies, where the client has not asked before.
    pub(crate) async fn consented_token(
        &self,
        resource_server: &str,
        required: &Scopes,
    ) -> Result<Option<OAuthToken>, AppError> {
        if !validate::has_dependencies(required) || self.obtained.covers(resource_server, required) {
            return Ok(None);
        }
        let response = self.ask(required).await?;
        self.obtained.add(resource_server, required);
        self.keep(&response).await;
        Ok(response.by_resource_server().get(resource_server).cloned())
    }

    /// Asks for all that is required, and for what a service demands: the login of a client.
    pub(crate) async fn obtain(self: &Arc<Self>, need: &Need) -> Result<(), AppError> {
        let required = self.shared.requirements.all();
        let all = requirements::merged(required.values(), &need.demand.scopes()?)?;
        if all.is_empty() {
            return Err(AppError::usage(
                "no scope is required; make clients with the app first, or use `add_scope_requirements`",
            ));
        }
        let response = self.ask(&all).await?;
        self.keep(&response).await;
        self.reset();
        for token in response.tokens() {
            let own = required.get(token.resource_server()).cloned().unwrap_or_default();
            self.obtained.add(token.resource_server(), &own);
        }
        Ok(())
    }

    /// What a client has to ask for first, if it has.
    pub(crate) async fn first_unobtained(&self) -> Result<Option<Need>, AppError> {
        let now = self.shared.clock.now();
        for (name, scopes) in self.shared.requirements.all() {
            // What cannot be read is asked for again: a client can do without a storage.
            let entry = self.storage.get_token_data(&name).await.unwrap_or_default();
            let entry = entry.filter(|entry| !validate::is_foreign(&self.shared.client, entry));
            let found = validate::entry(&name, entry.as_ref(), &scopes, false, now);
            if let Err(error) = found {
                return Ok(Some(Invalid { error, stale: (name, entry) }.into()));
            }
        }
        Ok(None)
    }

    async fn ask(&self, scopes: &Scopes) -> Result<OAuthTokenResponse, AppError> {
        Ok(self.shared.exchange.exchange(Grant::client_credentials(scopes)).await?)
    }

    /// Stores tokens for other processes, where nothing of somebody else's stands in their place. A client can do without.
    async fn keep(&self, response: &OAuthTokenResponse) {
        for (name, token) in response.by_resource_server() {
            let kept = async {
                let stored = self.storage.get_token_data(name).await?;
                if stored.as_ref().is_some_and(|entry| validate::is_foreign(&self.shared.client, entry)) {
                    return Ok(false);
                }
                self.storage.compare_and_swap(name, stored.as_ref(), Some(&TokenData::from(token))).await
            };
            if let Err(err) = kept.await {
                tracing::warn!(
                    resource_server = name.as_str(),
                    "the client's token is kept in memory alone, since it could not be stored: {err}"
                );
            }
        }
    }
}
