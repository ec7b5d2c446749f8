//! [`StorageError`]: why tokens could not be read or written.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{error, fmt};

/// What a failed storage operation means for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StorageErrorKind {
    /// What is stored could not be reached: no permission, a directory in place of the file, a failing disk.
    Unreadable,
    /// The change could not be written. What was stored before is still there.
    Unwritable,
    /// What is stored cannot be understood. It was left alone.
    Corrupt,
    /// What is stored was written in a format that this version does not know. It was left alone.
    UnsupportedVersion,
    /// What is stored was encrypted with a key that this program was not given. It was left alone.
    UnknownKey,
    /// Another task or process kept a lock for longer than the time limit. Trying again can help.
    LockTimedOut,
    /// What keeps the tokens cannot be reached for the moment, such as a server that does not answer. Trying again can
    /// help. It is for storages behind a network; a swap that is disturbed again and again says so as well.
    Unavailable,
    /// Anything else.
    Other,
}

/// A failed storage operation. `Display` names the file, the cause, and what to do; it never quotes what is stored.
/// It is cheap to clone.
#[derive(Clone, Debug)]
pub struct StorageError(Arc<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    kind: StorageErrorKind,
    message: String,
    path: Option<PathBuf>,
    source: Option<Arc<dyn error::Error + Send + Sync>>,
}

impl StorageError {
    /// An error that says `message`: what was tried, why it failed, what to do next; never a secret.
    pub fn new(kind: StorageErrorKind, message: impl Into<String>) -> Self {
        Self(Arc::new(Inner { kind, message: message.into(), path: None, source: None }))
    }

    /// The same with the file it is about.
    #[must_use]
    pub fn with_path(mut self, path: impl Into<PathBuf>) -> Self {
        Arc::make_mut(&mut self.0).path = Some(path.into());
        self
    }

    /// The same with the error below it.
    #[must_use]
    pub fn with_source(mut self, source: impl error::Error + Send + Sync + 'static) -> Self {
        Arc::make_mut(&mut self.0).source = Some(Arc::new(source));
        self
    }

    /// What it means for the caller.
    pub fn kind(&self) -> StorageErrorKind {
        self.0.kind
    }

    /// The file it is about, for storages that have one.
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// Whether the same operation may work later without anybody's doing.
    pub fn is_transient(&self) -> bool {
        matches!(self.0.kind, StorageErrorKind::LockTimedOut | StorageErrorKind::Unavailable)
    }
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl error::Error for StorageError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn error::Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_pass_by_itself_is_transient() {
        for (kind, transient) in [
            (StorageErrorKind::LockTimedOut, true),
            (StorageErrorKind::Unavailable, true),
            (StorageErrorKind::Unreadable, false),
            (StorageErrorKind::Corrupt, false),
        ] {
            assert_eq!(StorageError::new(kind, "x").is_transient(), transient, "{kind:?}");
        }
    }
}
