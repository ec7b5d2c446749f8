//! Globus Auth: who someone is, and what they allow.
//!
//! The login clients, [`NativeAppAuthClient`] and [`ConfidentialAppAuthClient`], get tokens. [`AuthClient`] uses
//! one: it looks up identities ([`IdentityMap`] many of them) and consents, and manages projects with their clients, secrets,
//! scopes and policies.
//!
//! [Service documentation](https://docs.globus.org/api/auth/)

mod consents;
mod identities;
mod identity_map;
mod keys;
mod login;
mod management;
mod model;
mod userinfo;

use globus_auth_core::scopes::AuthScopes;
use globus_transport::Service;

use crate::client::service_client;

pub use globus_auth_core::scopes::ConsentForest;
pub use identity_map::IdentityMap;
pub use login::{ConfidentialAppAuthClient, LoginClientBuilder, NativeAppAuthClient};
pub use model::{
    Client, ClientCredential, ClientCredentialDocument, ClientCredentialList, ClientDocument,
    ClientInclusions, ClientKind, ClientLinks, ClientList, ClientType, Consent, ConsentList, ConsentStatus,
    DependentScope, DependentScopeSpec, Identity, IdentityList, IdentityProvider, IdentityProviderList,
    IdentityStatus, IdentityType, LinkedIdentity, NativeAppInstance, Policy, PolicyDocument, PolicyList,
    Project, ProjectAdminGroup, ProjectAdmins, ProjectDocument, ProjectList, RevokedToken, ScopeDefinition,
    ScopeDocument, ScopeList, TokenIntrospection, UserInfo, Visibility,
};

/// What the methods of the clients return: requests, named after the method.
pub mod requests {
    pub use super::consents::GetConsents;
    pub use super::identities::{GetIdentities, GetIdentityProviders};
    pub use super::keys::GetJwk;
    pub use super::login::{
        CreateChildClient, Oauth2GetDependentTokens, Oauth2RevokeToken, Oauth2TokenIntrospect, TokenRequest,
    };
    pub use super::management::{
        CreateClient, CreatePolicy, CreateProject, CreateScope, GetScopes, UpdateClient, UpdatePolicy,
        UpdateProject, UpdateScope,
    };
}

service_client! {
    /// A client of the Auth service, for what a token allows: identities, the caller's own account, and what the caller manages.
    ///
    /// ```no_run
    /// use globus_authorizers::AccessTokenAuthorizer;
    /// use globus_services::auth::{AuthClient, ClientType};
    ///
    /// # async fn example(token: &str) -> Result<(), globus_transport::Error> {
    /// let auth = AuthClient::new(AccessTokenAuthorizer::new(token))?;
    /// let project = auth.create_project("Weather", "weather@example.org").await?.project;
    /// let client = auth.create_client("Weather portal", &project.id, ClientType::ConfidentialClient).await?.client;
    /// println!("registered {}", client.id.unwrap_or_else(|| "nothing".into()));
    /// # Ok(())
    /// # }
    /// ```
    pub struct AuthClient { service: Service::Auth, scopes: AUTH: AuthScopes }
}
