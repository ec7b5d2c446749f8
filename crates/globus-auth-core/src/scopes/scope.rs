//! [`Scope`]: one scope and the scopes it depends on.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::{fmt, mem};

use super::parse::check_name;
use super::{ScopeParseError, ScopeParseErrorKind, Scopes};

/// A scope, with the scopes that it depends on.
///
/// In text, dependencies stand in brackets, and `*` marks an optional one: `all[*data_access]`. Dependencies are kept
/// sorted, so two scopes are equal in whatever order theirs were given.
///
/// ```
/// use globus_auth_core::scopes::{Scope, TRANSFER, gcs};
///
/// let data_access = gcs::data_access("f25031d5-9105-558f-a220-1add1996f872")?;
/// let transfer = Scope::new(TRANSFER.all)?.with_dependency(data_access.with_optional(true));
/// assert_eq!(
///     transfer.to_string(),
///     "urn:globus:auth:scope:transfer.api.globus.org:all\
///      [*https://auth.globus.org/scopes/f25031d5-9105-558f-a220-1add1996f872/data_access]",
/// );
/// assert_eq!(Scope::parse(&transfer.to_string())?, transfer);
/// # Ok::<(), globus_auth_core::scopes::ScopeParseError>(())
/// ```
// A tree may be built deeper than the stack is, so nothing here recurses: all goes through `walk`.
pub struct Scope {
    name: String,
    optional: bool,
    /// Sorted, none twice.
    dependencies: Vec<Self>,
}

impl Scope {
    /// The scope called `name`, required and without dependencies.
    ///
    /// # Errors
    /// When `name` is empty or holds whitespace, a control character, or one of `[`, `]`, `*`.
    pub fn new(name: impl Into<String>) -> Result<Self, ScopeParseError> {
        let name = name.into();
        check_name(&name)?;
        Ok(Self::leaf(name, false))
    }

    /// Reads a text that holds exactly one scope, which may have dependencies.
    ///
    /// # Errors
    /// When the text is not a scope string ([`Scopes::parse`]), or holds none or several.
    pub fn parse(text: &str) -> Result<Self, ScopeParseError> {
        let mut scopes = Scopes::parse(text)?.into_iter();
        match (scopes.next(), scopes.next()) {
            (Some(scope), None) => Ok(scope),
            (None, _) => Err(ScopeParseError::whole(
                ScopeParseErrorKind::Empty,
                "the text is empty, one scope is needed",
            )),
            (Some(_), Some(_)) => Err(ScopeParseError::whole(
                ScopeParseErrorKind::NotOne,
                "the text holds several scopes, exactly one is needed",
            )),
        }
    }

    pub(super) fn leaf(name: String, optional: bool) -> Self {
        Self { name, optional, dependencies: Vec::new() }
    }

    /// The scope itself, without mark and dependencies.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is marked with `*`: wanted, but a login without it is fine.
    pub fn is_optional(&self) -> bool {
        self.optional
    }

    /// The scopes it depends on, sorted by name.
    pub fn dependencies(&self) -> &[Self] {
        &self.dependencies
    }

    /// The same scope, optional or required.
    #[must_use]
    pub fn with_optional(mut self, optional: bool) -> Self {
        self.optional = optional;
        self
    }

    /// The same scope with one more dependency. The tree stays as it is built: [`Scopes`] unites what it says about one
    /// scope in several places.
    #[must_use]
    pub fn with_dependency(self, dependency: Self) -> Self {
        self.with_dependencies([dependency])
    }

    /// The same scope with more dependencies.
    #[must_use]
    pub fn with_dependencies(mut self, dependencies: impl IntoIterator<Item = Self>) -> Self {
        self.dependencies.extend(dependencies);
        self.dependencies.sort_unstable();
        self.dependencies.dedup();
        self
    }

    /// Every scope of the tree with its level, a scope before its dependencies.
    fn walk(&self) -> impl Iterator<Item = (usize, &Self)> {
        let mut waiting = vec![(0, self)];
        std::iter::from_fn(move || {
            let (level, scope) = waiting.pop()?;
            waiting.extend(scope.dependencies.iter().rev().map(|dependency| (level + 1, dependency)));
            Some((level, scope))
        })
    }

    /// The same tree as a flat sequence, which tells it from every other tree.
    fn keys(&self) -> impl Iterator<Item = (usize, &str, bool)> {
        self.walk().map(|(level, scope)| (level, scope.name.as_str(), scope.optional))
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut level = 0;
        for (index, (depth, name, optional)) in self.keys().enumerate() {
            if depth > level {
                f.write_str("[")?;
            } else {
                (depth..level).try_for_each(|_| f.write_str("]"))?;
                f.write_str(if index == 0 { "" } else { " " })?;
            }
            level = depth;
            write!(f, "{}{name}", if optional { "*" } else { "" })?;
        }
        (0..level).try_for_each(|_| f.write_str("]"))
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scope({self})")
    }
}

impl FromStr for Scope {
    type Err = ScopeParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl PartialEq for Scope {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Scope {}

impl PartialOrd for Scope {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Scope {
    fn cmp(&self, other: &Self) -> Ordering {
        // The names alone decide most comparisons, without a walk.
        self.name.cmp(&other.name).then_with(|| self.keys().cmp(other.keys()))
    }
}

impl Hash for Scope {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.keys().for_each(|key| key.hash(state));
    }
}

impl Clone for Scope {
    fn clone(&self) -> Self {
        let mut open: Vec<Self> = Vec::new();
        for (level, name, optional) in self.keys() {
            close(&mut open, level);
            open.push(Self::leaf(name.to_owned(), optional));
        }
        close(&mut open, 1);
        open.pop().unwrap_or_else(|| Self::leaf(self.name.clone(), self.optional))
    }
}

/// Hands each scope below `level` to its parent, which is the one before it.
fn close(open: &mut Vec<Scope>, level: usize) {
    while open.len() > level {
        match (open.pop(), open.last_mut()) {
            (Some(done), Some(parent)) => parent.dependencies.push(done),
            _ => return,
        }
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        let mut waiting = mem::take(&mut self.dependencies);
        while let Some(mut scope) = waiting.pop() {
            waiting.append(&mut scope.dependencies);
        }
    }
}
