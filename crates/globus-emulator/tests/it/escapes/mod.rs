//! Attempts to get out of a collection. None is judged by its answer alone: what lies outside must be as it was, and nothing of it
//! may have come in.

#![cfg(unix)]

mod ground;
mod links;
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
mod soak;
mod table;
