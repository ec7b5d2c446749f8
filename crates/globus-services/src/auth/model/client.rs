//! Registered clients.

use super::ClientCredential;
use crate::model::{ClientId, IdentityProviderId, ProjectId, ScopeId, model, open_enum};

open_enum! {
    /// What a client is, and so what it may do.
    pub enum ClientType {
        /// A program that can keep a secret, such as a portal. Users log in with it, or it acts for itself.
        ConfidentialClient = "confidential_client",
        /// A program that users install, and that can keep no secret.
        PublicInstalledClient = "public_installed_client",
        /// A client that only acts for itself: a service account.
        ClientIdentity = "client_identity",
        /// A service that others call with tokens.
        ResourceServer = "resource_server",
        /// An endpoint of Globus Connect Server.
        GlobusConnectServer = "globus_connect_server",
        /// A service that users also log in with. New ones are not made in this way.
        HybridConfidentialClientResourceServer = "hybrid_confidential_client_resource_server",
        /// A program in a browser, which can keep no secret.
        PublicWebappClient = "public_webapp_client",
    }
}

/// What a new client is: one of the types, or in the older way only whether it is public.
///
/// A [`ClientType`] can be given wherever one is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientKind {
    /// This type, sent as `client_type`.
    Type(ClientType),
    /// Whether it can keep no secret, sent as `public_client`: `true` stands for [`ClientType::PublicInstalledClient`], `false` for
    /// [`ClientType::HybridConfidentialClientResourceServer`].
    Public(bool),
}

impl From<ClientType> for ClientKind {
    fn from(client_type: ClientType) -> Self {
        Self::Type(client_type)
    }
}

open_enum! {
    /// Who can look a client up.
    pub enum Visibility {
        /// Everybody.
        Public = "public",
        /// Those who manage it.
        Private = "private",
    }
}

model! {
    /// A registered client.
    ///
    /// Every field may be missing: the answer to a change may hold neither id nor name.
    pub struct Client {
        /// Its id.
        id: Option<ClientId>,
        /// The name that users see when they consent.
        name: Option<String>,
        /// What it is.
        client_type: Option<ClientType>,
        /// Whether it can keep no secret.
        public_client: Option<bool>,
        /// Who can look it up.
        visibility: Option<Visibility>,
        /// The project that it belongs to.
        project: Option<ProjectId>,
        /// The client of which it is an instance, or that made it.
        parent_client: Option<ClientId>,
        /// Where users may be sent after a login.
        redirect_uris: Option<Vec<String>>,
        /// The addresses of what users agree to.
        links: Option<ClientLinks>,
        /// The grants that it may use, such as `authorization_code`.
        grant_types: Vec<String> = list,
        /// The scopes that it has as a service.
        scopes: Vec<ScopeId> = list,
        /// The domain names under which it is known as a service.
        fqdns: Vec<String> = list,
        /// The identity provider that users must have an identity of.
        required_idp: Option<IdentityProviderId>,
        /// The identity provider that is proposed at login.
        preselect_idp: Option<IdentityProviderId>,
        /// Whether users are asked to name each login.
        prompt_for_named_grant: Option<bool>,
        /// Whether `userinfo` describes the identity that acts, rather than the primary one.
        userinfo_from_effective_identity: Option<bool>,
    }
}

model! {
    /// The addresses of what users of a client agree to.
    pub struct ClientLinks {
        /// The terms and conditions.
        terms_and_conditions: Option<String>,
        /// The privacy policy.
        privacy_policy: Option<String>,
    }
}

model! {
    /// The answer that is one client.
    pub struct ClientDocument {
        /// The client.
        client: Client = key,
        /// What was made with it.
        included: Option<ClientInclusions>,
    }
}

model! {
    /// What was made together with a client.
    pub struct ClientInclusions {
        /// Its first secret. This is the only answer that holds it.
        client_credential: Option<ClientCredential>,
    }
}

model! {
    /// Clients.
    pub struct ClientList {
        /// The clients.
        clients: Vec<Client> = list,
    }
}
