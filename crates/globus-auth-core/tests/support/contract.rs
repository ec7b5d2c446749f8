//! The recorded contract, when `GLOBUS_CONTRACT_DIR` says where it is.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// The folder of the contract. A relative path is taken from the root of the workspace.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("GLOBUS_CONTRACT_DIR").filter(|folder| !folder.is_empty())?;
    Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder))
}

/// A file of the contract, or else a committed one of this folder of tests. One that cannot be read is an error.
pub(crate) fn read(name: &str, committed: &str) -> Result<Value, String> {
    let path = folder().map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(committed),
        |f| f.join(name),
    );
    let text = std::fs::read(&path).map_err(|err| format!("{} cannot be read: {err}", path.display()))?;
    serde_json::from_slice(&text).map_err(|err| format!("{} is not JSON: {err}", path.display()))
}
