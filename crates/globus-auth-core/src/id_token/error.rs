//! [`IdTokenError`]: why an ID token is not to be believed.

use std::{error, fmt};

/// What is wrong with an ID token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IdTokenErrorKind {
    /// It is not a signed token, is too long, or lacks a claim that every ID token has.
    Malformed,
    /// It is signed in a way that is not accepted, or not at all.
    UnsupportedAlgorithm,
    /// None of the keys is the one that it names, or it names none and there is not exactly one. Auth may have changed its
    /// keys: fetch them again.
    UnknownKey,
    /// The signature does not belong to the content and the key.
    BadSignature,
    /// It was issued by someone else.
    WrongIssuer,
    /// It was issued for another client.
    WrongAudience,
    /// Its time is over.
    Expired,
    /// Its time has not come; one of the clocks is wrong.
    NotYetValid,
    /// It belongs to another login.
    WrongNonce,
}

/// An ID token that is not to be believed. It never quotes the token, but for names in it that are wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdTokenError {
    kind: IdTokenErrorKind,
    reason: String,
}

impl IdTokenError {
    pub(super) fn new(kind: IdTokenErrorKind, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into() }
    }

    pub(super) fn malformed(reason: &str) -> Self {
        Self::new(IdTokenErrorKind::Malformed, reason)
    }

    /// What is wrong.
    pub fn kind(&self) -> IdTokenErrorKind {
        self.kind
    }
}

impl fmt::Display for IdTokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the ID token is not valid: {}", self.reason)
    }
}

impl error::Error for IdTokenError {}
