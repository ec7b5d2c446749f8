//! Reading the file, and replacing it as a whole.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use zeroize::Zeroizing;

use super::document::Object;
use super::format::TokenFile;
use crate::{StorageError, TokenData, entry, files};

/// Gives what the file holds to `read`; a file that is not there holds nothing.
pub(super) fn read<T>(
    path: &Path,
    read: impl FnOnce(&TokenFile<'_>) -> Result<T, String>,
) -> Result<T, StorageError> {
    let content = content(path)?;
    let file = parse(content.as_deref(), path)?;
    read(&file).map_err(|why| files::corrupt(path, &why))
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
    let mut aside = tempfile::Builder::new().prefix(".tokens-").suffix(".tmp").tempfile_in(dir)?;
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
