//! [`TokenValidationError`]: why stored or new tokens are not to be used.

use std::{error, fmt};

/// What is wrong with tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenValidationErrorKind {
    /// There are none for a service.
    MissingToken,
    /// The access token has ended, or was refused, and there is no refresh token.
    ExpiredToken,
    /// Refresh tokens are asked for, and there is none.
    MissingRefreshToken,
    /// Auth does not take the refresh token any more. It has been removed.
    RefreshRefused,
    /// They do not allow all that is required, or the person has not consented to all of it.
    UnmetScopeRequirements,
    /// A login did not say who logged in.
    MissingIdentity,
    /// They are of another person than the one whose tokens are stored.
    IdentityMismatch,
}

/// Why tokens are not to be used. It never quotes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenValidationError {
    kind: TokenValidationErrorKind,
    message: String,
    resource_server: Option<String>,
}

impl TokenValidationError {
    pub(crate) fn new(kind: TokenValidationErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), resource_server: None }
    }

    pub(crate) fn about(mut self, resource_server: &str) -> Self {
        self.resource_server = Some(resource_server.to_owned());
        self
    }

    /// What is wrong.
    pub fn kind(&self) -> TokenValidationErrorKind {
        self.kind
    }

    /// The service whose tokens they are, if it is about those of one.
    pub fn resource_server(&self) -> Option<&str> {
        self.resource_server.as_deref()
    }
}

impl fmt::Display for TokenValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl error::Error for TokenValidationError {}
