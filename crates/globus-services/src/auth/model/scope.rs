//! Scopes as they are defined.

use serde::Serialize;

use crate::model::{ClientId, ScopeId, model};

model! {
    /// A scope as its service has defined it.
    pub struct ScopeDefinition {
        /// Its id.
        id: ScopeId = key,
        /// Its text, as clients ask for it.
        scope_string: Option<String>,
        /// The service that it belongs to.
        client: Option<ClientId>,
        /// The name that users see when they consent.
        name: Option<String>,
        /// What users see about it.
        description: Option<String>,
        /// Whether it can be found by others than those who manage it.
        advertised: Option<bool>,
        /// Whether clients can have refresh tokens for it.
        allows_refresh_token: Option<bool>,
        /// The domains of one of which users must have an identity.
        required_domains: Vec<String> = list,
        /// The scopes of other services that the service needs for it.
        dependent_scopes: Vec<DependentScope> = list,
    }
}

model! {
    /// A scope that another one depends on.
    pub struct DependentScope {
        /// Its id.
        scope: ScopeId = key,
        /// Whether it can be left out of a consent.
        optional: Option<bool>,
        /// Whether the service needs refresh tokens for it.
        requires_refresh_token: Option<bool>,
    }
}

model! {
    /// The answer that is one scope.
    pub struct ScopeDocument {
        /// The scope.
        scope: ScopeDefinition = key,
    }
}

model! {
    /// Scopes.
    pub struct ScopeList {
        /// The scopes.
        scopes: Vec<ScopeDefinition> = list,
    }
}

/// A scope that another one is to depend on, for [`create_scope`](crate::auth::AuthClient::create_scope) and
/// [`update_scope`](crate::auth::AuthClient::update_scope).
///
/// ```
/// use globus_services::auth::DependentScopeSpec;
///
/// let groups = DependentScopeSpec::new("73320ffe-4cb4-4b25-a0a3-83d53d59ce4f").optional(true);
/// assert_eq!(
///     serde_json::to_value(groups)?,
///     serde_json::json!({"scope": "73320ffe-4cb4-4b25-a0a3-83d53d59ce4f", "optional": true, "requires_refresh_token": false})
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DependentScopeSpec {
    scope: ScopeId,
    optional: bool,
    requires_refresh_token: bool,
}

impl DependentScopeSpec {
    /// The scope with this id, of which every consent has to be given, without refresh tokens.
    pub fn new(scope: impl Into<ScopeId>) -> Self {
        Self { scope: scope.into(), optional: false, requires_refresh_token: false }
    }

    /// Whether it can be left out of a consent.
    #[must_use]
    pub fn optional(mut self, optional: bool) -> Self {
        self.optional = optional;
        self
    }

    /// Whether the service needs refresh tokens for it.
    #[must_use]
    pub fn requires_refresh_token(mut self, required: bool) -> Self {
        self.requires_refresh_token = required;
        self
    }
}
