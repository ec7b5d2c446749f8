//! Finding and opening files that nobody else may see or steer.

mod mode;
mod trouble;

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

pub(crate) use self::mode::{make_private, make_private_at};
pub(crate) use self::trouble::{Refusal, corrupt, unlockable, unreadable, unwritable};

/// How many symbolic links may follow each other, as in Linux.
const MAX_LINKS: usize = 40;

/// How often a file is opened that others remove at the same time.
pub(crate) const MOST_TRIES: u32 = 100;

/// The file that `path` leads to, through symbolic links, whether or not it exists: replacing the link itself would part
/// those who use it from those who use its target.
///
/// A place where anybody could put another file, or a link, is refused.
pub(crate) fn locate(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        let target = fs::read_link(&path).ok();
        mode::check_directory(parent(&path), target.is_some())?;
        match target {
            Some(target) => path = parent(&path).join(target),
            // Not a link, or nothing there yet. Whatever else is wrong shows when the file is opened.
            None => return Ok(path),
        }
    }
    Err(Refusal::io("its symbolic links lead nowhere", "name the file itself"))
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

/// What is known of the file at `path`, which may not be there. Only a regular file will do: opening a pipe would wait for
/// ever, and a device must not be replaced.
pub(crate) fn regular(path: &Path) -> io::Result<Option<fs::Metadata>> {
    match fs::metadata(path) {
        Ok(meta) if meta.is_file() => Ok(Some(meta)),
        Ok(meta) if meta.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(_) => Err(Refusal::io("it is not a regular file", "name another one")),
        Err(err) if err.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(err) => Err(err),
    }
}

/// Makes an empty file for this user alone; `AlreadyExists` where there is one.
#[cfg(feature = "sqlite")]
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    private_options().create_new(true).open(path)
}

/// Opens a file for writing, and makes it, for this user alone, when it is not there. A link in its place is an error,
/// wherever it leads: nobody can have a file made elsewhere in this user's name.
pub(crate) fn open_own(path: &Path) -> io::Result<File> {
    for _ in 0..MOST_TRIES {
        let opened = match fs::symlink_metadata(path) {
            Ok(meta) if meta.is_symlink() => {
                let why = format!("the lock file {} is a symbolic link", path.display());
                return Err(Refusal::io(why, "remove the link"));
            }
            Ok(meta) if meta.is_file() => private_options().open(path),
            Ok(_) => {
                let why = format!("{} is not a file, as a lock is", path.display());
                return Err(Refusal::io(why, "remove it"));
            }
            // Making a file anew follows no link, not even one that came into its place this moment.
            Err(err) if err.kind() == io::ErrorKind::NotFound => {
                private_options().create_new(true).open(path)
            }
            Err(err) => return Err(err),
        };
        match opened {
            Err(err) if matches!(err.kind(), io::ErrorKind::NotFound | io::ErrorKind::AlreadyExists) => {
                // Its directory may be gone as well.
                create_private_dir(parent(path))?;
            }
            opened => return opened,
        }
    }
    Err(Refusal::io("others make and remove its lock file all the time", "see who does"))
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
