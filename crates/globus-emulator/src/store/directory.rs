//! The directory that an emulator is kept in: whose it is, and who uses it now.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};

/// Marks a directory as an emulator's, and is locked by the one that uses it.
const LOCK: &str = "emulator.lock";

/// A directory that nobody else uses while this lives.
#[derive(Debug)]
pub(crate) struct Directory {
    path: PathBuf,
    lock: File,
}

impl Directory {
    /// Takes the directory, which is made if it is not there. It must be empty, or an emulator's.
    pub(crate) fn take(path: &Path) -> Result<Self> {
        let shown = path.display();
        make(path).map_err(|error| {
            let remedy = "choose a directory that this user may write with `--data`";
            Error::io(format!("cannot make the data directory {shown}; {remedy}"), error)
        })?;
        let cannot_use = |error| {
            let remedy = "make it readable and writable for this user, or choose another with `--data`";
            Error::io(format!("cannot use the data directory {shown}; {remedy}"), error)
        };
        let path = path.canonicalize().map_err(cannot_use)?;
        if path.to_str().is_none() {
            let reason = "its path is not UTF-8; choose another with `--data`";
            return Err(Error::of(ErrorKind::DataForeign, format!("cannot use {shown}: {reason}")));
        }
        if !path.join(LOCK).exists() && fs::read_dir(&path).map_err(cannot_use)?.next().is_some() {
            let reason =
                "it is not empty and holds no emulator; choose a new or an empty directory with `--data`";
            return Err(Error::of(
                ErrorKind::DataForeign,
                format!("cannot use {shown} as data directory: {reason}"),
            ));
        }
        let mut lock = private().create(true).open(path.join(LOCK)).map_err(cannot_use)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(in_use(&path, &mut lock)),
            Err(TryLockError::Error(error)) => {
                let remedy = "choose one on a file system that can lock files";
                return Err(Error::io(format!("cannot lock the data directory {shown}; {remedy}"), error));
            }
        }
        close_to_others(&path).map_err(cannot_use)?;
        Ok(Self { path, lock })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Tells those who come later who is here.
    pub(crate) fn announce(&mut self, origin: &str) -> Result<()> {
        let text = format!("the emulator at {origin}, process {}\n", std::process::id());
        let write = |lock: &mut File| {
            lock.set_len(0)?;
            lock.rewind()?;
            lock.write_all(text.as_bytes())
        };
        write(&mut self.lock)
            .map_err(|error| Error::io(format!("cannot write to {}", self.path.join(LOCK).display()), error))
    }
}

fn in_use(path: &Path, lock: &mut File) -> Error {
    let mut holder = String::new();
    // Whoever holds it may not have said yet who it is.
    if lock.read_to_string(&mut holder).is_err() || holder.trim().is_empty() {
        holder = "another emulator".to_owned();
    }
    Error::of(
        ErrorKind::DataInUse,
        format!(
            "the data directory {} is in use by {}; stop that one, or choose another directory with `--data`",
            path.display(),
            holder.trim()
        ),
    )
}

/// Opens files that hold secrets: for this user alone.
pub(crate) fn private() -> fs::OpenOptions {
    let mut options = File::options();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn make(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A directory that was there before may be open to everybody.
#[cfg(unix)]
fn close_to_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut permissions = fs::metadata(path)?.permissions();
    if permissions.mode() & 0o777 != 0o700 {
        permissions.set_mode(0o700);
        fs::set_permissions(path, permissions)?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn close_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}
