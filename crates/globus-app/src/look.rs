//! Looking at what is stored for a resource server, and making an engine of it.

use std::sync::Arc;

use globus_auth_core::Scopes;
use globus_auth_core::scopes::AUTH;
use globus_authorizers::{AuthorizationHeader, ClientCredentialsAuthorizer, RefreshTokenAuthorizer};
use globus_tokenstorage::TokenData;

use crate::core::{Core, Kind, User};
use crate::slot::{Engine, Ready, Slot};
use crate::validate::{self, Entries};
use crate::{AppError, TokenValidationError, TokenValidationErrorKind};

/// Stored tokens that will not do.
#[derive(Debug)]
pub(crate) struct Invalid {
    pub(crate) error: TokenValidationError,
    /// For which resource server, and what was stored.
    pub(crate) stale: (String, Option<TokenData>),
}

/// How closely stored tokens are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Dependent scopes too: what was consented to is looked up where they are required.
    Whole,
    /// Without those: after a login that asked for them. What is still missing, the service itself will demand.
    WithoutConsents,
}

impl Core {
    /// What gives headers: as it is known, or by what is stored, at which one of those who wait looks.
    pub(crate) async fn look(
        &self,
        slot: &Arc<Slot>,
        look: Look,
    ) -> Result<Result<Arc<Ready>, Invalid>, AppError> {
        if let Some(ready) = slot.ready() {
            return Ok(Ok(ready));
        }
        let _turn = slot.looking.lock().await;
        if let Some(ready) = slot.ready() {
            return Ok(Ok(ready));
        }
        let version = slot.requirement.version();
        let required = slot.requirement.scopes();
        match &self.shared.kind {
            Kind::Client => {
                let engine = self.client_engine(slot, &required).await?;
                Ok(Ok(slot.set(Ready { engine, version, entry: None })))
            }
            Kind::User(user) => {
                let entries = self.entries().await?;
                self.see(&entries);
                if let Err(invalid) = self.inspect(user, slot, &required, &entries, look).await? {
                    return Ok(Err(invalid));
                }
                let entry = entries.get(&*slot.resource_server).cloned();
                let engine = slot.engine().unwrap_or_else(|| self.user_engine(slot));
                // Somebody else has logged in, with tokens that this engine does not know yet.
                let stored = entry.as_ref().map(|entry| AuthorizationHeader::bearer(&entry.access_token));
                if let Some(header) =
                    engine.get().current_header().filter(|header| stored.as_ref() != Some(header))
                {
                    engine.get().refused(&header);
                }
                Ok(Ok(slot.set(Ready { engine, version, entry })))
            }
        }
    }

    /// Whether what is stored for a person will do.
    pub(crate) async fn inspect(
        &self,
        user: &User,
        slot: &Slot,
        required: &Scopes,
        entries: &Entries,
        look: Look,
    ) -> Result<Result<(), Invalid>, AppError> {
        let name = &*slot.resource_server;
        let entry = entries.get(name);
        let invalid = |error| Ok(Err(Invalid { error, stale: (name.to_owned(), entry.cloned()) }));
        let identity = match validate::identity(entries) {
            Ok(identity) => identity,
            Err(error) => return invalid(error),
        };
        let now = self.shared.clock.now();
        if let Err(error) = validate::entry(name, entry, required, user.refresh_tokens, now) {
            return invalid(error);
        }
        let Some(identity) = identity.filter(|_| look == Look::Whole && validate::has_dependencies(required))
        else {
            return Ok(Ok(()));
        };
        // With Auth's own tokens, which have to be good as well.
        let auth = self.slot(AUTH.resource_server);
        let stored = entries.get(AUTH.resource_server);
        if let Err(error) = validate::entry(
            AUTH.resource_server,
            stored,
            &auth.requirement.scopes(),
            user.refresh_tokens,
            now,
        ) {
            let stale = (AUTH.resource_server.to_owned(), stored.cloned());
            return Ok(Err(Invalid { error, stale }));
        }
        let engine = auth.engine().unwrap_or_else(|| self.user_engine(&auth));
        if self.consents.meet(&self.shared, engine, identity, required).await {
            return Ok(Ok(()));
        }
        let message = format!("not all of what is required of {name} was consented to");
        invalid(
            TokenValidationError::new(TokenValidationErrorKind::UnmetScopeRequirements, message).about(name),
        )
    }

    fn user_engine(&self, slot: &Slot) -> Engine {
        let (exchange, storage) = (Arc::clone(&self.shared.exchange), Arc::clone(&self.storage));
        let authorizer = RefreshTokenAuthorizer::from_storage(exchange, storage, &*slot.resource_server);
        Engine::User(authorizer.with_clock(Arc::clone(&self.shared.clock)))
    }

    async fn client_engine(&self, slot: &Slot, required: &Scopes) -> Result<Engine, AppError> {
        let name = &*slot.resource_server;
        if required.is_empty() {
            return Err(AppError::usage(format!(
                "no scope of {name} is required; add those that the program needs with `add_scope_requirements`"
            )));
        }
        let (exchange, storage) = (Arc::clone(&self.shared.exchange), Arc::clone(&self.storage));
        let authorizer = ClientCredentialsAuthorizer::from_storage(exchange, storage, name, required);
        let authorizer = authorizer.with_clock(Arc::clone(&self.shared.clock));
        // A client consents by asking: a stored token does not tell whether it has asked for all that depends on its scopes.
        match self.consented_token(name, required).await? {
            Some(token) => Ok(Engine::Client(
                authorizer.with_access_token(token.access_token().clone(), token.expires_at()),
            )),
            None => Ok(Engine::Client(authorizer)),
        }
    }
}
