//! Finding and opening files that nobody else may see or steer.

mod mode;
mod trouble;

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

pub(crate) use self::mode::{make_private, make_private_at};
pub(crate) use self::trouble::{Refusal, corrupt, unlockable, unreadable, unwritable};

/// How many symbolic links may follow each other, as in Linux.
const MAX_LINKS: usize = 40;

/// How often a file is opened that others remove at the same time.
pub(crate) const MOST_TRIES: u32 = 100;

/// Where a file is, by whatever links.
#[derive(Debug)]
pub(crate) struct Located {
    pub(crate) path: PathBuf,
    /// What is known of it, when it is there.
    pub(crate) meta: Option<Metadata>,
}

/// Finds the file that `path` leads to, through symbolic links, whether or not it exists: replacing the link itself would part
/// those who use it from those who use its target.
///
/// A place where anybody could put another file, or a link, is refused, and what is not a regular file: opening a pipe would wait
/// for ever, and a device must not be replaced.
pub(crate) fn locate(path: &Path) -> io::Result<Located> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        let found = fs::symlink_metadata(&path);
        let is_link = found.as_ref().is_ok_and(Metadata::is_symlink);
        mode::check_directory(parent(&path), is_link)?;
        if !is_link {
            return Ok(Located { meta: regular(found)?, path });
        }
        // One that is gone again leaves something else to be found.
        if let Ok(target) = fs::read_link(&path) {
            path = parent(&path).join(target);
        }
    }
    Err(Refusal::io("its symbolic links lead nowhere", "name the file itself"))
}

fn regular(found: io::Result<Metadata>) -> io::Result<Option<Metadata>> {
    match found {
        Ok(meta) if meta.is_file() => Ok(Some(meta)),
        Ok(meta) if meta.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(_) => Err(Refusal::io("it is not a regular file", "name another one")),
        Err(err) if err.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(err) => Err(err),
    }
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

/// Makes an empty file for this user alone; `AlreadyExists` where there is one.
#[cfg(feature = "sqlite")]
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    private_options().create_new(true).open(path)
}

/// Opens the file that was located at `path`, for reading. A link that came into its place since is an error.
#[cfg(feature = "json")]
pub(crate) fn open(path: &Path) -> io::Result<File> {
    open_itself(path, OpenOptions::new().read(true))
}

/// Opens a file for writing, and makes it, for this user alone, when it is not there. A link in its place is an error,
/// wherever it leads: nobody can have a file made elsewhere in this user's name.
pub(crate) fn open_own(path: &Path) -> io::Result<(File, Metadata)> {
    for _ in 0..MOST_TRIES {
        let opened = match open_itself(path, &mut private_options()) {
            // Making a file anew follows no link, not even one that came into its place this moment.
            Err(err) if err.kind() == io::ErrorKind::NotFound => {
                private_options().create_new(true).open(path)
            }
            opened => opened,
        };
        match opened.and_then(|file| file.metadata().map(|meta| (file, meta))) {
            Ok((file, meta)) if meta.is_file() => return Ok((file, meta)),
            Ok(_) => return Err(no_lock(path)),
            Err(err) if matches!(err.kind(), io::ErrorKind::NotFound | io::ErrorKind::AlreadyExists) => {
                // Its directory may be gone as well.
                create_private_dir(parent(path))?;
            }
            Err(err) => {
                let is_file = fs::symlink_metadata(path).map_or(true, |meta| meta.is_file());
                return Err(if is_file { err } else { no_lock(path) });
            }
        }
    }
    Err(Refusal::io("others make and remove its lock file all the time", "see who does"))
}

/// What is at `path` cannot be a lock file.
fn no_lock(path: &Path) -> io::Error {
    if path.is_symlink() {
        return Refusal::io(
            format!("the lock file {} is a symbolic link", path.display()),
            "remove the link",
        );
    }
    Refusal::io(format!("{} is not a file, as a lock is", path.display()), "remove it")
}

/// Whether the open file that `open` is known of is at `path`, and not another, or none.
pub(crate) fn is_at(open: &Metadata, path: &Path) -> bool {
    let Ok(named) = fs::symlink_metadata(path) else { return false };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        (open.dev(), open.ino()) == (named.dev(), named.ino())
    }
    #[cfg(not(unix))]
    {
        let _ = open;
        named.is_file()
    }
}

/// Opens what is at `path` itself; a link is an error.
fn open_itself(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        options,
        rustix::fs::OFlags::NOFOLLOW.bits().cast_signed(),
    );
    #[cfg(not(unix))]
    if fs::symlink_metadata(path)?.is_symlink() {
        return Err(io::Error::other("a symbolic link is in the way"));
    }
    options.open(path)
}

fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
