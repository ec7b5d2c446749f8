//! Directories as handles that the kernel keeps, whatever becomes of their names.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, ErrorKind};
#[cfg(any(target_os = "linux", target_os = "android"))]
use std::os::fd::AsRawFd as _;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{self, AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::{Entry, Kind, Meta};

/// A directory that was opened. All names are single components: they hold no slash and are not `..`.
#[derive(Clone, Debug)]
pub(crate) struct Dir(Arc<OwnedFd>);

const READ: OFlags = OFlags::RDONLY.union(OFlags::CLOEXEC).union(OFlags::NOFOLLOW);

/// To pass through a directory the right to read it is not needed, where the system knows the difference.
#[cfg(any(target_os = "linux", target_os = "android"))]
const PASS: OFlags = READ.union(OFlags::DIRECTORY).union(OFlags::PATH);
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const PASS: OFlags = READ.union(OFlags::DIRECTORY);

impl Dir {
    /// Opens a directory by its canonical path, in which no link is followed.
    pub(crate) fn root(path: &Path) -> io::Result<Self> {
        let top = fs::open("/", PASS, Mode::empty())?;
        path.components().try_fold(Self(Arc::new(top)), |here, part| match part {
            Component::Normal(name) => here.dir(name),
            _ => Ok(here),
        })
    }

    /// A directory in this one; a link is not a directory.
    pub(crate) fn dir(&self, name: &OsStr) -> io::Result<Self> {
        let found = fs::openat(&*self.0, name, PASS, Mode::empty()).map_err(refused)?;
        Ok(Self(Arc::new(found)))
    }

    pub(crate) fn meta(&self, name: &OsStr) -> io::Result<Meta> {
        let stat = fs::statat(&*self.0, name, AtFlags::SYMLINK_NOFOLLOW)?;
        Ok(of_stat(&stat))
    }

    /// Where a link leads; `None` when there is no link of this name.
    pub(crate) fn link_target(&self, name: &OsStr) -> io::Result<Option<PathBuf>> {
        match fs::readlinkat(&*self.0, name, Vec::new()) {
            Ok(target) => Ok(Some(PathBuf::from(OsString::from_vec(target.into_bytes())))),
            Err(Errno::INVAL | Errno::NOENT | Errno::NOTDIR) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a file to read it. That does not wait, not even for the other end of a pipe.
    pub(crate) fn file(&self, name: &OsStr) -> io::Result<(File, Meta)> {
        let flags = READ.union(OFlags::NONBLOCK).union(OFlags::NOCTTY);
        let file = File::from(fs::openat(&*self.0, name, flags, Mode::empty()).map_err(refused)?);
        let meta = Self::meta_of(&file)?;
        Ok((file, meta))
    }

    /// What is known by now of a file that was opened.
    pub(crate) fn meta_of(file: &File) -> io::Result<Meta> {
        let meta = file.metadata()?;
        let kind = match meta.file_type() {
            kind if kind.is_file() => Kind::File,
            kind if kind.is_dir() => Kind::Dir,
            _ => Kind::Other,
        };
        Ok(Meta {
            kind,
            size: meta.len(),
            mode: meta.mode() & 0o7777,
            user: meta.uid(),
            group: meta.gid(),
            modified: (meta.mtime(), u32::try_from(meta.mtime_nsec()).unwrap_or(0)),
            identity: (meta.dev(), meta.ino()),
        })
    }

    /// Makes a file that was not there, to write and to read.
    pub(crate) fn create(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(File::from(fs::openat(&*self.0, name, flags, Mode::from_raw_mode(0o666))?))
    }

    /// Makes a file that has no name yet, to write and to read; `None` where there is no such thing. It goes away unless it gets one.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub(crate) fn create_nameless(&self) -> Option<File> {
        let flags = OFlags::RDWR | OFlags::TMPFILE | OFlags::CLOEXEC;
        fs::openat(&*self.0, ".", flags, Mode::from_raw_mode(0o666)).ok().map(File::from)
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    pub(crate) fn create_nameless(&self) -> Option<File> {
        None
    }

    /// Gives a file that has no name one that nothing has.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub(crate) fn give_name(&self, file: &File, name: &OsStr) -> io::Result<()> {
        match fs::linkat(file, "", &*self.0, name, AtFlags::EMPTY_PATH) {
            // Older systems allow that only to administrators, and to everybody by the name of the handle.
            Err(Errno::NOENT) => {
                let handle = format!("/proc/self/fd/{}", file.as_raw_fd());
                Ok(fs::linkat(fs::CWD, handle, &*self.0, name, AtFlags::SYMLINK_FOLLOW)?)
            }
            named => Ok(named?),
        }
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    pub(crate) fn give_name(&self, _: &File, _: &OsStr) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    pub(crate) fn make_dir(&self, name: &OsStr) -> io::Result<()> {
        Ok(fs::mkdirat(&*self.0, name, Mode::from_raw_mode(0o777))?)
    }

    pub(crate) fn make_link(&self, target: &Path, name: &OsStr) -> io::Result<()> {
        Ok(fs::symlinkat(target, &*self.0, name)?)
    }

    /// Removes what is not a directory.
    pub(crate) fn remove_file(&self, name: &OsStr) -> io::Result<()> {
        Ok(fs::unlinkat(&*self.0, name, AtFlags::empty())?)
    }

    /// Removes a directory that is empty.
    pub(crate) fn remove_dir(&self, name: &OsStr) -> io::Result<()> {
        Ok(fs::unlinkat(&*self.0, name, AtFlags::REMOVEDIR)?)
    }

    /// Gives a file another name, in the place of the file that has it.
    pub(crate) fn replace(&self, name: &OsStr, to: &Self, new: &OsStr) -> io::Result<()> {
        Ok(fs::renameat(&*self.0, name, &*to.0, new)?)
    }

    /// Gives something a name that nothing has.
    pub(crate) fn rename(&self, name: &OsStr, to: &Self, new: &OsStr) -> io::Result<()> {
        match rename_new(self, name, to, new) {
            // Not every file system can look and rename in one step.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => match to.meta(new) {
                Ok(_) => Err(ErrorKind::AlreadyExists.into()),
                Err(error) if error.kind() == ErrorKind::NotFound => self.replace(name, to, new),
                Err(error) => Err(error),
            },
            done => Ok(done?),
        }
    }

    pub(crate) fn entries(&self) -> io::Result<Vec<Entry>> {
        let own = fs::openat(&*self.0, ".", READ.union(OFlags::DIRECTORY), Mode::empty())?;
        let mut entries = Vec::new();
        for entry in fs::Dir::new(own)? {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if !matches!(name, b"." | b"..") {
                let name = OsStr::from_bytes(name).to_os_string();
                entries.push(Entry { name, kind: of_type(entry.file_type()) });
            }
        }
        Ok(entries)
    }
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn rename_new(from: &Dir, name: &OsStr, to: &Dir, new: &OsStr) -> Result<(), Errno> {
    fs::renameat_with(&*from.0, name, &*to.0, new, fs::RenameFlags::NOREPLACE)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn rename_new(_: &Dir, _: &OsStr, _: &Dir, _: &OsStr) -> Result<(), Errno> {
    Err(Errno::NOSYS)
}

/// A link where none may be is a closed door, not a loop.
fn refused(error: Errno) -> io::Error {
    if error == Errno::LOOP { ErrorKind::PermissionDenied.into() } else { error.into() }
}

fn of_type(kind: FileType) -> Option<Kind> {
    match kind {
        FileType::RegularFile => Some(Kind::File),
        FileType::Directory => Some(Kind::Dir),
        FileType::Symlink => Some(Kind::Link),
        FileType::Unknown => None,
        _ => Some(Kind::Other),
    }
}

/// The fields have other types on other systems.
#[allow(clippy::unnecessary_cast, clippy::useless_conversion, reason = "needed on some systems, not on all")]
fn of_stat(stat: &fs::Stat) -> Meta {
    Meta {
        kind: of_type(FileType::from_raw_mode(stat.st_mode)).unwrap_or(Kind::Other),
        size: u64::try_from(stat.st_size).unwrap_or(0),
        mode: u32::from(stat.st_mode) & 0o7777,
        user: stat.st_uid,
        group: stat.st_gid,
        modified: (stat.st_mtime as i64, stat.st_mtime_nsec as u32),
        identity: (stat.st_dev as u64, stat.st_ino as u64),
    }
}
