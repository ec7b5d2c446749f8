//! The scopes of Globus Connect Server: each collection and each endpoint has its own, and is its own resource server.

use super::{Scope, ScopeParseError, ScopeParseErrorKind};

/// Access to the data of a mapped collection: a dependency of Transfer's `all`, not a scope to ask for alone.
///
/// Only mapped collections that are not high-assurance have it; Auth refuses it as unknown for guest and high-assurance
/// collections and for Globus Connect Personal.
///
/// # Errors
/// When `collection_id` is not an id.
pub fn data_access(collection_id: &str) -> Result<Scope, ScopeParseError> {
    Scope::new(format!("https://auth.globus.org/scopes/{}/data_access", check_id(collection_id)?))
}

/// Reading and writing the files of a collection over HTTPS. The resource server is the collection's id.
///
/// # Errors
/// When `collection_id` is not an id.
pub fn https(collection_id: &str) -> Result<Scope, ScopeParseError> {
    Scope::new(format!("https://auth.globus.org/scopes/{}/https", check_id(collection_id)?))
}

/// Managing the collections of an endpoint through its GCS Manager. The resource server is the endpoint's id.
///
/// # Errors
/// When `endpoint_id` is not an id.
pub fn manage_collections(endpoint_id: &str) -> Result<Scope, ScopeParseError> {
    Scope::new(format!("urn:globus:auth:scope:{}:manage_collections", check_id(endpoint_id)?))
}

/// An id from outside must not be able to become another scope, or several.
pub(super) fn check_id(id: &str) -> Result<&str, ScopeParseError> {
    if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Ok(id);
    }
    let id: String = id.chars().take(60).collect();
    let reason = format!("{id:?} is not an id: one holds letters, digits and hyphens");
    Err(ScopeParseError::whole(ScopeParseErrorKind::InvalidCharacter, reason))
}
