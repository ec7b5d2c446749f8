//! What goes over the wire, and what is made of the answers, against a server with scripted answers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod auth;
mod groups;
mod paging;
mod raw;
mod submit;
mod support;
mod transfer;
mod wait;
