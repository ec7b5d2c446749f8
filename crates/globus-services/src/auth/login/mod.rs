//! The clients that log users in and get tokens.

mod confidential;
mod exchange;
mod native;
mod requests;
mod tokens;

pub use confidential::ConfidentialAppAuthClient;
pub use native::NativeAppAuthClient;
pub use requests::{GetDependentTokens, IntrospectToken};
pub use tokens::TokenRequest;
pub(super) use tokens::{key_set, openid_configuration};
