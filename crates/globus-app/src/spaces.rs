//! The namespaces of one storage: profiles, and the subjects of a server.
//!
//! ```text
//! file of the app      DEFAULT, <profile>, subject/<subject>, <profile>/subject/<subject>
//! storage of others    the same below <environment>/<client id>/, and that below the storage's own namespace, unless it is DEFAULT
//! namespace `x` named  x, x/<profile>, x/subject/<subject>, …; for DEFAULT as in a file of the app
//! ```

use std::sync::{Arc, PoisonError};

use globus_tokenstorage::{DEFAULT_NAMESPACE, TokenStorage};
use globus_transport::Environment;

use crate::AppError;
use crate::core::Core;
use crate::login_end::END_LOCK;
use crate::validate::{self, Entries};

const SUBJECT: &str = "subject/";

/// A storage in the namespace of the app without a profile, and what stands before the names of its profiles and subjects.
pub(crate) type Space = (Arc<dyn TokenStorage>, String);

/// A part of a storage that others may use as well. A storage without namespaces is used as it is.
pub(crate) fn part(storage: Arc<dyn TokenStorage>, environment: Environment, client_id: &str) -> Space {
    let own = match storage.namespace() {
        DEFAULT_NAMESPACE => String::new(),
        other => format!("{other}/"),
    };
    let prefix = format!("{own}{}/{client_id}/", environment.name());
    let part = storage.in_namespace(&format!("{prefix}{DEFAULT_NAMESPACE}"));
    (part.unwrap_or(storage), prefix)
}

/// The namespace that the program has chosen.
pub(crate) fn named(storage: &Arc<dyn TokenStorage>, name: &str) -> Result<Space, AppError> {
    if name.trim().is_empty() || name.contains(char::is_control) {
        return Err(AppError::usage(format!(
            "{name:?} cannot be a namespace: it is a text that is not empty and has no control characters"
        )));
    }
    let named = match storage.namespace() == name {
        true => Arc::clone(storage),
        false => storage.in_namespace(name).ok_or_else(|| {
            AppError::usage(
                "the storage has no namespaces; leave the namespace out, or give the app another one",
            )
        })?,
    };
    let prefix = if name == DEFAULT_NAMESPACE { String::new() } else { format!("{name}/") };
    Ok((named, prefix))
}

/// Whether this can be the name of a profile.
pub(crate) fn check_profile(name: &str) -> Result<(), AppError> {
    let is_plain = |c: char| !c.is_control() && c != '/';
    if name.trim().is_empty() || name.len() > 200 || name == DEFAULT_NAMESPACE || !name.chars().all(is_plain)
    {
        return Err(AppError::usage(format!(
            "{name:?} cannot be the name of a profile: it is a short text without `/` and control characters, and not \
             {DEFAULT_NAMESPACE:?}"
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
        match self.storage.namespace() {
            own if own == self.shared.base => format!("{}{SUBJECT}", self.shared.prefix),
            own => format!("{own}/{SUBJECT}"),
        }
    }

    /// Profiles are the app's, and not for those who hold the app of one of many people.
    fn check_has_profiles(&self) -> Result<(), AppError> {
        let own = self.storage.namespace().strip_prefix(&self.shared.prefix);
        if own.is_some_and(|own| own.contains('/')) {
            return Err(AppError::usage(
                "the app of a subject has no profiles; ask the app that it was made from",
            ));
        }
        Ok(())
    }

    pub(crate) fn for_subject(&self, subject: &str) -> Result<Arc<Self>, AppError> {
        if subject.is_empty() {
            return Err(AppError::usage("a subject has a name, such as the id of an identity"));
        }
        self.sibling(&format!("{}{}", self.subjects_below(), escaped(subject)))
    }

    pub(crate) fn with_profile(&self, name: &str) -> Result<Arc<Self>, AppError> {
        self.check_has_profiles()?;
        check_profile(name)?;
        self.sibling(&profile(&self.shared.prefix, name))
    }

    pub(crate) fn without_profile(&self) -> Result<Arc<Self>, AppError> {
        self.check_has_profiles()?;
        self.sibling(&self.shared.base)
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
        self.check_has_profiles()?;
        let names = self.storage.namespaces().await?;
        let names = names.iter().filter_map(|name| name.strip_prefix(&self.shared.prefix));
        let is_profile = |name: &&str| !name.is_empty() && !name.contains('/') && *name != DEFAULT_NAMESPACE;
        Ok(names.filter(is_profile).map(str::to_owned).collect())
    }

    /// Gives what is stored under one profile to another, which must hold nothing but what it was given before. All is there
    /// before anything is removed here: whatever interrupts it, no token is lost, and it can be gone on with.
    pub(crate) async fn rename_profile(&self, from: &str, to: &str) -> Result<(), AppError> {
        let (old, new) = (self.with_profile(from)?, self.with_profile(to)?);
        if from == to {
            return Err(AppError::usage(format!("the profile is called {from:?} already")));
        }
        // No login may end here or there in between; always in one order, so that two who rename do not wait for each other.
        let (first, second) = if from < to { (&old, &new) } else { (&new, &old) };
        let _ends = (first.storage.lock(END_LOCK).await?, second.storage.lock(END_LOCK).await?);
        let mut locks = Vec::new();
        for name in old.storage.get_token_data_by_resource_server().await?.keys() {
            // Nor may a renewal spend a refresh token.
            locks.push(old.storage.lock(name).await?);
        }
        let mut moving = old.storage.get_token_data_by_resource_server().await?;
        if moving.is_empty() {
            return Err(AppError::usage(format!("there is no profile {from:?}")));
        }
        let there = new.storage.get_token_data_by_resource_server().await?;
        if !is_part_of_one(&there, &moving) {
            return Err(AppError::usage(format!(
                "the profile {to:?} holds tokens already; choose another name"
            )));
        }
        new.storage.store_token_data_by_resource_server(&moving).await?;
        while let Some((name, entry)) = moving.pop_first() {
            old.storage.compare_and_swap(&name, Some(&entry), None).await?;
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

/// Whether `there` can be what an interrupted renaming has moved beside `moving`: nothing else stands in its way, and all is of
/// one person.
fn is_part_of_one(there: &Entries, moving: &Entries) -> bool {
    let is_free = |(name, entry): (&String, _)| there.get(name).is_none_or(|found| found == entry);
    let both = there.iter().chain(moving).map(|(name, entry)| (name.clone(), entry.clone())).collect();
    moving.iter().all(is_free) && validate::identity(&both).is_ok()
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
        for (name, good) in [
            ("work", true),
            ("a b ü", true),
            ("", false),
            (" ", false),
            ("a/b", false),
            ("a\nb", false),
            ("DEFAULT", false),
        ] {
            assert_eq!(check_profile(name).is_ok(), good, "{name:?}");
        }
    }
}
