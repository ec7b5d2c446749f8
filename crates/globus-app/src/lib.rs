#![doc = include_str!("../README.md")]

#[macro_use]
mod settings;

mod app;
mod authorizer;
mod board;
mod builder;
mod client;
mod client_app;
mod config;
mod consents;
mod core;
mod error;
mod header;
mod log_in;
pub mod login;
mod login_call;
mod login_end;
mod logout;
mod look;
mod obtained;
#[cfg(any(feature = "json", feature = "sqlite"))]
mod place;
mod requirements;
mod slot;
mod spaces;
mod user_app;
mod validate;
mod validation;

pub use app::AppFuture;
pub use authorizer::AppAuthorizer;
pub use builder::AppBuilder;
pub use client::LoginClient;
pub use client_app::ClientApp;
pub use config::{GlobusAppConfig, IdTokenDecoder, InvalidTokens};
pub use error::{AppError, AppErrorKind};
pub use login_call::Login;
pub use logout::Logout;
pub use user_app::UserApp;
pub use validation::{TokenValidationError, TokenValidationErrorKind};
