//! Identity providers: who vouches for the identities of a domain.

use serde_json::{Value, json};

use super::state::AuthState;
use crate::ids::named_uuid;

const GLOBUS_ID: &str = "41143743-f3c8-4d60-bbdb-eeecaba85bd9";
/// The domain of the identities of clients.
const CLIENTS: &str = "clients.auth.globus.org";

/// The provider of one domain.
#[derive(Clone, Debug)]
pub(crate) struct Provider {
    pub(crate) id: String,
    pub(crate) name: String,
    domain: String,
    short_name: String,
}

impl Provider {
    pub(crate) fn of(domain: &str) -> Self {
        let (id, name, short_name) = match domain {
            "globusid.org" => (GLOBUS_ID.to_owned(), "Globus ID".to_owned(), "globusid"),
            CLIENTS => (named_uuid("provider:clients"), "Globus Auth Clients".to_owned(), "clients"),
            _ => (named_uuid(&format!("provider:{domain}")), format!("Login of {domain}"), domain),
        };
        Self { id, name, domain: domain.to_owned(), short_name: short_name.to_owned() }
    }

    pub(crate) fn domain(&self) -> &str {
        &self.domain
    }

    pub(crate) fn document(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "short_name": self.short_name,
            "alternative_names": [],
            "domains": [self.domain],
        })
    }
}

impl AuthState {
    /// A provider for each domain that somebody is of, and Globus' own.
    pub(crate) fn providers(&self) -> Vec<Provider> {
        let mut domains: Vec<&str> = self.identities.values().map(|identity| identity.domain()).collect();
        domains.push("globusid.org");
        domains.sort_unstable();
        domains.dedup();
        domains.into_iter().map(Provider::of).collect()
    }

    pub(crate) fn has_provider(&self, id: &str) -> bool {
        self.providers().iter().any(|provider| provider.id == id)
    }
}
