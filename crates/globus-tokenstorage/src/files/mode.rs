//! Who else may read and change files: modes that are wrong are repaired, or the file is refused.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

#[cfg(unix)]
use self::unix::{OPEN_TO_ALL, OTHERS, of};
use super::Refusal;

/// Takes away what others than this user may do with an open file.
///
/// Where that is not possible, as with the file of another user, those in the file's group may read it: that was for its owner to
/// decide. A file that everybody may read, or that others may change, is an error.
pub(crate) fn make_private(file: &File, meta: &Metadata) -> io::Result<()> {
    repair(meta, |permissions| file.set_permissions(permissions).and_then(|()| file.metadata()))
}

/// As [`make_private`] for a directory, or for a file that must not be opened: SQLite's locks of a database end when this process
/// closes it anywhere.
pub(crate) fn make_private_at(path: &Path, meta: &Metadata) -> io::Result<()> {
    use std::fs;
    repair(meta, |permissions| fs::set_permissions(path, permissions).and_then(|()| fs::metadata(path)))
}

#[cfg(unix)]
fn repair(meta: &Metadata, set: impl FnOnce(std::fs::Permissions) -> io::Result<Metadata>) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = of(meta);
    if mode & OTHERS == 0 {
        return Ok(());
    }
    // Some file systems accept every change and make none.
    let left = set(std::fs::Permissions::from_mode(mode & !OTHERS)).map_or(mode, |meta| of(&meta));
    if left & OPEN_TO_ALL == 0 {
        return Ok(());
    }
    Err(Refusal::io(
        format!("others may read or change it (mode {:04o}), and this user cannot end that", left & 0o7777),
        "have its owner set mode 0600, or choose a place on another file system",
    ))
}

#[cfg(not(unix))]
fn repair(_: &Metadata, _: impl FnOnce(std::fs::Permissions) -> io::Result<Metadata>) -> io::Result<()> {
    Ok(())
}

/// Refuses a directory where everybody may put another file into the place of ours, which `/tmp` prevents and other
/// directories that everybody may write to do not, and a link in any such directory, which anybody may have put there.
#[cfg(unix)]
pub(super) fn check_directory(dir: &Path, holds_link: bool) -> io::Result<()> {
    const EVERYBODY_WRITES: u32 = 0o002;
    const ONLY_OWNERS_REPLACE: u32 = 0o1000;
    // A directory that is missing or out of reach shows when the file is opened.
    let Ok(mode) = dir.metadata().map(|meta| of(&meta)) else { return Ok(()) };
    if mode & EVERYBODY_WRITES == 0 {
        return Ok(());
    }
    if mode & ONLY_OWNERS_REPLACE == 0 {
        return Err(Refusal::io(
            format!("everybody may replace it (mode {:04o} of its directory)", mode & 0o7777),
            "run `chmod o-w` on the directory, or choose another one",
        ));
    }
    if holds_link {
        return Err(Refusal::io(
            "it is a symbolic link in a directory where everybody may make one",
            "name the file that the link leads to",
        ));
    }
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn check_directory(_: &Path, _: bool) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
mod unix {
    use std::fs::Metadata;
    use std::os::unix::fs::PermissionsExt;

    /// What the group and all others may do.
    pub(super) const OTHERS: u32 = 0o077;
    /// What is too much where it cannot be taken away.
    pub(super) const OPEN_TO_ALL: u32 = 0o027;

    pub(super) fn of(meta: &Metadata) -> u32 {
        meta.permissions().mode()
    }
}
