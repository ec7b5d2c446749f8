//! Why an emulator does not start, or a login does not come to its end.

use std::fmt;
use std::io;

/// What went wrong.
#[derive(Debug)]
pub struct Error {
    doing: String,
    source: Option<io::Error>,
}

/// A result of the emulator.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn new(doing: impl Into<String>) -> Self {
        Self { doing: doing.into(), source: None }
    }

    pub(crate) fn io(doing: impl Into<String>, source: io::Error) -> Self {
        Self { doing: doing.into(), source: Some(source) }
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
