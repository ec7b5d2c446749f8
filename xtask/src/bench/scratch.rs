//! A place for files that is gone afterwards.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;

use super::workload::Files;
use crate::cargo;
use crate::failure::{Failure, Outcome};

#[derive(Debug)]
pub(super) struct Scratch(PathBuf);

const MEMORY: &str = "/dev/shm";

impl Scratch {
    /// A new folder where `files` says.
    pub(super) fn new(files: Files) -> Outcome<Option<Self>> {
        let parent = match files {
            Files::None => return Ok(None),
            Files::Memory if Path::new(MEMORY).is_dir() => MEMORY.into(),
            Files::Disk | Files::Memory => cargo::target_dir()?,
        };
        let scratch = Self(parent.join(format!("globus-bench-{}", process::id())));
        fs::create_dir_all(scratch.path())
            .map_err(Failure::while_doing(format!("making {}", scratch.0.display())))?;
        Ok(Some(scratch))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed does no harm in a folder of builds, or in memory.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_there_until_it_is_dropped() {
        for files in [Files::Disk, Files::Memory] {
            let scratch = Scratch::new(files).unwrap().unwrap();
            let path = scratch.path().to_owned();
            fs::write(path.join("tokens.json"), "x").unwrap();
            drop(scratch);
            assert!(!path.exists());
        }
    }
}
