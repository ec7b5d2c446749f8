//! Documents that describe files.

use std::path::Path;

use serde_json::{Value, json};

use super::disk::{Dir, Inside, Kind, Meta};
use super::filter::Fields;
use crate::clock::spaced;

/// By what listings can be filtered and ordered.
pub(crate) const FIELDS: Fields =
    &["name", "type", "size", "last_modified", "permissions", "user", "group", "link_target"];

/// The file document of one directory entry, `path` being where it is in the collection; `None` when it vanished meanwhile.
pub(crate) fn describe(inside: &Inside, dir: &Dir, name: &str, path: &str) -> Option<Value> {
    let shown = super::paths::name(path);
    let own = dir.meta(name.as_ref()).ok()?;
    if !own.is_link() {
        return Some(document(shown, &own, kind(&own), None));
    }
    let link = dir.link_target(name.as_ref()).ok().flatten()?;
    // A link that leads out of the collection tells nothing about what is there, not even its name.
    match inside.meta(path) {
        Ok(meta) => Some(document(shown, &meta, kind(&meta), Some((&own, Some(&link))))),
        Err(_) => Some(document(shown, &own, "invalid_symlink", Some((&own, None)))),
    }
}

fn document(name: &str, meta: &Meta, kind: &str, link: Option<(&Meta, Option<&Path>)>) -> Value {
    let own = link.map(|(own, _)| own);
    json!({
        "DATA_TYPE": "file",
        "name": name,
        "type": kind,
        "size": meta.size,
        "permissions": format!("{:04o}", meta.mode),
        "last_modified": spaced(meta.modified_millis()),
        "user": name_of(meta.user),
        "group": name_of(meta.group),
        "link_target": link.and_then(|(_, target)| target?.to_str()),
        "link_size": own.map(|own| own.size),
        "link_last_modified": own.map(|own| spaced(own.modified_millis())),
        "link_user": own.map(|own| name_of(own.user)),
        "link_group": own.map(|own| name_of(own.group)),
    })
}

fn kind(meta: &Meta) -> &'static str {
    match meta.kind {
        Kind::Dir => "dir",
        Kind::File => "file",
        Kind::Link | Kind::Other => "other",
    }
}

/// Names would need the system's tables; a number does where nobody looks anyone up.
fn name_of(id: u32) -> String {
    if id == 0 { "root".to_owned() } else { id.to_string() }
}
