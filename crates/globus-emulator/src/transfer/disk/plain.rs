//! Directories by their paths, where the system has no handles to offer. Links lead nobody out here either, as long as nobody
//! moves them into the way between two calls.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::{Entry, Kind, Meta};

/// A directory that was seen at a path.
#[derive(Clone, Debug)]
pub(crate) struct Dir(PathBuf);

impl Dir {
    /// A directory by its canonical path, in which there is no link.
    pub(crate) fn root(path: &Path) -> io::Result<Self> {
        if path.canonicalize()? == path && path.is_dir() {
            Ok(Self(path.to_path_buf()))
        } else {
            Err(ErrorKind::NotADirectory.into())
        }
    }

    /// A directory in this one; a link is not a directory.
    pub(crate) fn dir(&self, name: &OsStr) -> io::Result<Self> {
        if self.meta(name)?.is_dir() { Ok(Self(self.at(name))) } else { Err(ErrorKind::NotADirectory.into()) }
    }

    pub(crate) fn meta(&self, name: &OsStr) -> io::Result<Meta> {
        let path = self.at(name);
        let mut meta = of_metadata(&path.symlink_metadata()?);
        // There is no number of the file to be had; where it is says as much, but for hard links.
        let mut hasher = DefaultHasher::new();
        path.hash(&mut hasher);
        meta.identity = (0, hasher.finish());
        Ok(meta)
    }

    /// Where a link leads; `None` when there is no link of this name.
    pub(crate) fn link_target(&self, name: &OsStr) -> io::Result<Option<PathBuf>> {
        match self.meta(name) {
            Ok(meta) if meta.is_link() => fs::read_link(self.at(name)).map(Some),
            Ok(_) => Ok(None),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn file(&self, name: &OsStr) -> io::Result<(File, Meta)> {
        let meta = self.meta(name)?;
        if meta.is_link() {
            return Err(ErrorKind::PermissionDenied.into());
        }
        Ok((File::open(self.at(name))?, meta))
    }

    /// What is known by now of a file that was opened, but for its identity.
    pub(crate) fn meta_of(file: &File) -> io::Result<Meta> {
        Ok(of_metadata(&file.metadata()?))
    }

    /// Makes a file that was not there, to write and to read.
    pub(crate) fn create(&self, name: &OsStr) -> io::Result<File> {
        File::options().read(true).write(true).create_new(true).open(self.at(name))
    }

    /// There are no files without names.
    pub(crate) fn create_nameless(&self) -> Option<File> {
        None
    }

    pub(crate) fn give_name(&self, _: &File, _: &OsStr) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    pub(crate) fn make_dir(&self, name: &OsStr) -> io::Result<()> {
        fs::create_dir(self.at(name))
    }

    /// There is no way to make a link that works everywhere.
    pub(crate) fn make_link(&self, _: &Path, _: &OsStr) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    /// Removes what is not a directory.
    pub(crate) fn remove_file(&self, name: &OsStr) -> io::Result<()> {
        fs::remove_file(self.at(name))
    }

    /// Removes a directory that is empty.
    pub(crate) fn remove_dir(&self, name: &OsStr) -> io::Result<()> {
        fs::remove_dir(self.at(name))
    }

    /// Gives a file another name, in the place of the file that has it.
    pub(crate) fn replace(&self, name: &OsStr, to: &Self, new: &OsStr) -> io::Result<()> {
        fs::rename(self.at(name), to.at(new))
    }

    /// Gives something a name that nothing has.
    pub(crate) fn rename(&self, name: &OsStr, to: &Self, new: &OsStr) -> io::Result<()> {
        match to.meta(new) {
            Ok(_) => Err(ErrorKind::AlreadyExists.into()),
            Err(error) if error.kind() == ErrorKind::NotFound => self.replace(name, to, new),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn entries(&self) -> io::Result<Vec<Entry>> {
        fs::read_dir(&self.0)?
            .map(|entry| {
                let entry = entry?;
                let kind = entry.file_type().ok().map(|kind| of_type(&kind));
                Ok(Entry { name: entry.file_name(), kind })
            })
            .collect()
    }

    fn at(&self, name: &OsStr) -> PathBuf {
        if name == "." { self.0.clone() } else { self.0.join(name) }
    }
}

fn of_type(kind: &fs::FileType) -> Kind {
    match kind {
        kind if kind.is_file() => Kind::File,
        kind if kind.is_dir() => Kind::Dir,
        kind if kind.is_symlink() => Kind::Link,
        _ => Kind::Other,
    }
}

fn of_metadata(meta: &Metadata) -> Meta {
    let modified =
        meta.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    Meta {
        kind: of_type(&meta.file_type()),
        size: meta.len(),
        mode: if meta.permissions().readonly() { 0o444 } else { 0o644 },
        user: 0,
        group: 0,
        modified: (i64::try_from(modified.as_secs()).unwrap_or(0), modified.subsec_nanos()),
        identity: (0, 0),
    }
}
