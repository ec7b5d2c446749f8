//! Programs that are registered with Auth.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::registry::Registry;
use crate::ids::same_secret;

/// A registered program.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: ClientKind,
    pub(crate) credentials: Vec<Credential>,
    pub(crate) redirect_uris: Vec<String>,
    /// Whether any `http://localhost:*` and `http://127.0.0.1:*` may receive codes.
    pub(crate) loopback: bool,
    pub(crate) parent: Option<String>,
    pub(crate) project: Option<String>,
    /// Whether anybody may make an instance of it.
    pub(crate) template: bool,
    pub(crate) fqdns: Vec<String>,
    pub(crate) settings: ClientSettings,
}

/// What a registration says beyond who the program is and where it is reached.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ClientSettings {
    /// Whether others may see it.
    pub(crate) public_visibility: bool,
    pub(crate) privacy_policy: Option<String>,
    pub(crate) terms_and_conditions: Option<String>,
    /// The provider that users must log in with.
    pub(crate) required_idp: Option<String>,
    /// The provider that the login page offers first.
    pub(crate) preselect_idp: Option<String>,
    pub(crate) prompt_for_named_grant: bool,
    pub(crate) userinfo_from_effective_identity: bool,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            public_visibility: false,
            privacy_policy: None,
            terms_and_conditions: None,
            required_idp: None,
            preselect_idp: None,
            prompt_for_named_grant: false,
            userinfo_from_effective_identity: true,
        }
    }
}

/// What a client is, which says how it may get tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ClientKind {
    PublicInstalledClient,
    PublicWebappClient,
    ConfidentialClient,
    ClientIdentity,
    ResourceServer,
    HybridConfidentialClientResourceServer,
    GlobusConnectServer,
}

/// The grant by which a resource server acts for its caller.
pub(crate) const DEPENDENT_GRANT: &str = "urn:globus:auth:grant_type:dependent_token";

impl ClientKind {
    const ALL: [(Self, &'static str); 7] = [
        (Self::PublicInstalledClient, "public_installed_client"),
        (Self::PublicWebappClient, "public_webapp_client"),
        (Self::ConfidentialClient, "confidential_client"),
        (Self::ClientIdentity, "client_identity"),
        (Self::ResourceServer, "resource_server"),
        (Self::HybridConfidentialClientResourceServer, "hybrid_confidential_client_resource_server"),
        (Self::GlobusConnectServer, "globus_connect_server"),
    ];

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, name)| *name == text).map(|(kind, _)| *kind)
    }

    pub(crate) fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("confidential_client", |(_, name)| name)
    }

    /// Whether it can keep no secret.
    pub(crate) fn is_public(self) -> bool {
        matches!(self, Self::PublicInstalledClient | Self::PublicWebappClient)
    }

    /// How it may get tokens.
    pub(crate) fn grant_types(self) -> &'static [&'static str] {
        match self {
            Self::PublicInstalledClient | Self::PublicWebappClient => {
                &["authorization_code", "refresh_token"]
            }
            Self::ConfidentialClient => &["authorization_code", "client_credentials", "refresh_token"],
            Self::ClientIdentity => &["client_credentials", "refresh_token"],
            Self::ResourceServer => &["client_credentials", "refresh_token", DEPENDENT_GRANT],
            Self::HybridConfidentialClientResourceServer | Self::GlobusConnectServer => {
                &["authorization_code", "client_credentials", "refresh_token", DEPENDENT_GRANT]
            }
        }
    }
}

/// One secret of a client.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Credential {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) secret: String,
    pub(crate) created: i64,
}

impl Client {
    pub(crate) fn new(id: &str, name: &str, kind: ClientKind) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            kind,
            credentials: Vec::new(),
            redirect_uris: Vec::new(),
            loopback: true,
            parent: None,
            project: None,
            template: false,
            fqdns: Vec::new(),
            settings: ClientSettings::default(),
        }
    }

    pub(crate) fn public(id: &str, name: &str) -> Self {
        Self::new(id, name, ClientKind::PublicInstalledClient)
    }

    pub(crate) fn is_public(&self) -> bool {
        self.kind.is_public()
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

    pub(crate) fn document(&self, registry: &Registry) -> Value {
        let scopes: Vec<&str> = registry
            .all()
            .filter(|(_, record)| record.client == self.id)
            .map(|(_, record)| record.id.as_str())
            .collect();
        let settings = &self.settings;
        json!({
            "id": self.id,
            "name": self.name,
            "public_client": self.is_public(),
            "client_type": self.kind.as_str(),
            "redirect_uris": self.redirect_uris,
            "parent_client": self.parent,
            "project": self.project,
            "grant_types": self.kind.grant_types(),
            "fqdns": self.fqdns,
            "scopes": scopes,
            "links": {
                "privacy_policy": settings.privacy_policy,
                "terms_and_conditions": settings.terms_and_conditions,
            },
            "visibility": if settings.public_visibility { "public" } else { "private" },
            "required_idp": settings.required_idp,
            "preselect_idp": settings.preselect_idp,
            "prompt_for_named_grant": settings.prompt_for_named_grant,
            "userinfo_from_effective_identity": settings.userinfo_from_effective_identity,
        })
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
    // RFC 3986 has none of these, and a browser may take them for something else.
    if uri.bytes().any(|byte| !byte.is_ascii_graphic() || b"#\\\"<>^`{|}".contains(&byte)) {
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
            "http://localhost/<img>",
            "http://localhost/\u{e9}",
            "",
        ] {
            assert!(!client.may_redirect_to(bad, display), "{bad}");
        }
    }

    #[test]
    fn every_secret_of_a_client_works_and_no_other() {
        let credential = Credential { id: "1".into(), name: "n".into(), secret: "good".into(), created: 0 };
        let mut client = Client::new("c", "C", ClientKind::ConfidentialClient);
        client.credentials.push(credential);
        assert!(client.has_secret("good"));
        assert!(!client.has_secret("goo"));
        assert!(!Client::public("c", "C").has_secret(""));
    }
}
