//! The namespaces of one storage: profiles, and the subjects of a server.
//!
//! ```text
//! file of the app      DEFAULT, <profile>, subject/<subject>, <profile>/subject/<subject>
//! storage of others    its own namespace, and the same below <own>/<environment>/<client id>/
//! ```

use std::sync::{Arc, PoisonError};

use globus_tokenstorage::{DEFAULT_NAMESPACE, TokenStorage};
use globus_transport::Environment;

use crate::AppError;
use crate::core::Core;

const SUBJECT: &str = "subject/";

/// What stands before the names of profiles and subjects in a storage that others may use as well.
pub(crate) fn prefix(storage: &dyn TokenStorage, environment: Environment, client_id: &str) -> String {
    let own = match storage.namespace() {
        DEFAULT_NAMESPACE => String::new(),
        other => format!("{other}/"),
    };
    format!("{own}{}/{client_id}/", environment.name())
}

/// Whether this can be the name of a profile.
pub(crate) fn check_profile(name: &str) -> Result<(), AppError> {
    let is_plain = |c: char| !c.is_control() && c != '/';
    if name.trim().is_empty() || name.len() > 200 || !name.chars().all(is_plain) {
        return Err(AppError::usage(format!(
            "{name:?} cannot be the name of a profile: it is a short text without `/` and control characters"
        )));
    }
    Ok(())
}

/// The namespace of `name` below `prefix`.
pub(crate) fn profile(prefix: &str, name: &str) -> String {
    format!("{prefix}{name}")
}

/// Whoever a subject is, it gets no namespace but one below its app's.
fn escaped(subject: &str) -> String {
    let escape = |c: char| match c {
        '%' | '/' => format!("%{:02X}", c as u32),
        c if c.is_control() => c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect(),
        c => c.to_string(),
    };
    subject.chars().map(escape).collect()
}

impl Core {
    /// What stands before the subjects of this app.
    fn subjects_below(&self) -> String {
        let own = self.storage.namespace();
        let base = match own.strip_prefix(&self.shared.prefix) {
            Some(DEFAULT_NAMESPACE) => self.shared.prefix.clone(),
            Some("") | None => self.shared.prefix.clone(),
            Some(_) => format!("{own}/"),
        };
        format!("{base}{SUBJECT}")
    }

    pub(crate) fn for_subject(&self, subject: &str) -> Result<Arc<Self>, AppError> {
        if subject.is_empty() {
            return Err(AppError::usage("a subject has a name, such as the id of an identity"));
        }
        self.sibling(&format!("{}{}", self.subjects_below(), escaped(subject)))
    }

    pub(crate) fn with_profile(&self, name: &str) -> Result<Arc<Self>, AppError> {
        check_profile(name)?;
        self.sibling(&profile(&self.shared.prefix, name))
    }

    /// The app for another namespace; the same one for all who ask while it is in use.
    fn sibling(&self, namespace: &str) -> Result<Arc<Self>, AppError> {
        let mut siblings = self.shared.siblings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = siblings.get(namespace).and_then(std::sync::Weak::upgrade) {
            return Ok(known);
        }
        let storage = self.storage.in_namespace(namespace).ok_or_else(|| {
            AppError::usage(
                "the storage of the app has no namespaces, and so neither profiles nor subjects; give the app another one",
            )
        })?;
        if siblings.len() == siblings.capacity() {
            siblings.retain(|_, core| core.strong_count() > 0);
        }
        let new = Self::new(Arc::clone(&self.shared), storage);
        siblings.insert(namespace.to_owned(), Arc::downgrade(&new));
        Ok(new)
    }

    /// The profiles that hold tokens. The app without a profile is not among them.
    pub(crate) async fn profiles(&self) -> Result<Vec<String>, AppError> {
        let names = self.storage.namespaces().await?;
        let names = names.iter().filter_map(|name| name.strip_prefix(&self.shared.prefix));
        let is_profile = |name: &&str| !name.is_empty() && !name.contains('/') && *name != DEFAULT_NAMESPACE;
        Ok(names.filter(is_profile).map(str::to_owned).collect())
    }

    /// Gives what is stored under one profile to another, which must hold nothing. Whatever interrupts it, no token is lost.
    pub(crate) async fn rename_profile(&self, from: &str, to: &str) -> Result<(), AppError> {
        let (old, new) = (self.with_profile(from)?, self.with_profile(to)?);
        let exists =
            || AppError::usage(format!("the profile {to:?} holds tokens already; choose another name"));
        if !new.storage.get_token_data_by_resource_server().await?.is_empty() {
            return Err(exists());
        }
        let entries = old.storage.get_token_data_by_resource_server().await?;
        if entries.is_empty() {
            return Err(AppError::usage(format!("there is no profile {from:?}")));
        }
        for name in entries.keys() {
            // No renewal may spend the refresh token in between.
            let _lock = old.storage.lock(name).await?;
            let Some(entry) = old.storage.get_token_data(name).await? else { continue };
            if !new.storage.compare_and_swap(name, None, Some(&entry)).await? {
                return Err(exists());
            }
            old.storage.compare_and_swap(name, Some(&entry), None).await?;
        }
        old.reset();
        new.reset();
        Ok(())
    }

    /// Forgets what is stored under a profile, without telling Auth. `false`: there was nothing.
    pub(crate) async fn delete_profile(&self, name: &str) -> Result<bool, AppError> {
        let core = self.with_profile(name)?;
        let mut is_removed = false;
        for name in core.storage.get_token_data_by_resource_server().await?.keys() {
            let _lock = core.storage.lock(name).await?;
            is_removed |= core.storage.remove_token_data(name).await?;
        }
        core.reset();
        Ok(is_removed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_stays_below_its_app() {
        assert_eq!(escaped("ff3ced1a-96d1"), "ff3ced1a-96d1");
        assert_eq!(escaped("../a/b%2F\0"), "..%2Fa%2Fb%252F%00");
    }

    #[test]
    fn the_name_of_a_profile_is_one_part_of_a_namespace() {
        for (name, good) in
            [("work", true), ("a b ü", true), ("", false), (" ", false), ("a/b", false), ("a\nb", false)]
        {
            assert_eq!(check_profile(name).is_ok(), good, "{name:?}");
        }
    }
}
