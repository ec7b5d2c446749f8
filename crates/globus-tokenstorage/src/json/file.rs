//! Reading the file, and replacing it as a whole.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use zeroize::Zeroizing;

use super::document::Object;
use super::format::TokenFile;
use crate::{StorageError, TokenData, entry, files};

const RANDOM: usize = 6;
/// Like nothing that a person would call a copy of their own.
const SUFFIX: &str = ".globus-sdk-unfinished";

/// Gives what the file holds to `read`; a file that is not there holds nothing.
pub(super) fn read<T>(
    path: &Path,
    read: impl FnOnce(&TokenFile<'_>) -> Result<T, String>,
) -> Result<T, StorageError> {
    let content = content(path)?;
    let file = parse(content.as_deref(), path)?;
    read(&file).map_err(|why| files::corrupt(path, &why))
}

/// Removes what writers left that were killed before they could put it in place: there are tokens in it. To be called
/// under the lock, which a living writer would hold.
pub(super) fn tidy(path: &Path) {
    let Ok(path) = files::resolve(path) else { return };
    let Ok(entries) = fs::read_dir(files::parent(&path)) else { return };
    let prefix = prefix(&path);
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_left_over = name.len() == prefix.len() + RANDOM + SUFFIX.len()
            && name.as_encoded_bytes().starts_with(prefix.as_encoded_bytes())
            && name.as_encoded_bytes().ends_with(SUFFIX.as_bytes());
        if is_left_over {
            // Whoever cannot remove it has tried; the write is what matters.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// To be called under the lock.
pub(super) fn store(
    path: &Path,
    namespace: &str,
    tokens: &BTreeMap<String, TokenData>,
    sync: bool,
) -> Result<(), StorageError> {
    let content = content(path)?;
    let mut file = parse(content.as_deref(), path)?;
    file.store(namespace, tokens).map_err(|why| files::corrupt(path, &why))?;
    replace(path, file.root(), sync).map_err(|err| files::unwritable(path, err))
}

/// To be called under the lock.
pub(super) fn remove(
    path: &Path,
    namespace: &str,
    resource_server: &str,
    sync: bool,
) -> Result<bool, StorageError> {
    let content = content(path)?;
    let mut file = parse(content.as_deref(), path)?;
    let removed = file.remove(namespace, resource_server).map_err(|why| files::corrupt(path, &why))?;
    if removed {
        replace(path, file.root(), sync).map_err(|err| files::unwritable(path, err))?;
    }
    Ok(removed)
}

/// To be called under the lock. `false` when something else than `expected` is stored.
pub(super) fn swap(
    path: &Path,
    namespace: &str,
    resource_server: &str,
    expected: Option<&TokenData>,
    new: Option<&TokenData>,
    sync: bool,
) -> Result<bool, StorageError> {
    let content = content(path)?;
    let mut file = parse(content.as_deref(), path)?;
    let corrupt = |why: String| files::corrupt(path, &why);
    if file.token(namespace, resource_server).map_err(corrupt)?.as_ref() != expected {
        return Ok(false);
    }
    let name = resource_server.to_owned();
    let changed = match new {
        Some(new) => file.store(namespace, [(&name, new)]).map(|()| true),
        None => file.remove(namespace, resource_server),
    };
    if changed.map_err(corrupt)? {
        replace(path, file.root(), sync).map_err(|err| files::unwritable(path, err))?;
    }
    Ok(true)
}

fn content(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, StorageError> {
    match fs::read(path) {
        Ok(content) => Ok(Some(Zeroizing::new(content))),
        Err(err) if err.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(err) => Err(files::unreadable(path, err)),
    }
}

fn parse<'a>(content: Option<&'a Vec<u8>>, path: &Path) -> Result<TokenFile<'a>, StorageError> {
    content.map_or_else(|| Ok(TokenFile::empty()), |content| TokenFile::parse(content, path))
}

/// Writes a file aside, private from its first byte, and puts it in the place of the old one.
fn replace(path: &Path, document: &Object<'_>, sync: bool) -> io::Result<()> {
    let content = entry::write(document)?;
    let path = files::resolve(path)?;
    let dir = files::parent(&path);
    // Mode 0600 is how `tempfile` makes files.
    let mut aside =
        tempfile::Builder::new().prefix(&prefix(&path)).suffix(SUFFIX).rand_bytes(RANDOM).tempfile_in(dir)?;
    aside.write_all(&content)?;
    if sync {
        aside.as_file().sync_all()?;
    }
    aside.persist(&path)?;
    if sync && cfg!(unix) {
        // The new name is safe only once the directory is on the disk.
        File::open(dir)?.sync_all()?;
    }
    Ok(())
}

/// How the names of files begin that are to take the place of `path`.
fn prefix(path: &Path) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(path.file_name().unwrap_or_default());
    prefix.push("-");
    prefix
}
