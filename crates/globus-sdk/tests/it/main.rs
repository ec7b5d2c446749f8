//! The SDK from the user's side, end to end against the emulator.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod accounts;
mod login;
mod tokens;
mod transfers;
mod trouble;
mod world;
