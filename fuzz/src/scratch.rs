//! Folders for the files of one check.

use std::path::Path;

use tempfile::TempDir;

/// A fresh folder, in memory where the system has such a place: a disk would be asked to sync thousands of times a second.
pub(crate) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.unwrap_or_else(|err| unreachable!("a fuzzer needs a place for files: {err}"))
}
