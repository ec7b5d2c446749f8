//! Everything Auth remembers.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::client::Client;
use super::consent::Consents;
use super::identity::Identity;
use super::login_session::Session;
use super::policy::Policy;
use super::project::Project;
use super::registry::Registry;
use super::scope::Scope;
use crate::store::{Table, tables};

tables! {
    /// By id, by name, or by the secret text of a code or token.
    pub(crate) struct AuthState {
        pub(crate) clients: Table<Client>,
        pub(crate) identities: Table<Identity>,
        pub(crate) projects: Table<Project>,
        pub(crate) policies: Table<Policy>,
        pub(crate) registry: Registry,
        pub(crate) consents: Consents,
        pub(crate) sessions: Table<Session>,
        /// The session of each browser, by its cookie.
        pub(crate) browsers: Table<Browser>,
        pub(crate) codes: Table<Code>,
        pub(crate) access: Table<AccessToken>,
        pub(crate) refresh: Table<RefreshToken>,
        /// Codes and refresh tokens that were used up: whoever uses one again may have stolen it.
        pub(crate) spent: Table<Spent>,
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
    /// The session that it was made in; `None` where a client acts as itself.
    pub(crate) session: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct AccessToken {
    #[serde(with = "crate::store::shared")]
    pub(crate) grant: Arc<Grant>,
    pub(crate) issued_millis: i64,
    pub(crate) expires_millis: i64,
    /// The tokens that it goes away with: all that came of one login for one resource server.
    pub(crate) family: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct RefreshToken {
    #[serde(with = "crate::store::shared")]
    pub(crate) grant: Arc<Grant>,
    pub(crate) issued_millis: i64,
    pub(crate) used_millis: i64,
    pub(crate) family: String,
}

/// A code or refresh token after its use.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Spent {
    pub(crate) client: String,
    /// What was made of it.
    pub(crate) families: Vec<String>,
    pub(crate) at_millis: i64,
}

/// The session that a browser is in.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Browser {
    pub(crate) session: String,
    /// Who logged in last.
    pub(crate) identity: String,
}

/// An authorization code, until it is used.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Code {
    pub(crate) client: String,
    pub(crate) identity: String,
    pub(crate) session: String,
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
        if let Some(family) = self.refresh.get(token).map(|refresh| refresh.family.clone()) {
            self.end_family(&family);
            return true;
        }
        self.access.remove(token).is_some()
    }

    /// Ends all tokens that came of one login for one resource server.
    pub(crate) fn end_family(&mut self, family: &str) {
        self.access.retain(|_, access| access.family != family);
        self.refresh.retain(|_, refresh| refresh.family != family);
    }

    /// Remembers that a code or refresh token was used up, for as long as somebody could have kept it.
    pub(crate) fn spend(&mut self, secret: &str, client: &str, families: Vec<String>, now: i64) {
        if self.spent.len().is_multiple_of(1024) {
            self.spent.retain(|_, spent| now - spent.at_millis < REFRESH_IDLE_MILLIS);
        }
        let spent = Spent { client: client.to_owned(), families, at_millis: now };
        self.spent.insert(secret.to_owned(), spent);
    }

    /// Whether the client uses again what it used up; then all that came of the first use ends.
    pub(crate) fn is_used_again(&mut self, secret: &str, client: &str) -> bool {
        let Some(spent) = self.spent.get(secret).filter(|spent| spent.client == client).cloned() else {
            return false;
        };
        for family in &spent.families {
            self.end_family(family);
        }
        true
    }

    pub(crate) fn identity_named(&self, username: &str) -> Option<&Identity> {
        self.identities.values().find(|identity| identity.username.eq_ignore_ascii_case(username))
    }

    /// The username, or the id itself where there is no such identity.
    pub(crate) fn username<'a>(&'a self, id: &'a str) -> &'a str {
        self.identities.get(id).map_or(id, |identity| &identity.username)
    }

    /// The identity that stands for all that are linked.
    pub(crate) fn primary<'a>(&'a self, id: &'a str) -> &'a str {
        self.identities.get(id).and_then(|identity| identity.linked_to.as_deref()).unwrap_or(id)
    }

    /// The identity itself first, then those that are linked to it.
    pub(crate) fn identity_set(&self, id: &str) -> Vec<String> {
        let primary = self.primary(id);
        let linked = self
            .identities
            .values()
            .filter(|other| other.id != id && self.primary(&other.id) == primary)
            .map(|other| other.id.clone());
        std::iter::once(id.to_owned()).chain(linked).collect()
    }

    /// Adds a client, or changes the one of the same id.
    pub(crate) fn add_client(&mut self, client: Client) {
        if !client.is_public() {
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
        let scopes: Vec<String> = self
            .registry
            .all()
            .filter(|(_, record)| record.client == id)
            .map(|(name, _)| name.to_owned())
            .collect();
        for scope in scopes {
            self.remove_scope(&scope);
        }
        Some(client)
    }

    /// Forgets a scope, the consents to it, and the tokens for it.
    pub(crate) fn remove_scope(&mut self, name: &str) {
        self.registry.remove(name);
        self.consents.forget_scope(name);
        self.access.retain(|_, access| !access.grant.has_scope(name));
        self.refresh.retain(|_, refresh| !refresh.grant.has_scope(name));
    }

    /// Consents follow to the new name. Tokens end: they say the old one.
    pub(crate) fn rename_scope(&mut self, from: &str, to: &str) {
        self.registry.rename(from, to);
        self.consents.rename_scope(from, to);
        self.access.retain(|_, access| !access.grant.has_scope(from));
        self.refresh.retain(|_, refresh| !refresh.grant.has_scope(from));
    }
}
