#![doc = include_str!("../README.md")]

#[macro_use]
mod renewing;

mod answer;
mod authorizer;
mod client_credentials;
mod error;
mod fixed;
mod header;
mod refresh_token;
mod renewal;

pub use authorizer::Authorizer;
pub use client_credentials::ClientCredentialsAuthorizer;
pub use error::{AuthorizerError, AuthorizerErrorKind};
pub use fixed::{AccessTokenAuthorizer, BasicAuthorizer, NullAuthorizer};
pub use header::AuthorizationHeader;
pub use refresh_token::RefreshTokenAuthorizer;
pub use renewal::LEAST_TOKEN_LIFE;
