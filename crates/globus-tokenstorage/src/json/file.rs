//! Reading the file, and replacing it as a whole.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use zeroize::Zeroizing;

use super::document::Object;
use super::format::TokenFile;
use crate::files::{self, Refusal};
use crate::{StorageError, entry};

/// The largest file that is read or written, in bytes: room for 20,000 tokens. A larger one is a mistake, or belongs into
/// a database.
const LARGEST: u64 = 16 * 1024 * 1024;

type Content = Zeroizing<Vec<u8>>;

const RANDOM: usize = 6;
/// Like nothing that a person would call a copy of their own.
const SUFFIX: &str = ".globus-sdk-unfinished";

/// Gives what the file holds to `read`, which looks at `namespace` first; a file that is not there holds nothing.
pub(super) fn read<T>(
    path: &Path,
    namespace: &str,
    read: impl FnOnce(&mut TokenFile<'_>) -> Result<T, String>,
) -> Result<T, StorageError> {
    let located = files::locate(path).map_err(|err| files::unreadable(path, err))?;
    let content = match located.meta {
        Some(_) => content(path, &located.path)?,
        None => None,
    };
    read(&mut parse(content.as_ref(), path, namespace)?).map_err(|why| files::corrupt(path, &why))
}

/// Lets `change` change what the file holds, and replaces the file if it did. To be called under the lock. In errors the file is
/// called `path`; it was found at `located`.
pub(super) fn change<T>(
    path: &Path,
    located: &Path,
    namespace: &str,
    sync: bool,
    change: impl FnOnce(&mut TokenFile<'_>) -> Result<T, String>,
) -> Result<T, StorageError> {
    let content = content(path, located)?;
    let mut file = parse(content.as_ref(), path, namespace)?;
    let result = change(&mut file).map_err(|why| files::corrupt(path, &why))?;
    if file.has_changed() {
        let old_size = content.as_ref().map(|content| content.len());
        replace(located, file.root(), old_size, sync).map_err(|err| files::unwritable(path, err))?;
    }
    Ok(result)
}

/// Removes what writers left that were killed before they could put it in place: there are tokens in it. To be called
/// under the lock, which a living writer would hold.
pub(super) fn tidy(located: &Path) {
    let Ok(entries) = fs::read_dir(files::parent(located)) else { return };
    let prefix = prefix(located);
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

/// What the file holds, if it is there.
fn content(path: &Path, located: &Path) -> Result<Option<Content>, StorageError> {
    let content = open(located)
        .and_then(|open| open.map(|(file, size)| all(&file, size)).transpose())
        .map_err(|err| files::unreadable(path, err))?;
    if content.as_ref().is_some_and(|content| content.len() as u64 > LARGEST) {
        return Err(files::corrupt(path, &format!("it is larger than {} MiB", LARGEST / 1024 / 1024)));
    }
    Ok(content)
}

/// The file, which is made private if it is not, and its size.
fn open(located: &Path) -> io::Result<Option<(File, u64)>> {
    let file = match files::open(located) {
        Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let meta = file.metadata()?;
    files::make_private(&file, &meta)?;
    Ok(Some((file, meta.len())))
}

/// What is in a file, up to one byte more than is allowed.
fn all(file: &File, size: u64) -> io::Result<Content> {
    let room = usize::try_from(size.min(LARGEST) + 1).unwrap_or_default();
    let mut content = Zeroizing::new(Vec::with_capacity(room));
    file.take(LARGEST + 1).read_to_end(&mut content)?;
    Ok(content)
}

fn parse<'a>(
    content: Option<&'a Content>,
    path: &Path,
    namespace: &str,
) -> Result<TokenFile<'a>, StorageError> {
    content.map_or_else(|| Ok(TokenFile::empty()), |content| TokenFile::parse(content, path, namespace))
}

/// Writes a file aside, private from its first byte, and puts it in the place of the old one.
fn replace(path: &Path, document: &Object<'_>, old_size: Option<usize>, sync: bool) -> io::Result<()> {
    let content = entry::write(document, old_size.unwrap_or_default() + entry::ROOM)?;
    if content.len() as u64 > LARGEST {
        let why = format!("it would be larger than {} MiB", LARGEST / 1024 / 1024);
        return Err(Refusal::io(why, "keep the tokens of so many users in SQLite"));
    }
    let dir = files::parent(path);
    // Mode 0600 is how `tempfile` makes files.
    let mut aside =
        tempfile::Builder::new().prefix(&prefix(path)).suffix(SUFFIX).rand_bytes(RANDOM).tempfile_in(dir)?;
    // There are file systems that do not keep it.
    files::make_private(aside.as_file(), &aside.as_file().metadata()?)?;
    aside.write_all(&content)?;
    if sync {
        aside.as_file().sync_data()?;
    }
    aside.persist(path)?;
    if sync && old_size.is_none() && cfg!(unix) {
        // A new name is safe only once the directory is on the disk. Of an exchanged one, a power failure leaves the old file
        // or the new, both whole; waiting for the directory each time would double the cost. SQLite does not wait either.
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
