//! People, and clients that act as themselves.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ids::named_uuid;

/// The provider of the users' identities.
pub(crate) const PROVIDER: &str = "41143743-f3c8-4d60-bbdb-eeecaba85bd9";
const PROVIDER_NAME: &str = "Globus ID";
/// The provider of the identities of clients.
const CLIENT_PROVIDER: &str = "3fae3f75-1b4e-5e9f-8d2c-6f0a55c1b0d1";

/// Somebody who can log in, or be named.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Identity {
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) organization: Option<String>,
    pub(crate) status: String,
    /// A client that acts as itself cannot log in.
    pub(crate) is_client: bool,
}

impl Identity {
    pub(crate) fn person(username: &str, name: &str, organization: &str) -> Self {
        Self {
            id: named_uuid(&format!("identity:{username}")),
            username: username.to_owned(),
            name: Some(name.to_owned()),
            email: Some(username.to_owned()),
            organization: Some(organization.to_owned()),
            status: "used".to_owned(),
            is_client: false,
        }
    }

    pub(crate) fn client(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            username: format!("{id}@clients.auth.globus.org"),
            name: Some(name.to_owned()),
            email: None,
            organization: None,
            status: "used".to_owned(),
            is_client: true,
        }
    }

    /// Somebody who was named before they ever logged in.
    pub(crate) fn provisioned(id: String, username: &str) -> Self {
        Self {
            id,
            username: username.to_owned(),
            name: None,
            email: Some(username.to_owned()),
            organization: None,
            status: "unused".to_owned(),
            is_client: false,
        }
    }

    pub(crate) fn provider(&self) -> &'static str {
        if self.is_client { CLIENT_PROVIDER } else { PROVIDER }
    }

    pub(crate) fn provider_name(&self) -> &'static str {
        if self.is_client { "Globus Auth clients" } else { PROVIDER_NAME }
    }

    pub(crate) fn document(&self) -> Value {
        json!({
            "id": self.id,
            "username": self.username,
            "name": self.name,
            "email": self.email,
            "organization": self.organization,
            "status": self.status,
            "identity_provider": self.provider(),
            "identity_type": if self.is_client { "client" } else { "login" },
        })
    }

    /// The entry in an `identity_set`.
    pub(crate) fn linked(&self, last_authentication: Option<i64>) -> Value {
        json!({
            "sub": self.id,
            "username": self.username,
            "name": self.name,
            "email": self.email,
            "organization": self.organization,
            "identity_provider": self.provider(),
            "identity_provider_display_name": self.provider_name(),
            "last_authentication": last_authentication,
        })
    }
}
