#![doc = include_str!("../README.md")]

mod authorizer;
mod error;
mod fixed;
mod header;

pub use authorizer::Authorizer;
pub use error::{AuthorizerError, AuthorizerErrorKind};
pub use fixed::{AccessTokenAuthorizer, BasicAuthorizer, NullAuthorizer};
pub use header::AuthorizationHeader;
