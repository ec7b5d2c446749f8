//! [`Scopes`]: a scope string as a whole.

use std::fmt;
use std::str::FromStr;

use super::graph::Graph;
use super::parse::parse;
use super::{Scope, ScopeParseError};

/// A list of scopes in one normal form: whatever is said about a scope anywhere holds wherever it occurs.
///
/// The dependencies of one scope are united, and a required one beats an optional one. At the top level `foo *foo` stays
/// two scopes. The order is by name.
///
/// ```
/// use globus_auth_core::scopes::Scopes;
///
/// let scopes = Scopes::parse("transfer[*one] openid")?.merge(&Scopes::parse("transfer[*two]")?)?;
/// assert_eq!(scopes.to_string(), "openid transfer[*one *two]");
/// # Ok::<(), globus_auth_core::scopes::ScopeParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// Reads a scope string. An empty one, or one of spaces, holds no scope.
    ///
    /// # Errors
    /// When the text does not follow the grammar, a scope depends on itself, or the limits on nesting and size are passed
    /// ([`ScopeParseErrorKind`](super::ScopeParseErrorKind)).
    pub fn parse(text: &str) -> Result<Self, ScopeParseError> {
        parse(text)?.into_trees().map(Self)
    }

    /// Brings trees into the normal form.
    ///
    /// # Errors
    /// When a scope depends on itself, or the limits on nesting and size are passed.
    pub fn from_trees<'a>(trees: impl IntoIterator<Item = &'a Scope>) -> Result<Self, ScopeParseError> {
        let mut graph = Graph::default();
        trees.into_iter().for_each(|tree| graph.add_tree(tree));
        graph.into_trees().map(Self)
    }

    /// The scopes of both.
    ///
    /// # Errors
    /// When a scope depends on itself through the two together, or the limits on nesting and size are passed.
    pub fn merge(&self, other: &Self) -> Result<Self, ScopeParseError> {
        Self::from_trees(self.iter().chain(other.iter()))
    }

    /// The scopes of the top level, sorted by name.
    pub fn iter(&self) -> std::slice::Iter<'_, Scope> {
        self.0.iter()
    }

    /// How many scopes the top level has.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no scope.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().enumerate().try_for_each(|(index, scope)| {
            f.write_str(if index == 0 { "" } else { " " })?;
            fmt::Display::fmt(scope, f)
        })
    }
}

impl FromStr for Scopes {
    type Err = ScopeParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl IntoIterator for Scopes {
    type Item = Scope;
    type IntoIter = std::vec::IntoIter<Scope>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Scopes {
    type Item = &'a Scope;
    type IntoIter = std::slice::Iter<'a, Scope>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
