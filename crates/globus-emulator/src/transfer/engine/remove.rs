//! Deleting.

use std::ffi::{OsStr, OsString};
use std::io;

use super::job::{Job, Stop};
use crate::transfer::access::holds_a_root;
use crate::transfer::disk::{Dir, Entry, Inside, Kind, Wanted};
use crate::transfer::fault::Fault;
use crate::transfer::filter::glob;
use crate::transfer::paths;

/// What is left to do of a directory that is removed. All names are from the root.
enum Todo {
    Empty(Vec<OsString>),
    Remove(Vec<OsString>),
}

impl Job {
    pub(super) fn remove(&mut self, path: &str) -> Result<(), Stop> {
        if path == "/" {
            return Err(Fault::denied("DELETE", path).into());
        }
        let named = paths::name(path);
        if !self.options.globs || !named.contains(['*', '?', '[']) {
            return self.remove_one(path);
        }
        let parent = path.strip_suffix(named).unwrap_or("/").to_owned();
        let (dir, _) = match self.source.dir(&parent, Wanted::Write) {
            Err(fault) if self.options.ignore_missing && fault.code == "FILE_NOT_FOUND" => return Ok(()),
            dir => dir.map_err(|fault| fault.while_doing("DELETE"))?,
        };
        let entries = dir.entries().map_err(|error| Fault::io(&error, "DELETE", &parent))?;
        let names = entries.into_iter().filter_map(|entry| entry.name.into_string().ok());
        let mut names: Vec<String> = names.filter(|name| glob(named, name)).collect();
        names.sort();
        if names.is_empty() && !self.options.ignore_missing {
            return Err(Fault::new("FILE_NOT_FOUND", "DELETE", path, "Nothing matches").into());
        }
        names.iter().try_for_each(|name| self.remove_one(&paths::join(&parent, name)))
    }

    fn remove_one(&mut self, path: &str) -> Result<(), Stop> {
        let found = self.source.place(path, false, Wanted::Write).and_then(|place| {
            let meta = place.dir.meta(&place.name).map_err(|error| Fault::io(&error, "DELETE", path))?;
            Ok((place, meta))
        });
        let (place, meta) = match found {
            Err(fault) if self.options.ignore_missing && fault.code == "FILE_NOT_FOUND" => return Ok(()),
            found => found.map_err(|fault| fault.while_doing("DELETE"))?,
        };
        if meta.is_dir() && !self.options.recursive {
            let detail = "The path is a directory, and the deletion is not recursive";
            return Err(Fault::new("IS_A_DIRECTORY", "DELETE", path, detail).into());
        }
        let inside = self.source.inside().map_err(|error| Fault::path(error, "DELETE", path))?.clone();
        if holds_a_root(&self.app(), &inside.path(&place.real)) {
            let detail = "The path holds the root of a collection";
            return Err(Fault::new("PERMISSION_DENIED", "DELETE", path, detail).into());
        }
        self.remove_tree(&inside, place.real, path, "DELETE", true)
    }

    /// Removes what is inside first. A link is removed, not what it leads to. Each directory is opened by its names from the
    /// root, so that depth costs no handles.
    pub(super) fn remove_tree(
        &mut self,
        inside: &Inside,
        real: Vec<OsString>,
        path: &str,
        operation: &'static str,
        count: bool,
    ) -> Result<(), Stop> {
        let failed = |error: io::Error| Fault::io(&error, operation, path);
        let (dir, name) = above(inside, &real).map_err(failed)?;
        if !dir.meta(name).map_err(failed)?.is_dir() {
            dir.remove_file(name).map_err(failed)?;
            self.tally.counters.files += u64::from(count);
            return Ok(());
        }
        let mut todo = vec![Todo::Empty(real)];
        while let Some(next) = todo.pop() {
            match next {
                Todo::Empty(real) => {
                    let dir = inside.exact(&real).map_err(failed)?;
                    todo.push(Todo::Remove(real.clone()));
                    for entry in dir.entries().map_err(failed)? {
                        if self.is_interrupted() {
                            return Err(Stop::Interrupted);
                        }
                        if let Some(below) = remove_entry(&dir, &real, entry).map_err(failed)? {
                            todo.push(Todo::Empty(below));
                        } else {
                            self.tally.counters.files += u64::from(count);
                        }
                        self.tell_if_due();
                    }
                }
                Todo::Remove(real) => {
                    let (dir, name) = above(inside, &real).map_err(failed)?;
                    dir.remove_dir(name).map_err(failed)?;
                    self.tally.counters.directories += u64::from(count);
                }
            }
        }
        Ok(())
    }
}

/// The directory that holds the last of the names, and that name.
fn above<'a>(inside: &Inside, real: &'a [OsString]) -> io::Result<(Dir, &'a OsStr)> {
    let (name, above) = real.split_last().ok_or(io::ErrorKind::PermissionDenied)?;
    Ok((inside.exact(above)?, name))
}

/// Removes an entry that is not a directory; the names of one that is.
fn remove_entry(dir: &Dir, real: &[OsString], entry: Entry) -> io::Result<Option<Vec<OsString>>> {
    let kind = match entry.kind {
        Some(kind) => kind,
        None => dir.meta(&entry.name)?.kind,
    };
    if kind == Kind::Dir {
        let mut below = real.to_vec();
        below.push(entry.name);
        return Ok(Some(below));
    }
    dir.remove_file(&entry.name)?;
    Ok(None)
}
