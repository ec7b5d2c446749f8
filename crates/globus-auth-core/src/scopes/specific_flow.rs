//! The scopes of single flows: each flow has its own, and is its own resource server.

use super::gcs::check_id;
use super::{Scope, ScopeParseError};

/// Starting runs of one flow. The resource server is the flow's id.
///
/// # Errors
/// When `flow_id` is not an id.
pub fn user(flow_id: &str) -> Result<Scope, ScopeParseError> {
    let id = check_id(flow_id)?;
    let name = id.replace('-', "_");
    Scope::new(format!("https://auth.globus.org/scopes/{id}/flow_{name}_user"))
}
