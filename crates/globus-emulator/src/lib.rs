#![doc = include_str!("../README.md")]

mod absent;
mod app;
mod auth;
mod browser;
mod builder;
mod clock;
mod config;
mod control;
mod emulator;
mod error;
mod exchange;
mod faults;
mod groups;
mod http;
mod ids;
mod journal;
mod keys;
mod life;
mod lock;
mod page;
mod reset;
mod server;
mod status;
mod steering;
mod store;
mod transfer;
mod variables;
mod world;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;

pub use builder::Builder;
pub use config::{Config, ConfigError};
pub use emulator::Emulator;
pub use error::{Error, ErrorKind, Result};
pub use faults::{Fault, FaultAction, Latency, Service, SessionDemand};
pub use journal::{RequestFilter, RequestRecord};
