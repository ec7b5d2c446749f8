//! What is said when a file cannot be used: what was tried, with which file, why it failed, and what to do.

use std::borrow::Cow;
use std::path::Path;
use std::{error, fmt, io};

use crate::{StorageError, StorageErrorKind};

/// Why this crate, and not the operating system, leaves a file alone. It travels in an [`io::Error`].
#[derive(Debug)]
pub(crate) struct Refusal {
    why: Cow<'static, str>,
    remedy: &'static str,
}

impl Refusal {
    pub(crate) fn io(why: impl Into<Cow<'static, str>>, remedy: &'static str) -> io::Error {
        io::Error::other(Self { why: why.into(), remedy })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.why, self.remedy)
    }
}

impl error::Error for Refusal {}

pub(crate) fn unreadable(path: &Path, err: io::Error) -> StorageError {
    failed(StorageErrorKind::Unreadable, "read", path, err)
}

pub(crate) fn unwritable(path: &Path, err: io::Error) -> StorageError {
    failed(StorageErrorKind::Unwritable, "write", path, err)
}

/// For a lock file that belongs to the token file at `path`.
pub(crate) fn unlockable(path: &Path, err: io::Error) -> StorageError {
    failed(StorageErrorKind::Unwritable, "make a lock file for", path, err)
}

/// The words are ours, and not those that the cause has for the same: a report of both says nothing twice.
fn failed(kind: StorageErrorKind, doing: &str, path: &Path, err: io::Error) -> StorageError {
    let what = format!("cannot {doing} the token file {}", path.display());
    if let Some(refusal) = err.get_ref().and_then(|err| err.downcast_ref::<Refusal>()) {
        return StorageError::new(kind, format!("{what}: {refusal}")).with_path(path);
    }
    let (why, remedy) = match err.kind() {
        io::ErrorKind::PermissionDenied => {
            ("this user has no access to it, or to its directory", "correct the owner and the mode")
        }
        io::ErrorKind::IsADirectory => ("a directory is in the way", "name a file in it"),
        // The second is what making a directory says of a file in its place.
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            ("a part of its path is a file and should be a directory", "correct the path")
        }
        io::ErrorKind::NotFound => ("it, or its directory, is not there", "check the path"),
        io::ErrorKind::ReadOnlyFilesystem => {
            ("nothing can be written there", "choose a place that can be written")
        }
        io::ErrorKind::StorageFull => ("the disk is full", "free some space"),
        io::ErrorKind::QuotaExceeded => {
            ("this user has used up the space granted", "free some, or have it raised")
        }
        io::ErrorKind::FileTooLarge => {
            ("this process may not write a file of that size", "raise its limit (`ulimit -f`)")
        }
        io::ErrorKind::Unsupported => ("its file system has no locks", "keep the token file on one that has"),
        _ => ("the operating system reports a failure", "see the cause"),
    };
    StorageError::new(kind, format!("{what}: {why}; {remedy}")).with_path(path).with_source(err)
}

pub(crate) fn corrupt(path: &Path, why: &str) -> StorageError {
    StorageError::new(
        StorageErrorKind::Corrupt,
        format!(
            "cannot understand the token file {}: {why}; it was left as it is: restore it, or move it away and log in again",
            path.display()
        ),
    )
    .with_path(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn what_the_operating_system_says_is_not_said_twice() {
        // Permission, absence, directory, no directory, exists, read-only, full, quota, too large, input/output, no locks.
        for code in [13, 2, 21, 20, 17, 30, 28, 122, 27, 5, 95] {
            let err = unwritable(Path::new("/tokens.json"), io::Error::from_raw_os_error(code));
            let text = err.to_string();
            let cause = error::Error::source(&err).unwrap().to_string();
            let words = cause.split(" (os error").next().unwrap().to_lowercase();
            assert!(text.starts_with("cannot write the token file /tokens.json: "), "{text}");
            assert!(!text.to_lowercase().contains(&words), "{text}: {cause}");
            assert!(text.contains("; ") && !text.contains('\n'), "{text}");
        }
    }

    #[test]
    fn a_full_disk_and_its_kin_are_told_apart() {
        let said = |kind: io::ErrorKind| unwritable(Path::new("t"), kind.into()).to_string();
        assert_eq!(
            said(io::ErrorKind::StorageFull),
            "cannot write the token file t: the disk is full; free some space"
        );
        assert_eq!(
            said(io::ErrorKind::QuotaExceeded),
            "cannot write the token file t: this user has used up the space granted; free some, or have it raised"
        );
        assert_eq!(
            said(io::ErrorKind::ReadOnlyFilesystem),
            "cannot write the token file t: nothing can be written there; choose a place that can be written"
        );
        assert_eq!(
            said(io::ErrorKind::NotFound),
            "cannot write the token file t: it, or its directory, is not there; check the path"
        );
    }
}
