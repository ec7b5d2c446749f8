//! Programs that are registered with Auth.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ids::same_secret;

/// A registered program.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) public: bool,
    pub(crate) kind: String,
    pub(crate) credentials: Vec<Credential>,
    pub(crate) redirect_uris: Vec<String>,
    /// Whether any `http://localhost:*` and `http://127.0.0.1:*` may receive codes.
    pub(crate) loopback: bool,
    pub(crate) parent: Option<String>,
    /// Whether anybody may make an instance of it.
    pub(crate) template: bool,
    /// What the registration says beyond that: links, visibility, project, …
    pub(crate) more: serde_json::Map<String, Value>,
}

/// One secret of a client.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Credential {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) secret: String,
    pub(crate) created: i64,
}

impl Client {
    pub(crate) fn public(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            public: true,
            kind: "public_installed_client".to_owned(),
            credentials: Vec::new(),
            redirect_uris: Vec::new(),
            loopback: true,
            parent: None,
            template: false,
            more: serde_json::Map::new(),
        }
    }

    pub(crate) fn confidential(id: &str, name: &str, credential: Credential) -> Self {
        Self {
            public: false,
            kind: "confidential_client".to_owned(),
            credentials: vec![credential],
            ..Self::public(id, name)
        }
    }

    /// Whether the secret is one of the client's; looks at all of them, so that the time tells nothing.
    pub(crate) fn has_secret(&self, secret: &str) -> bool {
        self.credentials.iter().filter(|credential| same_secret(&credential.secret, secret)).count() > 0
    }

    pub(crate) fn may_redirect_to(&self, uri: &str, display_page: &str) -> bool {
        uri == display_page
            || self.redirect_uris.iter().any(|registered| registered == uri)
            || (self.loopback && is_loopback_uri(uri))
    }

    pub(crate) fn document(&self) -> Value {
        let grants = if self.public {
            ["authorization_code", "refresh_token"]
        } else {
            ["authorization_code", "client_credentials"]
        };
        let mut document = json!({
            "id": self.id,
            "name": self.name,
            "public_client": self.public,
            "client_type": self.kind,
            "redirect_uris": self.redirect_uris,
            "parent_client": self.parent,
            "grant_types": grants,
            "fqdns": [],
            "scopes": [],
            "links": { "privacy_policy": null, "terms_and_conditions": null },
            "visibility": "private",
            "required_idp": null,
            "preselect_idp": null,
            "prompt_for_named_grant": false,
            "userinfo_from_effective_identity": true,
            "project": null,
        });
        if let Value::Object(fields) = &mut document {
            fields.extend(self.more.clone());
        }
        document
    }
}

impl Credential {
    pub(crate) fn document(&self, client: &str, with_secret: bool) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "client": client,
            "created": crate::clock::rfc3339(self.created),
            "secret": with_secret.then_some(&self.secret),
        })
    }
}

/// `http://localhost…` or `http://127.0.0.1…`, with any port and path, without fragment or user.
fn is_loopback_uri(uri: &str) -> bool {
    let Some(rest) = uri.strip_prefix("http://") else { return false };
    if uri.contains(['#', '\\']) || uri.contains(|c: char| c.is_control() || c == ' ') {
        return false;
    }
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let (host, port) = match authority.strip_prefix("[::1]") {
        Some(port) => ("[::1]", port),
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
        && (port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_go_to_registered_places_and_this_machine_only() {
        let mut client = Client::public("c", "C");
        client.redirect_uris.push("https://example.org/cb".to_owned());
        let display = "http://127.0.0.1:1/v2/web/auth-code";
        for good in [
            display,
            "https://example.org/cb",
            "http://localhost:8000",
            "http://127.0.0.1:5/x?y",
            "http://[::1]:9/",
        ] {
            assert!(client.may_redirect_to(good, display), "{good}");
        }
        for bad in [
            "https://example.org/cb/x",
            "https://localhost:1/",
            "http://localhost.example.org/",
            "http://localhost:1@example.org/",
            "http://localhost:99999/",
            "http://localhost:1/#x",
            "http://127.0.0.1\\.example.org/",
            "",
        ] {
            assert!(!client.may_redirect_to(bad, display), "{bad}");
        }
    }

    #[test]
    fn every_secret_of_a_client_works_and_no_other() {
        let credential = Credential { id: "1".into(), name: "n".into(), secret: "good".into(), created: 0 };
        let client = Client::confidential("c", "C", credential);
        assert!(client.has_secret("good"));
        assert!(!client.has_secret("goo"));
        assert!(!Client::public("c", "C").has_secret(""));
    }
}
