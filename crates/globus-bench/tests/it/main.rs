//! The programs as `cargo xtask bench` runs them, beside a server that counts.

#![cfg(test)]

mod calls;
mod programs;
mod storage;
