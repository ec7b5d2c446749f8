//! [`ConsentForest`]: what a user has consented to.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{Scope, Scopes};

/// One consent, as Auth lists them (Globus Auth API, "Get Consents"); only the fields that say what it allows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Consent {
    /// The id of the consent.
    pub id: i64,
    /// The ids of the consents from the top of the tree down to this one, which is the last.
    pub dependency_path: Vec<i64>,
    /// The scope that was consented to, without dependencies.
    pub scope_name: String,
}

impl Consent {
    /// A consent to `scope_name`, below the consents that `dependency_path` names before its own id.
    pub fn new(id: i64, dependency_path: Vec<i64>, scope_name: impl Into<String>) -> Self {
        Self { id, dependency_path, scope_name: scope_name.into() }
    }
}

/// The consents that a user gave to a client, as trees.
///
/// ```
/// use globus_auth_core::scopes::{Consent, ConsentForest, Scopes};
///
/// let given = ConsentForest::new([Consent::new(1, vec![1], "transfer"), Consent::new(2, vec![1, 2], "data_access")]);
/// assert!(given.meets(&Scopes::parse("transfer[*data_access]")?));
/// assert!(!given.meets(&Scopes::parse("data_access")?));
/// # Ok::<(), globus_auth_core::scopes::ScopeParseError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ConsentForest {
    /// Below `None` are the roots. Each id is in one place, which makes these trees.
    children: HashMap<Option<i64>, Vec<Consent>>,
}

impl ConsentForest {
    /// The trees that `consents` make. One that names a parent which is not there is below nothing, and counts for nothing;
    /// of several with one id, the last counts.
    pub fn new(consents: impl IntoIterator<Item = Consent>) -> Self {
        let by_id: HashMap<i64, Consent> =
            consents.into_iter().map(|consent| (consent.id, consent)).collect();
        let mut children: HashMap<Option<i64>, Vec<Consent>> = HashMap::new();
        for consent in by_id.into_values() {
            let parent = consent.dependency_path.iter().rev().nth(1).copied();
            children.entry(parent).or_default().push(consent);
        }
        Self { children }
    }

    /// Whether every scope of `required` is met: a tree has it as its root, and each dependency, optional ones too, is met in
    /// the same way by a consent right below.
    pub fn meets(&self, required: &Scopes) -> bool {
        self.missing(required).next().is_none()
    }

    /// The scopes of `required` that are not met, whole or in part.
    pub fn missing<'a>(&'a self, required: &'a Scopes) -> impl Iterator<Item = &'a Scope> {
        required.iter().filter(|scope| !self.is_met(scope, None))
    }

    /// The depth of [`Scopes`] is bounded, and with it this recursion.
    fn is_met(&self, scope: &Scope, parent: Option<i64>) -> bool {
        self.children.get(&parent).into_iter().flatten().any(|consent| {
            consent.scope_name == scope.name()
                && scope.dependencies().iter().all(|dependency| self.is_met(dependency, Some(consent.id)))
        })
    }
}
