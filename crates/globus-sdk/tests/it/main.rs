//! The SDK from the user's side, end to end against the emulator.

// Helpers count as tests then, and may panic.
#![cfg(test)]

mod accounts;
mod login;
mod managers;
mod many_tasks;
#[cfg(all(feature = "json", target_os = "linux"))]
mod memory;
mod messages;
#[cfg(feature = "rustls")]
mod network;
mod reliability;
mod sharing;
mod streams;
mod tokens;
mod transfers;
mod trouble;
mod walk;
mod world;
