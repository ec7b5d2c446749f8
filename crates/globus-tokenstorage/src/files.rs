//! Private files and directories.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::{StorageError, StorageErrorKind};

/// How many symbolic links may follow each other, as in Linux.
const MAX_LINKS: usize = 40;

/// How often a file is opened that others remove at the same time.
pub(crate) const MOST_TRIES: u32 = 100;

/// The file that `path` leads to, through symbolic links, whether or not it exists: replacing the link itself would part
/// those who use it from those who use its target.
pub(crate) fn resolve(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::read_link(&path) {
            Ok(target) => path = parent(&path).join(target),
            // Not a link, or nothing there yet. Whatever else is wrong shows when the file is opened.
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

/// The directory that holds `path`; `.` for a bare name.
pub(crate) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) => Path::new("."),
        None => path,
    }
}

/// `path` with `suffix` after its last letter.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Makes a directory and those above it that are missing, for this user alone. An existing one keeps its mode.
pub(crate) fn create_private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Opens a file for writing and makes it, for this user alone, when it is not there.
#[cfg(feature = "sqlite")]
pub(crate) fn open_private(path: &Path) -> io::Result<File> {
    private_options().create(true).open(path)
}

/// As [`open_private`], but through no link: a link in the place of the file is an error, wherever it leads. Nobody can
/// have a file made elsewhere in this user's name.
pub(crate) fn open_own(path: &Path) -> io::Result<File> {
    for _ in 0..MOST_TRIES {
        let opened = match fs::symlink_metadata(path) {
            Ok(meta) if meta.is_symlink() => {
                return Err(io::Error::other(format!("{} is a symbolic link; remove it", path.display())));
            }
            Ok(_) => private_options().open(path),
            // Making a file anew follows no link, not even one that came into its place this moment.
            Err(err) if err.kind() == io::ErrorKind::NotFound => {
                private_options().create_new(true).open(path)
            }
            Err(err) => return Err(err),
        };
        match opened {
            Err(err) if matches!(err.kind(), io::ErrorKind::NotFound | io::ErrorKind::AlreadyExists) => {}
            opened => return opened,
        }
    }
    Err(io::Error::other("others make and remove it all the time"))
}

/// Whether `path` is the name of the open file, and not that of another, or of none.
pub(crate) fn is_at(file: &File, path: &Path) -> bool {
    let Ok(named) = fs::symlink_metadata(path) else { return false };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        file.metadata().is_ok_and(|open| (open.dev(), open.ino()) == (named.dev(), named.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        named.is_file()
    }
}

fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Takes away what others than this user may do with a file.
#[cfg(feature = "sqlite")]
pub(crate) fn make_private(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = file.metadata()?.permissions().mode();
        if mode & 0o077 != 0 {
            file.set_permissions(fs::Permissions::from_mode(mode & 0o700))?;
        }
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

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

fn failed(kind: StorageErrorKind, doing: &str, path: &Path, err: io::Error) -> StorageError {
    let (why, remedy) = match err.kind() {
        io::ErrorKind::PermissionDenied => ("permission denied", "make it accessible to this user"),
        io::ErrorKind::IsADirectory => ("it is a directory", "name a file in it"),
        // The second is what making a directory says of a file in its place.
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            ("a part of the path is a file, not a directory", "correct the path")
        }
        io::ErrorKind::NotFound => ("it is not there", "check the path"),
        io::ErrorKind::ReadOnlyFilesystem => {
            ("the file system is read-only", "choose a place that can be written")
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ("the disk is full", "free some space"),
        _ => ("the operating system reports a failure", "see the cause"),
    };
    StorageError::new(kind, format!("cannot {doing} the token file {}: {why}; {remedy}", path.display()))
        .with_path(path)
        .with_source(err)
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
