//! [`ConsentForest`]: what a user has consented to.

use std::collections::BTreeMap;

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
    children: BTreeMap<Option<i64>, Vec<Consent>>,
}

impl ConsentForest {
    /// The trees that `consents` make. One that names a parent which is not there is below nothing, and counts for nothing;
    /// of several with one id, the last counts.
    pub fn new(consents: impl IntoIterator<Item = Consent>) -> Self {
        let by_id: BTreeMap<i64, Consent> =
            consents.into_iter().map(|consent| (consent.id, consent)).collect();
        let mut children: BTreeMap<Option<i64>, Vec<Consent>> = BTreeMap::new();
        for consent in by_id.into_values() {
            let parent = consent.dependency_path.iter().rev().nth(1).copied();
            children.entry(parent).or_default().push(consent);
        }
        Self { children }
    }

    /// The consents that are the tops of trees, by id.
    pub fn roots(&self) -> impl Iterator<Item = &Consent> {
        self.below(None)
    }

    /// The consents right below the one with this id, by id.
    pub fn children(&self, id: i64) -> impl Iterator<Item = &Consent> {
        self.below(Some(id))
    }

    /// The ids of each consent and of one right below it.
    pub fn edges(&self) -> impl Iterator<Item = (i64, i64)> {
        self.children
            .iter()
            .filter_map(|(parent, children)| parent.map(|parent| (parent, children)))
            .flat_map(|(parent, children)| children.iter().map(move |child| (parent, child.id)))
    }

    /// The consent with this id.
    pub fn get(&self, id: i64) -> Option<&Consent> {
        self.children.values().flatten().find(|consent| consent.id == id)
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
        self.below(parent).any(|consent| {
            consent.scope_name == scope.name()
                && scope.dependencies().iter().all(|dependency| self.is_met(dependency, Some(consent.id)))
        })
    }

    fn below(&self, parent: Option<i64>) -> impl Iterator<Item = &Consent> {
        self.children.get(&parent).into_iter().flatten()
    }
}
