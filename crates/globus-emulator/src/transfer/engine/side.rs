//! One end of a task: a collection, and the directory in it that was used last.

use std::ffi::OsString;
use std::sync::Arc;

use crate::transfer::access::Opened;
use crate::transfer::disk::{Dir, Inside, Place, Wanted};
use crate::transfer::fault::Fault;
use crate::transfer::paths::PathError;

#[derive(Debug)]
pub(super) struct Side {
    opened: Arc<Opened>,
    inside: Option<Inside>,
    /// Files come directory by directory, so that each is looked up once.
    last: Option<Parent>,
}

/// A directory that was opened.
#[derive(Clone, Debug)]
struct Parent {
    path: String,
    wanted: Wanted,
    dir: Dir,
    real: Vec<OsString>,
}

impl Side {
    pub(super) fn new(opened: Opened) -> Self {
        Self { opened: Arc::new(opened), inside: None, last: None }
    }

    /// The same collection for another thread.
    pub(super) fn anew(&self) -> Self {
        Self { opened: Arc::clone(&self.opened), inside: None, last: None }
    }

    pub(super) fn home(&self) -> &str {
        &self.opened.home
    }

    /// Forgets what was opened: all paths are looked up anew.
    pub(super) fn forget(&mut self) {
        self.inside = None;
        self.last = None;
    }

    pub(super) fn inside(&mut self) -> Result<&Inside, PathError> {
        let inside = match self.inside.take() {
            Some(inside) => inside,
            None => Inside::open(Arc::clone(&self.opened))?,
        };
        Ok(self.inside.insert(inside))
    }

    /// Where a path leads, looking up each name of it.
    pub(super) fn place(&mut self, path: &str, follow_last: bool, wanted: Wanted) -> Result<Place, Fault> {
        let place =
            self.permitted(path, wanted).and_then(|()| self.inside()?.place(path, follow_last, wanted));
        place.map_err(|error| Fault::path(error, operation(wanted), path))
    }

    /// Opens a directory.
    pub(super) fn dir(&mut self, path: &str, wanted: Wanted) -> Result<(Dir, Vec<OsString>), Fault> {
        let dir = self.permitted(path, wanted).and_then(|()| self.inside()?.dir(path, wanted));
        dir.map_err(|error| Fault::path(error, operation(wanted), path))
    }

    /// As [`place`](Self::place) with a link at the end not followed, but in the directory that was used last if it is the same.
    pub(super) fn near(&mut self, path: &str, wanted: Wanted) -> Result<Place, Fault> {
        let failed = |error| Fault::path(error, operation(wanted), path);
        self.permitted(path, wanted).map_err(failed)?;
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        if name.is_empty() {
            return self.place(path, false, wanted);
        }
        let known = self.last.take().filter(|last| last.path == above && last.wanted == wanted);
        let parent = match known {
            Some(parent) => parent,
            None => self.parent(above, wanted).map_err(failed)?,
        };
        let mut real = parent.real.clone();
        real.push(name.into());
        let place = Place { dir: parent.dir.clone(), name: name.into(), real };
        self.last = Some(parent);
        if !self.opened.is_free() {
            self.inside().and_then(|inside| inside.admit(&place.real, wanted)).map_err(failed)?;
        }
        Ok(place)
    }

    fn parent(&mut self, above: &str, wanted: Wanted) -> Result<Parent, PathError> {
        let (dir, real) = self.inside()?.dir(above, wanted)?;
        if wanted == Wanted::Make && dir.meta(".".as_ref())?.is_unwritable() {
            return Err(PathError::Io(std::io::ErrorKind::PermissionDenied.into()));
        }
        Ok(Parent { path: above.to_owned(), wanted, dir, real })
    }

    /// What the path says by itself.
    fn permitted(&self, path: &str, wanted: Wanted) -> Result<(), PathError> {
        if self.opened.allows(path, wanted.is_change()) {
            Ok(())
        } else {
            Err(PathError::Io(std::io::ErrorKind::PermissionDenied.into()))
        }
    }
}

fn operation(wanted: Wanted) -> &'static str {
    if wanted == Wanted::Read { "READ" } else { "WRITE" }
}
