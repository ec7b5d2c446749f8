//! The clients that log users in and get tokens.

mod builder;
mod child;
mod confidential;
mod exchange;
mod native;
mod requests;
mod shared;
mod tokens;

pub use builder::LoginClientBuilder;
pub use child::CreateChildClient;
pub use confidential::ConfidentialAppAuthClient;
pub use native::NativeAppAuthClient;
pub use requests::{Oauth2GetDependentTokens, Oauth2RevokeToken, Oauth2TokenIntrospect};
pub use tokens::TokenRequest;
