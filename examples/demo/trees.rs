//! Local directory trees, measured and compared.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

/// What two equal trees hold.
#[derive(Default)]
pub(crate) struct Contents {
    pub(crate) files: u64,
    pub(crate) bytes: u64,
}

/// The local directory that is `path` of the collection at `root`.
pub(crate) fn local(root: &Path, path: &str) -> PathBuf {
    root.join(path.trim_matches('/'))
}

/// How many bytes the files of a tree hold.
pub(crate) fn size(tree: &Path) -> anyhow::Result<u64> {
    Ok(compare(tree, tree)?.bytes)
}

/// Reads both trees, and fails where they differ.
pub(crate) fn compare(left: &Path, right: &Path) -> anyhow::Result<Contents> {
    let names = entries(left)?;
    ensure!(names == entries(right)?, "{} and {} have other entries", left.display(), right.display());
    let mut contents = Contents::default();
    for name in names {
        let (left, right) = (left.join(&name), right.join(&name));
        if left.is_dir() {
            let below = compare(&left, &right)?;
            contents.files += below.files;
            contents.bytes += below.bytes;
        } else {
            let bytes = fs::read(&left)?;
            ensure!(bytes == fs::read(&right)?, "{} and {} differ", left.display(), right.display());
            contents.files += 1;
            contents.bytes += bytes.len() as u64;
        }
    }
    Ok(contents)
}

fn entries(directory: &Path) -> anyhow::Result<Vec<std::ffi::OsString>> {
    let listing = fs::read_dir(directory).with_context(|| format!("cannot read {}", directory.display()))?;
    let mut names = listing.map(|entry| Ok(entry?.file_name())).collect::<std::io::Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}
