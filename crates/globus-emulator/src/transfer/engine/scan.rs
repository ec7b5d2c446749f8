//! Finding out what a transfer consists of.

use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use super::job::{Job, Shape, Step, Stop};
use super::options::Symlinks;
use crate::transfer::access::{Opened, holds_a_root};
use crate::transfer::fault::Fault;
use crate::transfer::{files, paths};

/// The path of a file to read, on this machine.
pub(crate) fn source(opened: &Opened, path: &str, follow_last: bool) -> Result<PathBuf, Fault> {
    if !opened.allows(path, false) {
        return Err(Fault::denied("READ", path));
    }
    paths::resolve(&opened.root, path, follow_last).map_err(|error| Fault::path(error, "READ", path))
}

/// The path of a file to write, on this machine.
pub(crate) fn target(opened: &Opened, path: &str, follow_last: bool) -> Result<PathBuf, Fault> {
    if !opened.allows(path, true) {
        return Err(Fault::denied("WRITE", path));
    }
    paths::resolve(&opened.root, path, follow_last).map_err(|error| Fault::path(error, "WRITE", path))
}

pub(crate) fn readable(real: &Path, path: &str) -> Result<Metadata, Fault> {
    let meta = real.metadata().map_err(|error| Fault::io(&error, "READ", path))?;
    if files::is_unreadable(&meta) { Err(Fault::denied("READ", path)) } else { Ok(meta) }
}

impl Job {
    pub(crate) fn item(&mut self, from: &str, to: &str, shape: Shape) -> Result<(), Stop> {
        let real = source(&self.source, from, true)?;
        let meta = readable(&real, from)?;
        if meta.is_dir() {
            if shape.recursive == Some(false) {
                let detail = "The source is a directory, and the item is not recursive";
                return Err(Fault::new("IS_A_DIRECTORY", "READ", from, detail).into());
            }
            let goal = target(&self.destination, to, true)?;
            if goal.starts_with(&real) {
                let detail = "A directory cannot be copied into itself";
                return Err(Fault::new("INVALID_PATH", "WRITE", to, detail).into());
            }
            self.queue(Step::Directory { from: from.to_owned(), to: to.to_owned() });
        } else {
            if shape.recursive == Some(true) {
                let detail = "The source is a file, and the item is recursive";
                return Err(Fault::new("NOT_A_DIRECTORY", "READ", from, detail).into());
            }
            if shape.into_directory {
                let detail = "A file needs the full name of its target, not a directory";
                return Err(Fault::new("IS_A_DIRECTORY", "WRITE", to, detail).into());
            }
            self.count(|counters| counters.files += 1);
            self.queue(Step::File { from: from.to_owned(), to: to.to_owned() });
        }
        Ok(())
    }

    pub(crate) fn directory(&mut self, from: &str, to: &str) -> Result<(), Stop> {
        let real = source(&self.source, from, true)?;
        readable(&real, from)?;
        let goal = target(&self.destination, to, true)?;
        // Read before anything is made, so that a failure leaves nothing counted twice.
        let mut entries: Vec<(String, Metadata)> = Vec::new();
        for entry in fs::read_dir(&real).map_err(|error| Fault::io(&error, "READ", from))? {
            let entry = entry.map_err(|error| Fault::io(&error, "READ", from))?;
            if let (Ok(name), Ok(meta)) = (entry.file_name().into_string(), entry.metadata()) {
                entries.push((name, meta));
            }
        }
        entries.sort_by(|left, right| left.0.cmp(&right.0));
        fs::create_dir_all(&goal).map_err(|error| Fault::io(&error, "WRITE", to))?;
        self.count(|counters| counters.directories += 1);
        let mut kept = BTreeSet::new();
        for (name, meta) in entries {
            if self.entry(from, to, &name, &meta) {
                kept.insert(name);
            }
        }
        if self.options.delete_extra {
            self.remove_extra(&goal, to, &kept)?;
        }
        Ok(())
    }

    /// Queues one entry of a directory; whether it is part of the transfer.
    fn entry(&mut self, from: &str, to: &str, name: &str, meta: &Metadata) -> bool {
        let (from, to) = (paths::join(from, name), paths::join(to, name));
        let link = meta.is_symlink();
        if link && self.options.symlinks == Symlinks::Ignore {
            return false;
        }
        if link && self.options.symlinks == Symlinks::Keep {
            self.count(|counters| counters.symlinks += 1);
            self.queue(Step::Link { from, to });
            return true;
        }
        // A link that is copied stands for what it leads to; one that leads nowhere is a fault of its own later.
        let target = link.then(|| source(&self.source, &from, true).ok()?.metadata().ok()).flatten();
        let is_dir = target.as_ref().unwrap_or(meta).is_dir();
        let is_file = target.as_ref().unwrap_or(meta).is_file();
        if !self.options.takes(name, if is_dir { "dir" } else { "file" }) || !(is_dir || is_file || link) {
            return false;
        }
        if is_dir {
            // A link to a directory above would be walked for ever.
            if link && self.is_above(&from) {
                return false;
            }
            self.queue(Step::Directory { from, to });
        } else {
            self.count(|counters| counters.files += 1);
            self.queue(Step::File { from, to });
        }
        true
    }

    fn is_above(&self, link: &str) -> bool {
        let parent = link.rsplit_once('/').map_or("/", |(parent, _)| parent);
        match (source(&self.source, link, true), source(&self.source, parent, true)) {
            (Ok(target), Ok(parent)) => parent.starts_with(target),
            _ => true,
        }
    }

    fn remove_extra(&self, goal: &Path, to: &str, kept: &BTreeSet<String>) -> Result<(), Fault> {
        let failed = |error: std::io::Error| Fault::io(&error, "WRITE", to);
        for entry in fs::read_dir(goal).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            if name.to_str().is_some_and(|name| kept.contains(name)) {
                continue;
            }
            if holds_a_root(&self.app(), &entry.path()) {
                return Err(Fault::denied("WRITE", &paths::join(to, &name.to_string_lossy())));
            }
            let is_dir = entry.file_type().map_err(failed)?.is_dir();
            if is_dir { fs::remove_dir_all(entry.path()) } else { fs::remove_file(entry.path()) }
                .map_err(failed)?;
        }
        Ok(())
    }
}
