//! [`ScopeParseError`]: where and why a scope string is wrong.

use std::{error, fmt};

/// What is wrong with a scope string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ScopeParseErrorKind {
    /// There is no scope where at least one is needed.
    Empty,
    /// There are several scopes where exactly one is wanted.
    NotOne,
    /// A `*` or a bracket stands where a scope should.
    MissingName,
    /// A `*` stands somewhere else than right before a scope.
    UnexpectedAsterisk,
    /// Brackets hold no dependency.
    EmptyBrackets,
    /// A bracket has no partner.
    Unbalanced,
    /// A closing bracket is not followed by a space, a closing bracket or the end.
    MissingSpace,
    /// A scope holds whitespace, a control character, or one of `[`, `]`, `*`.
    InvalidCharacter,
    /// A scope depends on itself, at once or through others.
    Cycle,
    /// Dependencies are nested deeper than 100 scopes.
    TooDeep,
    /// There are more than 100,000 scopes once every dependency is written out.
    TooLarge,
}

/// A scope string, or a tree of scopes, that cannot be used.
///
/// `Display` names the reason and the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeParseError {
    kind: ScopeParseErrorKind,
    position: Option<usize>,
    reason: String,
}

impl ScopeParseError {
    /// The trouble is at byte `position` of `text`, of which a short piece is quoted.
    pub(super) fn at(kind: ScopeParseErrorKind, text: &str, position: usize, reason: &str) -> Self {
        let near: String = text.get(position..).unwrap_or_default().chars().take(20).collect();
        let place = if near.is_empty() { "at the end".to_owned() } else { format!("before {near:?}") };
        Self { kind, position: Some(position), reason: format!("{reason}, {place}") }
    }

    /// The trouble is in the whole.
    pub(super) fn whole(kind: ScopeParseErrorKind, reason: impl Into<String>) -> Self {
        Self { kind, position: None, reason: reason.into() }
    }

    /// What is wrong.
    pub fn kind(&self) -> ScopeParseErrorKind {
        self.kind
    }

    /// The byte of the text at which the trouble was noticed; `None` when it is in the whole, as a cycle is.
    pub fn position(&self) -> Option<usize> {
        self.position
    }
}

impl fmt::Display for ScopeParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(position) => write!(f, "the scope is not valid at byte {position}: {}", self.reason),
            None => write!(f, "the scope is not valid: {}", self.reason),
        }
    }
}

impl error::Error for ScopeParseError {}
