//! What goes over the wire, and what is made of the answers, against a server with scripted answers.

// Helpers count as tests then, and may panic.
#![cfg(test)]

mod auth;
mod auth_management;
mod cancellation;
mod groups;
mod identity_map;
#[cfg(feature = "local-endpoints")]
mod local_endpoint;
mod models;
mod paging;
mod paging_matrix;
mod paging_properties;
mod plan;
mod raw;
mod scripted;
mod submit;
mod support;
mod task_set;
mod transfer;
mod wait;
mod walk;
