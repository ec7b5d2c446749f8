//! The files of one run of a script.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cargo;
use crate::failure::{Failure, Outcome};

/// An empty folder, which stays when something went wrong.
#[derive(Debug)]
pub(super) struct Scratch(PathBuf);

impl Scratch {
    pub(super) fn new(name: &str) -> Outcome<Self> {
        let folder = cargo::target_dir()?.join("real-clients/runs").join(name.replace(['/', ' '], "-"));
        let making = || Failure::while_doing(format!("making {}", folder.display()));
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(making())?;
        }
        for below in ["home", "tmp"] {
            fs::create_dir_all(folder.join(below)).map_err(making())?;
        }
        Ok(Self(folder))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// What is in a file of it; nothing, when there is none.
    pub(super) fn text(&self, name: &str) -> String {
        fs::read(self.join(name)).map_or_else(|_| String::new(), |text| String::from_utf8_lossy(&text).into())
    }

    pub(super) fn remove(self) {
        // What is left is removed by the next run.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_empty_at_first_and_gone_afterwards() {
        let name = format!("test/scratch {}", std::process::id());
        let old = Scratch::new(&name).unwrap();
        fs::write(old.join("output"), "x").unwrap();
        assert_eq!(old.text("output"), "x");
        let new = Scratch::new(&name).unwrap();
        assert_eq!(new.text("output"), "");
        let path = new.path().to_owned();
        new.remove();
        assert!(!path.exists());
    }
}
