//! What tokens must allow, by resource server.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use globus_auth_core::scopes::AUTH;
use globus_auth_core::{ScopeParseError, Scopes};

/// The requirements of an app, which all its subjects and profiles share.
#[derive(Debug)]
pub(crate) struct Requirements(Mutex<BTreeMap<Arc<str>, Arc<Requirement>>>);

/// What tokens for one resource server must allow.
#[derive(Debug, Default)]
pub(crate) struct Requirement {
    scopes: Mutex<Scopes>,
    /// Goes up with each change, so that whoever has looked knows whether to look again.
    version: AtomicU64,
}

impl Requirements {
    pub(crate) fn new() -> Self {
        Self(Mutex::default())
    }

    /// The same with `openid`: a login of a person has to say who it was.
    pub(crate) fn with_identity() -> Result<Self, ScopeParseError> {
        let requirements = Self::new();
        requirements.of(AUTH.resource_server).add(&Scopes::parse(AUTH.openid)?)?;
        Ok(requirements)
    }

    pub(crate) fn of(&self, resource_server: &str) -> Arc<Requirement> {
        let mut all = self.lock();
        if let Some(known) = all.get(resource_server) {
            return Arc::clone(known);
        }
        let new = Arc::new(Requirement::default());
        all.insert(resource_server.into(), Arc::clone(&new));
        new
    }

    /// All that are not empty.
    pub(crate) fn all(&self) -> BTreeMap<String, Scopes> {
        let all = self.lock();
        let scopes = all.iter().map(|(name, requirement)| (name.to_string(), requirement.scopes()));
        scopes.filter(|(_, scopes)| !scopes.is_empty()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Arc<str>, Arc<Requirement>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Requirement {
    pub(crate) fn add(&self, more: &Scopes) -> Result<(), ScopeParseError> {
        let mut scopes = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        let both = scopes.merge(more)?;
        if both != *scopes {
            *scopes = both;
            self.version.fetch_add(1, Ordering::Release);
        }
        Ok(())
    }

    pub(crate) fn scopes(&self) -> Scopes {
        self.scopes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Read it before the scopes that are to go with it.
    pub(crate) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }
}

/// All of them as one scope string's worth.
pub(crate) fn merged<'a>(
    all: impl IntoIterator<Item = &'a Scopes>,
    more: &'a Scopes,
) -> Result<Scopes, ScopeParseError> {
    Scopes::from_trees(all.into_iter().chain([more]).flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_known_before_changes_nothing() {
        let requirements = Requirements::with_identity().unwrap();
        let transfer = requirements.of("transfer");
        assert_eq!(requirements.all().len(), 1);
        for (scopes, version) in [("a", 1), ("a", 1), ("a[*b]", 2), ("a", 2), ("a[b]", 3)] {
            transfer.add(&Scopes::parse(scopes).unwrap()).unwrap();
            assert_eq!(requirements.of("transfer").version(), version, "{scopes}");
        }
        assert!(transfer.add(&Scopes::parse("b[a]").unwrap()).is_err());
        assert_eq!(requirements.all()["transfer"].to_string(), "a[b]");
        let all = requirements.all();
        assert_eq!(merged(all.values(), &Scopes::parse("c").unwrap()).unwrap().to_string(), "a[b] c openid");
    }
}
