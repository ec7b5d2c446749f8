//! Everything Auth remembers.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::client::Client;
use super::consent::Consents;
use super::identity::Identity;
use super::registry::Registry;
use super::scope::Scope;
use crate::store::{Table, tables};

tables! {
    /// By id, by name, or by the secret text of a code or token.
    pub(crate) struct AuthState {
        pub(crate) clients: Table<Client>,
        pub(crate) identities: Table<Identity>,
        pub(crate) registry: Registry,
        pub(crate) consents: Consents,
        pub(crate) codes: Table<Code>,
        pub(crate) access: Table<AccessToken>,
        pub(crate) refresh: Table<RefreshToken>,
    }
}

/// What a token stands for.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Grant {
    pub(crate) client: String,
    pub(crate) identity: String,
    pub(crate) resource_server: String,
    pub(crate) scopes: Vec<String>,
    /// The client that asked the user; a resource server that acts for the user downstream is another one.
    pub(crate) consent_client: String,
    /// For each scope, the scopes it was reached through, itself included.
    pub(crate) paths: Vec<Vec<String>>,
    /// When the user logged in, in seconds; `None` where a client acts as itself.
    pub(crate) logged_in: Option<i64>,
    pub(crate) session: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct AccessToken {
    #[serde(with = "crate::store::shared")]
    pub(crate) grant: Arc<Grant>,
    pub(crate) issued_millis: i64,
    pub(crate) expires_millis: i64,
    /// The refresh token that it goes away with.
    pub(crate) refresh: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct RefreshToken {
    #[serde(with = "crate::store::shared")]
    pub(crate) grant: Arc<Grant>,
    pub(crate) issued_millis: i64,
    pub(crate) used_millis: i64,
}

/// An authorization code, until it is used.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Code {
    pub(crate) client: String,
    pub(crate) identity: String,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) challenge: Option<String>,
    pub(crate) offline: bool,
    pub(crate) state: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) issued_millis: i64,
}

/// Codes are exchanged at once; ten minutes leave time to copy one by hand.
pub(crate) const CODE_MILLIS: i64 = 10 * 60 * 1000;
/// A refresh token that nobody uses for half a year is dropped.
const REFRESH_IDLE_MILLIS: i64 = 183 * 24 * 3600 * 1000;

impl AuthState {
    /// The access token, unless it has expired or was revoked.
    pub(crate) fn live_access(&self, token: &str, now: i64) -> Option<&AccessToken> {
        self.access.get(token).filter(|access| now < access.expires_millis)
    }

    /// The refresh token, unless it has lapsed or was revoked.
    pub(crate) fn live_refresh(&self, token: &str, now: i64) -> Option<&RefreshToken> {
        self.refresh.get(token).filter(|refresh| now - refresh.used_millis < REFRESH_IDLE_MILLIS)
    }

    /// The texts of all codes, tokens and client secrets.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &String> {
        let of_clients = self.clients.values().flat_map(|client| &client.credentials);
        let tokens = self.codes.keys().chain(self.access.keys()).chain(self.refresh.keys());
        tokens.chain(of_clients.map(|credential| &credential.secret))
    }

    /// Forgets a token; a refresh token takes the access tokens it made along.
    pub(crate) fn revoke(&mut self, token: &str) -> bool {
        if self.refresh.remove(token).is_some() {
            self.access.retain(|_, access| access.refresh.as_deref() != Some(token));
            return true;
        }
        self.access.remove(token).is_some()
    }

    pub(crate) fn identity_named(&self, username: &str) -> Option<&Identity> {
        self.identities.values().find(|identity| identity.username.eq_ignore_ascii_case(username))
    }

    pub(crate) fn add_client(&mut self, client: Client) {
        if !client.public {
            self.identities.insert(client.id.clone(), Identity::client(&client.id, &client.name));
        }
        self.clients.insert(client.id.clone(), client);
    }

    pub(crate) fn remove_client(&mut self, id: &str) -> Option<Client> {
        let client = self.clients.remove(id)?;
        self.access.retain(|_, access| access.grant.client != id);
        self.refresh.retain(|_, refresh| refresh.grant.client != id);
        self.codes.retain(|_, code| code.client != id);
        self.consents.forget_client(id);
        Some(client)
    }
}
