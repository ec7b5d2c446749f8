//! How somebody is logged in: the [`LoginFlowManager`] that an app is given, and what it is asked and answers.

mod answer;
mod error;
mod manager;
mod nobody;
mod reason;
mod request;
mod required;
mod scripted;

pub(crate) use answer::Brought;
pub use answer::LoginAnswer;
pub use error::{LoginFlowError, LoginFlowErrorKind};
pub use manager::LoginFlowManager;
pub use nobody::NoLogin;
pub use reason::{LoginReason, LoginReasonKind};
pub use request::LoginRequest;
pub use required::LoginRequired;
pub use scripted::ScriptedLogin;
