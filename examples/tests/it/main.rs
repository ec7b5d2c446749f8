//! The programs, as a user runs them, against the emulator.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod programs;
mod session;
