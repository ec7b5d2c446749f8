//! What goes over the wire, and what is made of the answers, against a server with scripted answers.

// Helpers count as tests then, and may panic.
#![cfg(test)]

mod auth;
mod groups;
mod paging;
mod raw;
mod submit;
mod support;
mod transfer;
mod wait;
