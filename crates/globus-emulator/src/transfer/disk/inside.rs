//! The way from a path in a collection to a name in a directory that was opened.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::{Dir, Meta};
use crate::transfer::access::Opened;
use crate::transfer::paths::PathError;

/// As many links as the system itself would follow.
const MOST_LINKS: usize = 40;

/// A collection whose root has been opened.
#[derive(Clone, Debug)]
pub(crate) struct Inside {
    opened: Arc<Opened>,
    root: Dir,
}

/// Where a path leads: a name in a directory. Whether there is something of that name is another question.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) dir: Dir,
    /// `.` for the directory itself.
    pub(crate) name: OsString,
    /// The names on the way from the root, without links.
    pub(crate) real: Vec<OsString>,
}

/// What a place is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Read,
    Write,
    /// Directories that are missing on the way are made.
    Make,
    /// Nothing is touched: where the path would lead if what is missing were made.
    Foresee,
}

impl Wanted {
    pub(crate) fn is_change(self) -> bool {
        matches!(self, Self::Write | Self::Make)
    }
}

impl Inside {
    /// Opens the root. The root of a guest collection lies in another collection: a link may have come into its place, or above.
    pub(crate) fn open(opened: Arc<Opened>) -> Result<Self, PathError> {
        match Dir::root(&opened.root) {
            Ok(root) => Ok(Self { opened, root }),
            Err(error) if error.kind() == ErrorKind::NotADirectory => Err(PathError::Escapes),
            Err(error) => Err(PathError::Io(error)),
        }
    }

    /// Where the path leads. Links on the way are followed as long as they stay inside; one at its end only with `follow_last`.
    pub(crate) fn place(&self, path: &str, follow_last: bool, wanted: Wanted) -> Result<Place, PathError> {
        let left = path.split('/').filter(|part| !part.is_empty()).map(OsString::from).collect();
        let walk = Walk { inside: self, here: self.root.clone(), real: Vec::new(), left, links: 0, wanted };
        let place = walk.run(follow_last)?;
        self.admit(&place.real, wanted)?;
        Ok(place)
    }

    /// Opens the directory at the path, and tells its names from the root.
    pub(crate) fn dir(&self, path: &str, wanted: Wanted) -> Result<(Dir, Vec<OsString>), PathError> {
        let place = self.place(path, true, wanted)?;
        let dir = match place.dir.dir(&place.name) {
            Err(error) if error.kind() == ErrorKind::NotFound && wanted == Wanted::Make => {
                make(&place.dir, &place.name)?
            }
            other => other?,
        };
        Ok((dir, place.real))
    }

    /// What is at the path, links followed; `Escapes` for a link that leads out or nowhere.
    pub(crate) fn meta(&self, path: &str) -> Result<Meta, PathError> {
        let place = self.place(path, true, Wanted::Read)?;
        Ok(place.dir.meta(&place.name)?)
    }

    /// The directory with exactly these names from the root, none of them a link.
    pub(crate) fn exact(&self, real: &[OsString]) -> io::Result<Dir> {
        real.iter().try_fold(self.root.clone(), |here, name| here.dir(name))
    }

    /// The path on this machine. Only to be compared: nothing is opened by it.
    pub(crate) fn path(&self, real: &[OsString]) -> PathBuf {
        let mut path = self.opened.root.clone();
        path.extend(real);
        path
    }

    /// Access rules hold for the place itself, by whatever links one got there.
    pub(crate) fn admit(&self, real: &[OsString], wanted: Wanted) -> Result<(), PathError> {
        if self.opened.is_free() || self.opened.allows(&text(real), wanted.is_change()) {
            Ok(())
        } else {
            Err(PathError::Io(ErrorKind::PermissionDenied.into()))
        }
    }

    /// What is left of an absolute path behind the root, if it comes by there.
    fn behind_root(&self, target: &Path) -> Option<Vec<OsString>> {
        let root = &self.opened.root;
        let mut parts = target.components();
        let mut passed = PathBuf::new();
        while let Some(part) = parts.next() {
            passed.push(part);
            // It may be written with links outside, as `/tmp` is one on some systems.
            if passed == *root || passed.canonicalize().is_ok_and(|real| real == *root) {
                return Some(names(parts.as_path()));
            }
        }
        None
    }
}

/// The names of a relative path. `..` is one of them.
fn names(path: &Path) -> Vec<OsString> {
    let named = |part| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        _ => None,
    };
    path.components().filter_map(named).collect()
}

fn text(real: &[OsString]) -> String {
    real.iter().fold(String::new(), |text, name| text + "/" + &name.to_string_lossy())
}

/// Makes a directory and opens it; somebody else may have been faster.
fn make(dir: &Dir, name: &OsStr) -> Result<Dir, PathError> {
    if dir.meta(".".as_ref())?.is_unwritable() {
        return Err(PathError::Io(ErrorKind::PermissionDenied.into()));
    }
    match dir.make_dir(name) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(dir.dir(name)?),
    }
}

struct Walk<'a> {
    inside: &'a Inside,
    here: Dir,
    real: Vec<OsString>,
    left: VecDeque<OsString>,
    links: usize,
    wanted: Wanted,
}

impl Walk<'_> {
    fn run(mut self, follow_last: bool) -> Result<Place, PathError> {
        while let Some(part) = self.left.pop_front() {
            if part == ".." {
                self.up()?;
            } else if self.left.is_empty() {
                if follow_last && let Some(target) = self.here.link_target(&part)? {
                    self.follow(&target)?;
                    continue;
                }
                self.real.push(part.clone());
                return Ok(Place { dir: self.here, name: part, real: self.real });
            } else {
                match self.here.dir(&part) {
                    Ok(next) => self.enter(next, part),
                    Err(error) => match self.here.link_target(&part)? {
                        Some(target) => self.follow(&target)?,
                        None if error.kind() == ErrorKind::NotFound => {
                            if let Some(place) = self.missing(part)? {
                                return Ok(place);
                            }
                        }
                        None => return Err(error.into()),
                    },
                }
            }
        }
        Ok(Place { dir: self.here, name: ".".into(), real: self.real })
    }

    fn enter(&mut self, next: Dir, name: OsString) {
        self.here = next;
        self.real.push(name);
    }

    /// A directory on the way is not there.
    fn missing(&mut self, part: OsString) -> Result<Option<Place>, PathError> {
        match self.wanted {
            Wanted::Make => {
                self.real.push(part.clone());
                self.inside.admit(&self.real, self.wanted)?;
                self.here = make(&self.here, &part)?;
                Ok(None)
            }
            Wanted::Foresee => {
                let mut real = std::mem::take(&mut self.real);
                real.push(part.clone());
                for name in self.left.drain(..) {
                    if name == ".." { real.truncate(real.len().saturating_sub(1)) } else { real.push(name) }
                }
                Ok(Some(Place { dir: self.here.clone(), name: part, real }))
            }
            Wanted::Read | Wanted::Write => Err(PathError::Io(ErrorKind::NotFound.into())),
        }
    }

    fn up(&mut self) -> Result<(), PathError> {
        self.real.pop().ok_or(PathError::Escapes)?;
        self.here = self.inside.exact(&self.real)?;
        Ok(())
    }

    fn follow(&mut self, target: &Path) -> Result<(), PathError> {
        self.links += 1;
        if self.links > MOST_LINKS {
            return Err(PathError::Escapes);
        }
        let behind = if target.is_absolute() {
            let behind = self.inside.behind_root(target).ok_or(PathError::Escapes)?;
            self.here = self.inside.root.clone();
            self.real.clear();
            behind
        } else {
            names(target)
        };
        for name in behind.into_iter().rev() {
            self.left.push_front(name);
        }
        Ok(())
    }
}
