//! Who is calling: bearer tokens and client credentials.

use std::sync::Arc;

use super::client::Client;
use super::error::AuthError;
use super::state::{AuthState, Grant};
use crate::app::App;
use crate::http::{Call, Form};
use crate::lock::lock;

/// The grant behind the bearer token of a call, which must be valid and for the resource server.
pub(crate) fn bearer(app: &App, call: &Call, resource_server: &str) -> Option<Arc<Grant>> {
    let token = call.bearer()?;
    let auth = lock(&app.auth);
    let access = auth.live_access(token, app.clock.millis())?;
    // A token for another service is as good as none: a service knows only its own.
    (access.grant.resource_server == resource_server).then(|| Arc::clone(&access.grant))
}

impl Grant {
    pub(crate) fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|held| held == scope)
    }

    pub(crate) fn has_any_scope(&self, scopes: &[&str]) -> bool {
        scopes.iter().any(|scope| self.has_scope(scope))
    }
}

/// The client that sent a form: by Basic, by secret in the form, or, when it is public, by its bare id.
pub(crate) fn client<'a>(auth: &'a AuthState, call: &Call, form: &Form) -> Result<&'a Client, AuthError> {
    let (id, secret) = match call.basic() {
        Some((id, secret)) => (id, Some(secret)),
        None if call.headers.contains_key(http::header::AUTHORIZATION) => {
            return Err(AuthError::invalid_client());
        }
        None => match form.get("client_id") {
            Some(id) => (id.to_owned(), form.get("client_secret").map(str::to_owned)),
            None => return Err(AuthError::invalid_client()),
        },
    };
    if form.get("client_id").is_some_and(|named| named != id) {
        return Err(AuthError::invalid_client());
    }
    let client = auth.clients.get(&id).ok_or_else(AuthError::invalid_client)?;
    let known = match secret {
        Some(secret) => client.has_secret(&secret),
        None => client.is_public(),
    };
    if known { Ok(client) } else { Err(AuthError::invalid_client()) }
}
