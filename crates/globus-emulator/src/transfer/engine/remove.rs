//! Deleting.

use std::fs;
use std::path::Path;

use super::job::{Job, Stop};
use super::scan::target;
use crate::transfer::access::holds_a_root;
use crate::transfer::fault::Fault;
use crate::transfer::filter::glob;
use crate::transfer::paths;

impl Job {
    pub(crate) fn remove(&mut self, path: &str) -> Result<(), Stop> {
        if path == "/" {
            return Err(Fault::denied("DELETE", path).into());
        }
        let named = paths::name(path);
        if !self.options.globs || !named.contains(['*', '?', '[']) {
            return self.remove_one(path);
        }
        let parent = path.strip_suffix(named).unwrap_or("/").to_owned();
        let real = target(&self.source, &parent, true)?;
        let mut names: Vec<String> = fs::read_dir(&real)
            .map_err(|error| Fault::io(&error, "DELETE", &parent))?
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| glob(named, name))
            .collect();
        names.sort();
        if names.is_empty() && !self.options.ignore_missing {
            return Err(Fault::new("FILE_NOT_FOUND", "DELETE", path, "Nothing matches").into());
        }
        names.iter().try_for_each(|name| self.remove_one(&paths::join(&parent, name)))
    }

    fn remove_one(&self, path: &str) -> Result<(), Stop> {
        let real = target(&self.source, path, false)?;
        let meta = match real.symlink_metadata() {
            Ok(meta) => meta,
            Err(_) if self.options.ignore_missing => return Ok(()),
            Err(error) => return Err(Fault::io(&error, "DELETE", path).into()),
        };
        if meta.is_dir() && !self.options.recursive {
            let detail = "The path is a directory, and the deletion is not recursive";
            return Err(Fault::new("IS_A_DIRECTORY", "DELETE", path, detail).into());
        }
        if holds_a_root(&self.app(), &real) {
            let detail = "The path holds the root of a collection";
            return Err(Fault::new("PERMISSION_DENIED", "DELETE", path, detail).into());
        }
        self.remove_tree(&real, path)
    }

    /// Removes what is inside first. A link is removed, not what it leads to.
    fn remove_tree(&self, real: &Path, path: &str) -> Result<(), Stop> {
        if self.is_interrupted() {
            return Err(Stop::Interrupted);
        }
        let failed = |error: std::io::Error| Fault::io(&error, "DELETE", path);
        if !real.symlink_metadata().map_err(failed)?.is_dir() {
            fs::remove_file(real).map_err(failed)?;
            self.count(|counters| counters.files += 1);
            return Ok(());
        }
        for entry in fs::read_dir(real).map_err(failed)? {
            self.remove_tree(&entry.map_err(failed)?.path(), path)?;
        }
        fs::remove_dir(real).map_err(failed)?;
        self.count(|counters| counters.directories += 1);
        Ok(())
    }
}
