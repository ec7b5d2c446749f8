//! A world of one's own, from a TOML file. `CONFIG.md` tells what it may say.

mod contents;
mod document;
mod error;
mod names;
mod resolve;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest as _, Sha256};

pub(crate) use self::contents::{Access, Client, Collection, Contents, Principal, Role};
use self::document::{Document, Settings};
pub use self::error::ConfigError;
use self::error::Source;
use crate::builder::Builder;
use crate::faults::Fault;

/// Users, clients, collections, groups, settings and faults, as a file names them.
///
/// ```
/// use globus_emulator::Config;
///
/// let error = Config::parse("lab.toml", "[[users]]\nusernam = \"ada@example.org\"").unwrap_err();
/// assert_eq!(error.line(), Some(2));
/// ```
#[derive(Clone, Debug)]
pub struct Config {
    settings: Arc<Settings>,
    faults: Vec<Fault>,
    pub(crate) contents: Arc<Contents>,
}

impl Config {
    /// Reads a file. Directories in it are relative to the one that it is in.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is not TOML, or says what cannot be; the error names the line, and what would be right.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::new(path, format!("cannot be read: {error}")))?;
        Self::parse(path, &text)
    }

    /// Understands the text of a file that would be at `path`, which need not be there.
    ///
    /// # Errors
    ///
    /// As [`from_file`](Self::from_file).
    pub fn parse(path: impl AsRef<Path>, text: &str) -> Result<Self, ConfigError> {
        let source = Source { file: path.as_ref(), text };
        let document: Document = toml::from_str(text).map_err(|error| source.unreadable(&error))?;
        let mut faults = Vec::new();
        for fault in &document.faults {
            let json = serde_json::Value::Object(fault.get_ref().clone()).to_string();
            let read = Fault::from_json(&json);
            faults.push(read.map_err(|error| source.wrong(fault.span(), error.to_string()))?);
        }
        let contents = Arc::new(resolve::contents(source, &document)?);
        Ok(Self { settings: Arc::new(document.settings), faults, contents })
    }

    /// What tells one world from another; the settings and faults are not in it. `None` for the usual world.
    pub(crate) fn digest(&self) -> Option<String> {
        let Contents { login, users, clients, groups, collections, .. } = &*self.contents;
        if login.is_none()
            && users.is_empty()
            && clients.is_empty()
            && groups.is_empty()
            && collections.is_empty()
        {
            return None;
        }
        let contents = serde_json::to_string(&*self.contents).unwrap_or_default();
        Some(Sha256::digest(contents.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The builder with the settings of the file.
    pub(crate) fn set(&self, mut builder: Builder) -> Builder {
        let settings = &*self.settings;
        builder.port = settings.port.unwrap_or(builder.port);
        builder.seed = settings.seed.or(builder.seed);
        if let Some(seconds) = settings.token_lifetime_seconds {
            builder = builder.token_lifetime(Duration::from_secs(seconds));
        }
        if let Some(rotate) = settings.rotate_refresh_tokens {
            builder = builder.rotate_refresh_tokens(rotate);
        }
        if let Some(rate) = settings.transfer_rate_bytes_per_second {
            builder = builder.transfer_rate(rate);
        }
        if let Some(interval) = settings.retry_interval_milliseconds {
            builder = builder.retry_interval(Duration::from_millis(interval));
        }
        if let Some(seconds) = settings.clock_offset_seconds {
            builder = builder.clock_offset_seconds(seconds);
        }
        self.faults.iter().cloned().fold(builder, Builder::fault)
    }
}
