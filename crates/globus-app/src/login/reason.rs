//! [`LoginReason`]: why somebody has to log in.

use std::fmt;

use crate::{TokenValidationError, TokenValidationErrorKind};

/// What a login is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LoginReasonKind {
    /// The program asked for it.
    Asked,
    /// Nobody has logged in yet, or not for this service.
    NoTokens,
    /// The access token has ended, and there is no refresh token.
    TokenEnded,
    /// Refresh tokens are wanted, and none is stored.
    NoRefreshToken,
    /// What was consented to is less than what is needed now.
    ScopesMissing,
    /// Auth does not take the refresh token any more.
    RefreshRefused,
    /// A service demanded it before it would carry out a request.
    Demanded,
}

/// Why somebody has to log in, to match on and to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginReason {
    kind: LoginReasonKind,
    message: String,
}

impl LoginReason {
    pub(crate) fn new(kind: LoginReasonKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// What the login is for.
    pub fn kind(&self) -> LoginReasonKind {
        self.kind
    }

    /// The same in words, for the person who is to log in.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl From<&TokenValidationError> for LoginReason {
    fn from(err: &TokenValidationError) -> Self {
        let kind = match err.kind() {
            TokenValidationErrorKind::MissingToken => LoginReasonKind::NoTokens,
            TokenValidationErrorKind::ExpiredToken => LoginReasonKind::TokenEnded,
            TokenValidationErrorKind::MissingRefreshToken => LoginReasonKind::NoRefreshToken,
            TokenValidationErrorKind::RefreshRefused => LoginReasonKind::RefreshRefused,
            TokenValidationErrorKind::UnmetScopeRequirements
            | TokenValidationErrorKind::MissingIdentity
            | TokenValidationErrorKind::IdentityMismatch => LoginReasonKind::ScopesMissing,
        };
        Self::new(kind, err.to_string())
    }
}

impl fmt::Display for LoginReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
