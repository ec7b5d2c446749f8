#![doc = include_str!("../README.md")]
#![allow(dead_code, unused_imports, reason = "what uses it comes with the next commits")]

mod client;
mod error;
pub mod login;
mod validation;

pub use client::LoginClient;
pub use error::{AppError, AppErrorKind};
pub use validation::{TokenValidationError, TokenValidationErrorKind};
