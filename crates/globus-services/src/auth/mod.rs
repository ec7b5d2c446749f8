//! Globus Auth: who someone is, and what they allow.
//!
//! The login clients, [`NativeAppAuthClient`] and [`ConfidentialAppAuthClient`], get tokens. [`AuthClient`] uses
//! one to look up identities.
//!
//! [Service documentation](https://docs.globus.org/api/auth/)

mod login;
mod model;
mod service;

pub use login::{
    ConfidentialAppAuthClient, GetDependentTokens, IntrospectToken, NativeAppAuthClient, TokenRequest,
};
pub use model::{IdentityDocument, IdentityList, RevokedToken, TokenIntrospection, UserInfo};
pub use service::{AuthClient, GetIdentities};
