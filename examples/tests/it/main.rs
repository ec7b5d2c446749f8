//! The programs, as a user runs them, against the emulator.

// Helpers count as tests then, and may panic.
#![cfg(test)]

mod programs;
mod session;
