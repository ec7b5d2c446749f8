//! Globus Auth: who someone is, and what they allow.
//!
//! The login clients, [`NativeAppAuthClient`] and [`ConfidentialAppAuthClient`], get tokens. [`AuthClient`] uses
//! one to look up identities.
//!
//! [Service documentation](https://docs.globus.org/api/auth/)

mod login;
mod model;
mod service;

pub use login::{ConfidentialAppAuthClient, LoginClientBuilder, NativeAppAuthClient};
pub use model::{Identity, IdentityList, RevokedToken, TokenIntrospection, UserInfo};
pub use service::AuthClient;

/// What the methods of the clients return: requests, named after the method.
pub mod requests {
    pub use super::login::TokenRequest;
    pub use super::login::requests::{Oauth2GetDependentTokens, Oauth2TokenIntrospect};
    pub use super::service::GetIdentities;
}
