//! How a header comes about: stored tokens are looked at, a login is brought about where they will not do, and the renewal
//! engine does the rest.
//!
//! ```text
//! ready               ask the engine                                              slot.rs
//! not ready           look at what is stored: good? make an engine of it          look.rs
//! invalid             the handler decides: fail, or one login for all who wait    board.rs, log_in.rs
//! engine is stuck     remove what Auth refused, if it is still there; then as invalid
//! ```

use std::sync::Arc;

use globus_auth_core::{LoginDemand, Printable};
use globus_authorizers::{AuthorizationHeader, AuthorizerError};
use globus_tokenstorage::TokenData;

use crate::board::Need;
use crate::core::{Core, Kind};
use crate::login::{LoginReason, LoginReasonKind};
use crate::look::{Invalid, Look};
use crate::slot::{Ready, Slot};
use crate::{AppError, InvalidTokens, TokenValidationError, TokenValidationErrorKind, validate};

/// How often a call leads to a login: scopes may have been added while the first was under way.
const MOST_LOGINS: u32 = 2;

impl Core {
    pub(crate) async fn header(
        self: &Arc<Self>,
        slot: &Arc<Slot>,
    ) -> Result<Option<AuthorizationHeader>, AppError> {
        let mut logins = 0;
        loop {
            let look = if logins == 0 { Look::Whole } else { Look::WithoutConsents };
            let invalid = match self.look(slot, look).await? {
                Ok(ready) => match ready.engine.header().await {
                    Ok(header) => return Ok(header),
                    Err(err) if err.needs_login() && self.user().is_some() => {
                        self.lost(slot, &ready, err).await?
                    }
                    Err(err) => return Err(err.into()),
                },
                Err(invalid) => Some(invalid),
            };
            // Somebody has stored other tokens in the meantime: look at those.
            let Some(invalid) = invalid else { continue };
            if logins == MOST_LOGINS {
                return Err(invalid.error.into());
            }
            self.resolve(invalid).await?;
            logins += 1;
        }
    }

    /// Does about invalid tokens what the handler says.
    pub(crate) async fn resolve(self: &Arc<Self>, invalid: Invalid) -> Result<(), AppError> {
        let action = self.user().map(|user| (user.on_invalid_tokens)(&invalid.error));
        let demand = match action {
            Some(InvalidTokens::LogIn) => LoginDemand::default(),
            Some(InvalidTokens::LogInWith(demand)) => demand,
            Some(InvalidTokens::Fail) | None => return Err(invalid.error.into()),
        };
        self.log_in(Need { demand, ..invalid.into() }, || false).await
    }

    /// What is wrong with the stored tokens of which the engine can make no header any more; nothing when there are others by
    /// now.
    async fn lost(
        &self,
        slot: &Slot,
        ready: &Arc<Ready>,
        err: AuthorizerError,
    ) -> Result<Option<Invalid>, AppError> {
        let name = &*slot.resource_server;
        slot.reset_if(ready);
        let refused = err.refused_entry();
        if let Some(refused) = refused {
            self.remove_refused(name, refused).await;
        }
        let entries = self.entries().await?;
        let entry = entries.get(name);
        let used = refused.or(ready.entry.as_ref());
        let has_changed = |entry: &TokenData| used.is_none_or(|used| used.access_token != entry.access_token);
        if entry.is_some_and(has_changed) {
            return Ok(None);
        }
        let refresh_tokens = self.user().is_some_and(|user| user.refresh_tokens);
        let (required, now) = (slot.requirement.scopes(), self.shared.clock.now());
        let wrong = |kind| TokenValidationError::new(kind, err.to_string()).about(name);
        let error = match validate::entry(name, entry, &required, refresh_tokens, now) {
            _ if refused.is_some() => wrong(TokenValidationErrorKind::RefreshRefused),
            Err(error) => error,
            // A service has refused it before its time.
            Ok(()) => wrong(TokenValidationErrorKind::ExpiredToken),
        };
        Ok(Some(Invalid { error, stale: (name.to_owned(), entry.cloned()) }))
    }

    /// Removes what Auth does not take any more, unless somebody has logged in since.
    async fn remove_refused(&self, resource_server: &str, refused: &TokenData) {
        match self.storage.compare_and_swap(resource_server, Some(refused), None).await {
            Ok(true) => tracing::info!(resource_server, "removed tokens that Auth does not take any more"),
            Ok(false) => {}
            Err(err) => {
                tracing::warn!(
                    resource_server,
                    "tokens that Auth does not take any more stay, since they cannot be removed: {err}"
                );
            }
        }
    }

    /// Lets somebody log in for what a service demands, or a client ask for it.
    pub(crate) async fn meet(
        self: &Arc<Self>,
        slot: &Arc<Slot>,
        demand: &LoginDemand,
        header: &AuthorizationHeader,
    ) -> Result<bool, AppError> {
        let is_possible = match self.shared.kind {
            Kind::User(_) => demand.scopes().is_ok(),
            Kind::Client => demand.is_for_scopes_only() && demand.scopes().is_ok_and(|all| !all.is_empty()),
        };
        if !self.shared.auto_redrive || !is_possible {
            return Ok(false);
        }
        // A request that went out before the login which met the same demand needs none of its own.
        let is_met = || slot.current_header().as_ref() != Some(header) && self.board.has_met(demand);
        self.log_in(Need::demanded(&slot.resource_server, demand), is_met).await?;
        Ok(true)
    }
}

impl From<Invalid> for Need {
    fn from(invalid: Invalid) -> Self {
        let reason = LoginReason::from(&invalid.error);
        let stale = [invalid.stale].into();
        Self { reason, demand: LoginDemand::default(), stale, forced: false, gathers: false }
    }
}

impl Need {
    fn demanded(resource_server: &str, demand: &LoginDemand) -> Self {
        let why = match &demand.session_message {
            // It goes to terminals and logs.
            Some(message) => format!("{resource_server} demands it: {}", Printable::new(message)),
            None => format!("{resource_server} demands it"),
        };
        Self {
            reason: LoginReason::new(LoginReasonKind::Demanded, why),
            demand: demand.clone(),
            stale: [].into(),
            forced: false,
            gathers: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_service_says_reaches_terminals_and_logs_as_one_line_of_plain_text() {
        let mut demand = LoginDemand::default();
        demand.session_message = Some(format!("\u{1b}[2JEnter your\r\npassword{}", "!".repeat(5000)));
        let need = Need::demanded("transfer", &demand);
        let message = need.reason.message();
        assert!(
            message.starts_with("transfer demands it: ") && message.contains("[2JEnter your"),
            "{message}"
        );
        assert!(!message.contains(char::is_control) && message.chars().count() < 1100, "{message:?}");
    }
}
