//! How somebody is logged in: the [`LoginFlowManager`] that an app is given, and what it is asked and answers.

#[cfg(feature = "login")]
#[cfg(test)]
mod a_request;
mod answer;
#[cfg(feature = "login")]
mod command_line;
mod error;
mod host;
#[cfg(feature = "login")]
mod interactive;
#[cfg(feature = "login")]
mod loopback;
mod manager;
mod nobody;
mod reason;
mod request;
mod required;
mod scripted;
#[cfg(feature = "login")]
mod surroundings;
#[cfg(feature = "login")]
mod terminal;

pub use answer::LoginAnswer;
#[cfg(feature = "login")]
pub use command_line::CommandLineLogin;
pub use error::{LoginFlowError, LoginFlowErrorKind};
pub use host::HostLogin;
#[cfg(feature = "login")]
pub use interactive::InteractiveLogin;
#[cfg(feature = "login")]
pub use loopback::LoopbackLogin;
pub use manager::LoginFlowManager;
pub use nobody::NoLogin;
pub use reason::{LoginReason, LoginReasonKind};
pub use request::LoginRequest;
pub(crate) use request::Wanted;
pub use required::LoginRequired;
pub use scripted::ScriptedLogin;
