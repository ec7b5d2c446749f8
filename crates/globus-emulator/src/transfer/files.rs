//! Documents that describe files.

use std::fs::Metadata;
use std::path::Path;
use std::time::UNIX_EPOCH;

use serde_json::{Value, json};

use crate::clock::spaced;

/// The file document of one directory entry; `None` when it vanished meanwhile.
pub(crate) fn describe(root: &Path, real: &Path, name: &str) -> Option<Value> {
    let own = real.symlink_metadata().ok()?;
    if !own.is_symlink() {
        return Some(document(name, &own, kind(&own), None));
    }
    let link = std::fs::read_link(real).ok()?;
    // A link that leads out of the collection tells nothing about what is there, not even its name.
    let target = real.canonicalize().ok().filter(|target| target.starts_with(root));
    match target.and_then(|target| target.metadata().ok()) {
        Some(meta) => Some(document(name, &meta, kind(&meta), Some((&own, link.to_str())))),
        None => Some(document(name, &own, "invalid_symlink", Some((&own, None)))),
    }
}

fn document(name: &str, meta: &Metadata, kind: &str, link: Option<(&Metadata, Option<&str>)>) -> Value {
    let own = link.map(|(own, _)| own);
    json!({
        "DATA_TYPE": "file",
        "name": name,
        "type": kind,
        "size": meta.len(),
        "permissions": permissions(meta),
        "last_modified": spaced(modified_millis(meta)),
        "user": user(meta),
        "group": group(meta),
        "link_target": link.and_then(|(_, target)| target),
        "link_size": own.map(Metadata::len),
        "link_last_modified": own.map(|own| spaced(modified_millis(own))),
        "link_user": own.map(user),
        "link_group": own.map(group),
    })
}

fn kind(meta: &Metadata) -> &'static str {
    if meta.is_dir() {
        "dir"
    } else if meta.is_file() {
        "file"
    } else {
        "other"
    }
}

pub(crate) fn modified_millis(meta: &Metadata) -> i64 {
    let since = meta.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    i64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(0)
}

#[cfg(unix)]
fn permissions(meta: &Metadata) -> String {
    use std::os::unix::fs::MetadataExt as _;
    format!("{:04o}", meta.mode() & 0o7777)
}

#[cfg(not(unix))]
fn permissions(meta: &Metadata) -> String {
    if meta.permissions().readonly() { "0444" } else { "0644" }.to_owned()
}

#[cfg(unix)]
fn user(meta: &Metadata) -> String {
    use std::os::unix::fs::MetadataExt as _;
    name_of(meta.uid())
}

#[cfg(unix)]
fn group(meta: &Metadata) -> String {
    use std::os::unix::fs::MetadataExt as _;
    name_of(meta.gid())
}

/// Names would need the system's tables; a number does where nobody looks anyone up.
#[cfg(unix)]
fn name_of(id: u32) -> String {
    if id == 0 { "root".to_owned() } else { id.to_string() }
}

#[cfg(not(unix))]
fn user(_: &Metadata) -> String {
    "user".to_owned()
}

#[cfg(not(unix))]
fn group(_: &Metadata) -> String {
    "group".to_owned()
}

/// Whether the mode forbids reading, also for an administrator, whom the system would let in.
#[cfg(unix)]
pub(crate) fn is_unreadable(meta: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    meta.mode() & 0o444 == 0
}

#[cfg(not(unix))]
pub(crate) fn is_unreadable(_: &Metadata) -> bool {
    false
}

/// Whether the mode forbids writing, also for an administrator.
#[cfg(unix)]
pub(crate) fn is_unwritable(meta: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    meta.mode() & 0o222 == 0
}

#[cfg(not(unix))]
pub(crate) fn is_unwritable(meta: &Metadata) -> bool {
    meta.permissions().readonly()
}
