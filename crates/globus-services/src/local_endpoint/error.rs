//! [`LocalEndpointError`].

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{fmt, io};

/// Why a local endpoint could not be looked at. That there is none is no error.
#[derive(Debug)]
pub struct LocalEndpointError {
    kind: LocalEndpointErrorKind,
    /// The file; the variable, when there is none.
    place: PathBuf,
    source: Option<io::Error>,
}

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LocalEndpointErrorKind {
    /// The home directory is not known, so neither is where the files are.
    NoConfigDir,
    /// A file is there, but cannot be read.
    Unreadable,
    /// A file is there, but does not hold what it should.
    Malformed,
}

impl LocalEndpointError {
    pub(super) fn no_config_dir(variable: &str) -> Self {
        Self { kind: LocalEndpointErrorKind::NoConfigDir, place: variable.into(), source: None }
    }

    pub(super) fn unreadable(file: &Path, source: io::Error) -> Self {
        Self { kind: LocalEndpointErrorKind::Unreadable, place: file.to_owned(), source: Some(source) }
    }

    pub(super) fn malformed(file: &Path) -> Self {
        Self { kind: LocalEndpointErrorKind::Malformed, place: file.to_owned(), source: None }
    }

    /// What went wrong.
    pub fn kind(&self) -> LocalEndpointErrorKind {
        self.kind
    }

    /// The file that it is about.
    pub fn path(&self) -> Option<&Path> {
        (self.kind != LocalEndpointErrorKind::NoConfigDir).then_some(&*self.place)
    }
}

impl fmt::Display for LocalEndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.place.display();
        match self.kind {
            LocalEndpointErrorKind::NoConfigDir => write!(
                f,
                "the directory of Globus Connect Personal is not known: set {place}, or give the directory"
            ),
            LocalEndpointErrorKind::Unreadable => {
                let why = self.source.as_ref().map(io::Error::kind);
                write!(f, "{place} cannot be read: {}", why.unwrap_or(io::ErrorKind::Other))
            }
            LocalEndpointErrorKind::Malformed => {
                write!(f, "{place} does not hold what Globus Connect writes there; was it changed by hand?")
            }
        }
    }
}

impl Error for LocalEndpointError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|err| err as _)
    }
}
