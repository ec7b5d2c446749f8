#![doc = include_str!("../README.md")]

mod clock;
mod demand;
pub mod encoding;
mod exchange;
mod form;
mod grants;
#[cfg(feature = "id-token")]
pub mod id_token;
#[cfg(feature = "login-flow")]
pub mod login;
mod printable;
pub mod scopes;
mod secret;
mod tokens;

pub use clock::{Clock, ManualClock, SystemClock, UnixTime};
pub use demand::LoginDemand;
pub use exchange::{ExchangeError, ExchangeErrorKind, TokenExchange};
pub use form::FormFields;
pub use grants::Grant;
pub use printable::Printable;
pub use scopes::{IntoScopes, Scope, ScopeParseError, ScopeParseErrorKind, Scopes};
pub use secret::Secret;
pub use tokens::{OAuthToken, OAuthTokenResponse, TokenResponseError, TokensByScope};
