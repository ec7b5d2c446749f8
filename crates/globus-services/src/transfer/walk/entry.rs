//! [`WalkEntry`] and [`WalkError`]: what a walk gives.

use std::fmt;
use std::sync::Arc;

use globus_transport::Error;

use crate::transfer::FileEntry;

/// A file or directory that a walk came upon.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct WalkEntry {
    /// The entry as the service lists it.
    pub entry: FileEntry,
    /// How far below the start it is: 1 for what is directly in it.
    pub depth: u32,
    /// All entries of a listing share it.
    pub(super) directory: Arc<str>,
}

impl WalkEntry {
    /// The full path: that of the directory, and the name, with one `/` between.
    pub fn path(&self) -> String {
        join(&self.directory, &self.entry.name)
    }

    /// The path of the directory that it is in, as it was given or found.
    pub fn directory(&self) -> &str {
        &self.directory
    }

    /// Whether it is a symbolic link, to whatever.
    pub fn is_symlink(&self) -> bool {
        self.entry.link_target.is_some()
    }
}

/// `name` in `directory`.
pub(super) fn join(directory: &str, name: &str) -> String {
    let mut path = String::with_capacity(directory.len() + 1 + name.len());
    path.push_str(directory);
    if !directory.is_empty() && !directory.ends_with('/') {
        path.push('/');
    }
    path.push_str(name);
    path
}

/// A directory that could not be listed, or not to its end. `Display` names it and says why.
#[derive(Clone, Debug)]
pub struct WalkError {
    pub(super) path: String,
    pub(super) depth: u32,
    pub(super) error: Error,
}

impl WalkError {
    /// The directory.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// How far below the start it is: 0 for the start itself.
    pub fn depth(&self) -> u32 {
        self.depth
    }

    /// Why it could not be listed.
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// The same, taken out.
    pub fn into_error(self) -> Error {
        self.error
    }
}

impl From<WalkError> for Error {
    fn from(error: WalkError) -> Self {
        error.error.context(format_args!("listing {}", error.path))
    }
}

impl fmt::Display for WalkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "listing {}: {}", self.path, self.error)
    }
}

impl std::error::Error for WalkError {
    /// What is behind the error of the call: that itself is in the text.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}
