//! What developers manage: projects, and the clients, secrets, scopes and policies in them.

mod clients;
mod credentials;
mod policies;
mod projects;
mod scopes;

pub(in crate::auth) use clients::links;
pub use clients::{CreateClient, UpdateClient};
pub use policies::{CreatePolicy, UpdatePolicy};
pub use projects::{CreateProject, UpdateProject};
pub use scopes::{CreateScope, GetScopes, UpdateScope};
