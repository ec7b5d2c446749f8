//! Finding out what a transfer consists of.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};

use super::checksum::Check;
use super::job::{Act, Job, Shape, Step, Stop};
use super::options::Symlinks;
use crate::transfer::access::holds_a_root;
use crate::transfer::disk::{Dir, Entry, Kind, Wanted};
use crate::transfer::fault::Fault;
use crate::transfer::paths;

impl Job {
    /// Finds out what an item is.
    pub(super) fn find(&mut self, step: &Step, shape: &Shape) -> Result<(), Stop> {
        let (from, to) = (step.from.as_str(), step.to.as_str());
        let place = self.source.place(from, true, Wanted::Read)?;
        let meta = place.dir.meta(&place.name).map_err(|error| Fault::io(&error, "READ", from))?;
        if meta.is_unreadable() {
            return Err(Fault::denied("READ", from).into());
        }
        let act = if meta.is_dir() {
            if shape.recursive == Some(false) {
                let detail = "The source is a directory, and the item is not recursive";
                return Err(Fault::new("IS_A_DIRECTORY", "READ", from, detail).into());
            }
            if shape.check.as_ref().is_some_and(|check| check.external.is_some()) {
                let detail = "The source is a directory, and the item has the checksum of a file";
                return Err(Fault::new("IS_A_DIRECTORY", "READ", from, detail).into());
            }
            self.not_into_itself(&place.real, from, to)?;
            Act::Directory(shape.check.as_ref().map(Check::of_each))
        } else {
            if shape.recursive == Some(true) {
                let detail = "The source is a file, and the item is recursive";
                return Err(Fault::new("NOT_A_DIRECTORY", "READ", from, detail).into());
            }
            if shape.into_directory {
                let detail = "A file needs the full name of its target, not a directory";
                return Err(Fault::new("IS_A_DIRECTORY", "WRITE", to, detail).into());
            }
            self.tally.counters.files += 1;
            Act::File(shape.check.clone())
        };
        self.queue(Step { act, ..step.clone() });
        Ok(())
    }

    fn not_into_itself(&mut self, real: &[OsString], from: &str, to: &str) -> Result<(), Fault> {
        let source = self.source.inside().map_err(|error| Fault::path(error, "READ", from))?.path(real);
        let goal = self.destination.place(to, true, Wanted::Foresee)?;
        let inside = self.destination.inside().map_err(|error| Fault::path(error, "WRITE", to))?;
        if inside.path(&goal.real).starts_with(&source) {
            let detail = "A directory cannot be copied into itself";
            return Err(Fault::new("INVALID_PATH_NAME", "WRITE", to, detail));
        }
        Ok(())
    }

    pub(super) fn directory(&mut self, step: &Step, check: Option<&Check>) -> Result<(), Stop> {
        let (from, to) = (step.from.as_str(), step.to.as_str());
        let reading = |error: std::io::Error| Fault::io(&error, "READ", from);
        let (source, _) = self.source.dir(from, Wanted::Read)?;
        if source.meta(".".as_ref()).map_err(reading)?.is_unreadable() {
            return Err(Fault::denied("READ", from).into());
        }
        // Read before anything is made, so that a failure leaves nothing counted twice.
        let mut entries = source.entries().map_err(reading)?;
        entries.sort_by(|left, right| left.name.cmp(&right.name));
        let (goal, real) = self.destination.dir(to, Wanted::Make)?;
        self.tally.counters.directories += 1;
        let mut kept = HashSet::new();
        for entry in entries {
            if self.entry(step, &source, &entry, check) {
                kept.insert(entry.name);
            }
        }
        if self.options.delete_extra {
            self.remove_extra(&goal, &real, to, &kept)?;
        }
        Ok(())
    }

    /// Queues one entry of a directory; whether it is part of the transfer.
    fn entry(&mut self, above: &Step, dir: &Dir, entry: &Entry, check: Option<&Check>) -> bool {
        // Names that are not text cannot be written in JSON.
        let Some(name) = entry.name.to_str() else { return false };
        let Some(kind) = entry.kind.or_else(|| dir.meta(&entry.name).ok().map(|meta| meta.kind)) else {
            return false;
        };
        let step = |act| Step {
            item: above.item,
            from: paths::join(&above.from, name),
            to: paths::join(&above.to, name),
            act,
        };
        let link = kind == Kind::Link;
        match self.options.symlinks {
            Symlinks::Ignore if link => return false,
            Symlinks::Keep if link => {
                if self.options.takes(name, "symlink") {
                    self.tally.counters.symlinks += 1;
                    self.queue(step(Act::Link));
                    return true;
                }
                return false;
            }
            _ => {}
        }
        // A link that is copied stands for what it leads to; one that leads nowhere is a fault of its own later.
        let kind =
            if link { self.kind_behind(&paths::join(&above.from, name)).unwrap_or(Kind::File) } else { kind };
        if kind == Kind::Other || !self.options.takes(name, if kind == Kind::Dir { "dir" } else { "file" }) {
            return false;
        }
        let check = check.cloned();
        if kind == Kind::Dir {
            // A link to a directory above would be walked for ever.
            if link && self.is_above(&paths::join(&above.from, name)) {
                return false;
            }
            self.queue(step(Act::Directory(check)));
        } else {
            self.tally.counters.files += 1;
            self.queue(step(Act::File(check)));
        }
        true
    }

    fn kind_behind(&mut self, link: &str) -> Option<Kind> {
        Some(self.source.inside().ok()?.meta(link).ok()?.kind)
    }

    fn is_above(&mut self, link: &str) -> bool {
        let parent = link.rsplit_once('/').map_or("/", |(parent, _)| parent);
        let target = self.source.place(link, true, Wanted::Read);
        match (target, self.source.place(parent, true, Wanted::Read)) {
            (Ok(target), Ok(parent)) => parent.real.starts_with(&target.real),
            _ => true,
        }
    }

    fn remove_extra(
        &mut self,
        goal: &Dir,
        real: &[OsString],
        to: &str,
        kept: &HashSet<OsString>,
    ) -> Result<(), Stop> {
        for entry in goal.entries().map_err(|error| Fault::io(&error, "WRITE", to))? {
            if kept.contains(&entry.name) {
                continue;
            }
            let path = paths::join(to, &OsStr::to_string_lossy(&entry.name));
            let mut names = real.to_vec();
            names.push(entry.name);
            let inside = self.destination.inside().map_err(|error| Fault::path(error, "WRITE", to))?.clone();
            if holds_a_root(&self.app(), &inside.path(&names)) {
                return Err(Fault::denied("WRITE", &path).into());
            }
            self.remove_tree(&inside, names, &path, "WRITE", false)?;
        }
        Ok(())
    }
}
