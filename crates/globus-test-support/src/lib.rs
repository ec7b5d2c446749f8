#![doc = include_str!("../README.md")]

mod log;
#[cfg(target_os = "linux")]
mod memory;

pub use log::{log_line, record_log};
#[cfg(target_os = "linux")]
pub use memory::Masked;
