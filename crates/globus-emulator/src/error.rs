//! Why an emulator does not start, or a login does not come to its end.

use std::fmt;
use std::io;

/// What went wrong. The text says what to do about it.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    doing: String,
    source: Option<io::Error>,
}

/// What went wrong, for programs to tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The data directory is in use by another emulator.
    DataInUse,
    /// The data directory is not empty, and not an emulator's.
    DataForeign,
    /// The state in the data directory cannot be read. It was left as it is.
    DataDamaged,
    /// The state in the data directory was written by a newer version. It was left as it is.
    DataTooNew,
    /// The data directory was filled from another configuration file, or without one.
    DataConfigured,
    /// Anything else.
    Other,
}

/// A result of the emulator.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn new(doing: impl Into<String>) -> Self {
        Self::of(ErrorKind::Other, doing)
    }

    pub(crate) fn of(kind: ErrorKind, doing: impl Into<String>) -> Self {
        Self { kind, doing: doing.into(), source: None }
    }

    pub(crate) fn io(doing: impl Into<String>, source: io::Error) -> Self {
        Self { kind: ErrorKind::Other, doing: doing.into(), source: Some(source) }
    }

    /// What went wrong, for programs to tell apart.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl From<crate::config::ConfigError> for Error {
    fn from(error: crate::config::ConfigError) -> Self {
        Self::new(error.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.doing)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
