//! Consents.

use globus_auth_core::scopes::{self, ConsentForest};
use globus_auth_core::{ScopeParseError, Scopes};

use crate::model::{ClientId, IdentityId, ScopeId, Timestamp, model, open_enum};

open_enum! {
    /// Where a consent stands.
    pub enum ConsentStatus {
        /// It was given.
        Approved = "approved",
    }
}

model! {
    /// What a user has allowed a client.
    pub struct Consent {
        /// Its id.
        id: i64 = key,
        /// The ids of the consents from the top of its tree down to this one, which is the last.
        dependency_path: Vec<i64> = list,
        /// The scope, by its text, without dependencies.
        scope_name: Option<String>,
        /// The scope, by id.
        scope: Option<ScopeId>,
        /// The client that may use it: the one that the user logged in with or, further down, the service above.
        client: Option<ClientId>,
        /// The identity for which the client acts.
        effective_identity: Option<IdentityId>,
        /// Where it stands.
        status: Option<ConsentStatus>,
        /// When it was given.
        created: Option<Timestamp>,
        /// When it was last changed.
        updated: Option<Timestamp>,
        /// When it was last used.
        last_used: Option<Timestamp>,
        /// Whether the client may have refresh tokens.
        allows_refresh: Option<bool>,
        /// Whether it was given without asking.
        auto_approved: Option<bool>,
        /// Whether it can be revoked without the others of its tree.
        atomically_revocable: Option<bool>,
    }
}

model! {
    /// What a user has allowed clients.
    pub struct ConsentList {
        /// The consents, each a node of a tree.
        consents: Vec<Consent> = list,
    }
}

impl ConsentList {
    /// The consents as trees, to be walked from their roots.
    ///
    /// ```
    /// use globus_services::auth::ConsentList;
    ///
    /// let consents: ConsentList = serde_json::from_str(
    ///     r#"{"consents": [{"id": 1, "dependency_path": [1], "scope_name": "transfer"},
    ///         {"id": 2, "dependency_path": [1, 2], "scope_name": "data_access"}]}"#,
    /// )?;
    /// let forest = consents.to_forest();
    /// for root in forest.roots() {
    ///     let below: Vec<_> = forest.children(root.id).map(|consent| consent.scope_name.as_str()).collect();
    ///     assert_eq!((root.scope_name.as_str(), below), ("transfer", vec!["data_access"]));
    /// }
    /// assert!(consents.meets_scope_requirements("transfer[*data_access]")?);
    /// assert!(!consents.meets_scope_requirements("data_access")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_forest(&self) -> ConsentForest {
        ConsentForest::new(self.consents.iter().filter_map(|consent| {
            let scope_name = consent.scope_name.as_deref()?;
            Some(scopes::Consent::new(consent.id, consent.dependency_path.clone(), scope_name))
        }))
    }

    /// The consent with this id.
    pub fn get(&self, id: i64) -> Option<&Consent> {
        self.consents.iter().find(|consent| consent.id == id)
    }

    /// Whether all of `scopes` were consented to, with all their dependencies, optional ones too. Which are not is told by
    /// [`ConsentForest::missing`].
    ///
    /// # Errors
    /// When `scopes` cannot be read.
    pub fn meets_scope_requirements(
        &self,
        scopes: impl globus_auth_core::IntoScopes,
    ) -> Result<bool, ScopeParseError> {
        Ok(self.to_forest().meets(&Scopes::parse(&scopes.into_scope_string())?))
    }
}
