//! People, and clients that act as themselves.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::provider::Provider;
use crate::ids::named_uuid;

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
    /// The identity that it is linked to, which stands for both.
    pub(crate) linked_to: Option<String>,
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
            linked_to: None,
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
            linked_to: None,
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
            linked_to: None,
        }
    }

    /// What comes after the `@` of the username.
    pub(crate) fn domain(&self) -> &str {
        self.username.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The id of the provider that vouches for it.
    pub(crate) fn provider(&self) -> String {
        Provider::of(self.domain()).id
    }

    pub(crate) fn provider_name(&self) -> String {
        Provider::of(self.domain()).name
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
