//! Who calls the API under `/v2/api`, and what they may do there.

use std::sync::Arc;

use super::error::AuthError;
use super::registry::AUTH;
use super::session;
use super::state::Grant;
use crate::app::App;
use crate::http::Call;
use crate::lock::lock;

/// A client with its secret, or whoever a token for Auth stands for.
#[derive(Debug)]
pub(crate) struct Caller {
    /// The client that authenticated itself.
    pub(crate) client: Option<String>,
    /// The identity that calls, and those linked to it.
    pub(crate) identities: Vec<String>,
    /// The groups in which it is an active member.
    pub(crate) groups: Vec<String>,
}

/// How a call showed who it is from.
enum Shown {
    Secret(String),
    Token(Arc<Grant>),
}

fn shown(app: &App, call: &Call) -> Result<Shown, AuthError> {
    match call.basic() {
        Some((id, secret)) => {
            let auth = lock(&app.auth);
            let known = auth.clients.get(&id).is_some_and(|client| client.has_secret(&secret));
            if known { Ok(Shown::Secret(id)) } else { Err(AuthError::unauthorized()) }
        }
        None => session::bearer(app, call, AUTH).map(Shown::Token).ok_or_else(AuthError::unauthorized),
    }
}

/// Refuses a call that is from nobody.
pub(crate) fn authenticated(app: &App, call: &Call) -> Result<(), AuthError> {
    shown(app, call).map(drop)
}

impl Caller {
    /// Whoever sent the call, if its token has one of the scopes. Clients that authenticate need none.
    pub(crate) fn with_scope(app: &App, call: &Call, scopes: &[&str]) -> Result<Self, AuthError> {
        let (client, identity) = match shown(app, call)? {
            Shown::Token(grant) if !grant.has_any_scope(scopes) => {
                return Err(AuthError::missing_scope(scopes));
            }
            Shown::Token(grant) => (None, grant.identity.clone()),
            Shown::Secret(id) => (Some(id.clone()), id),
        };
        let identities = lock(&app.auth).identity_set(&identity);
        // Groups are never locked together with Auth.
        let groups = lock(&app.groups).joined_by(&identities);
        Ok(Self { client, identities, groups })
    }

    /// A person, or a client by its token: projects belong to identities, not to secrets.
    pub(crate) fn with_token(app: &App, call: &Call, scopes: &[&str]) -> Result<Self, AuthError> {
        let caller = Self::with_scope(app, call, scopes)?;
        if caller.client.is_some() {
            return Err(AuthError::forbidden("This needs a token; a client's secret is not enough"));
        }
        Ok(caller)
    }

    /// The identity that calls.
    pub(crate) fn identity(&self) -> &str {
        self.identities.first().map(String::as_str).unwrap_or_default()
    }
}
