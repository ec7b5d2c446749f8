//! The authorization-code login flow (RFC 6749, section 4.1, with PKCE, RFC 7636) as a value.

mod builder;
mod callback;
mod error;
mod flow;
mod pending;
mod pkce;
mod random;

pub use builder::LoginFlowBuilder;
pub use error::{LoginError, LoginErrorKind};
pub use flow::LoginFlow;
pub use pending::PendingLogin;
