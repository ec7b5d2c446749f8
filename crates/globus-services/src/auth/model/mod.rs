//! Documents of the Auth service.

mod client;
mod consent;
mod credential;
mod identity;
mod native_instance;
mod policy;
mod project;
mod scope;
mod token;
mod user;

pub use client::{
    Client, ClientDocument, ClientInclusions, ClientKind, ClientLinks, ClientList, ClientType, Visibility,
};
pub use consent::{Consent, ConsentList, ConsentStatus};
pub use credential::{ClientCredential, ClientCredentialDocument, ClientCredentialList};
pub use identity::{
    Identity, IdentityList, IdentityProvider, IdentityProviderList, IdentityStatus, IdentityType,
};
pub use native_instance::NativeAppInstance;
pub use policy::{Policy, PolicyDocument, PolicyList};
pub use project::{Project, ProjectAdminGroup, ProjectAdmins, ProjectDocument, ProjectList};
pub use scope::{DependentScope, DependentScopeSpec, ScopeDefinition, ScopeDocument, ScopeList};
pub use token::{RevokedToken, TokenIntrospection};
pub use user::{LinkedIdentity, UserInfo};
