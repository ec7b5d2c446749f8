//! The clients that log users in and get tokens.

mod builder;
mod confidential;
mod exchange;
mod native;
pub(super) mod requests;
mod shared;
mod tokens;

pub use builder::LoginClientBuilder;
pub use confidential::ConfidentialAppAuthClient;
pub use native::NativeAppAuthClient;
pub use tokens::TokenRequest;
pub(super) use tokens::{key_set, openid_configuration};
