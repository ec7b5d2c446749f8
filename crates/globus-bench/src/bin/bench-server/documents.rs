//! The documents. They follow from a number alone, so every client sees the same.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

/// Makes each document once.
#[derive(Default)]
pub(crate) struct Documents(Mutex<HashMap<String, Arc<[u8]>>>);

impl Documents {
    /// The document at `target`, which is `/SIZE/path?query`: `SIZE` is how many groups and endpoints there are.
    pub(crate) fn find(&self, target: &str) -> Option<Arc<[u8]>> {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(document) = made.get(target) {
            return Some(Arc::clone(document));
        }
        let document: Arc<[u8]> = make(target)?.to_string().into_bytes().into();
        made.insert(target.to_owned(), Arc::clone(&document));
        Some(document)
    }
}

/// How many milliseconds a new token takes that is asked for at `target`, which is `/MILLISECONDS/v2/oauth2/token`.
pub(crate) fn token_time(target: &str) -> Option<u64> {
    target.strip_prefix('/')?.strip_suffix("/v2/oauth2/token")?.parse().ok()
}

/// What the token endpoint answers.
pub(crate) fn token() -> Value {
    json!({
        "access_token": format!("AgAccess{:064}", 1), "refresh_token": format!("AgRefresh{:048}", 1),
        "scope": "urn:globus:auth:scope:transfer.api.globus.org:all", "expires_in": 172_800, "token_type": "Bearer",
        "resource_server": "transfer.api.globus.org", "state": "_default", "other_tokens": [],
    })
}

fn make(target: &str) -> Option<Value> {
    let (size, route) = target.strip_prefix('/')?.split_once('/')?;
    let size: usize = size.parse().ok()?;
    let (path, query) = route.split_once('?').unwrap_or((route, ""));
    match path.split('/').collect::<Vec<_>>()[..] {
        ["v2", "groups", "my_groups"] => (0..size).map(group).collect::<Option<_>>(),
        ["v0.10", "endpoint_search"] => search(size, query),
        ["v0.10", "task", id] => task(id),
        ["v0.10", "submission_id"] => Some(json!({ "DATA_TYPE": "submission_id", "value": id(5, 0) })),
        ["v0.10", "operation", "endpoint", _, "ls"] => Some(directory(query)),
        _ => None,
    }
}

/// What the service answers to a transfer.
pub(crate) fn accepted() -> Value {
    json!({
        "DATA_TYPE": "transfer_result", "code": "Accepted", "task_id": id(6, 0), "submission_id": id(5, 0),
        "message": "The transfer has been accepted and a task has been created and queued for execution",
        "request_id": "7HgMVYazI", "resource": "/v0.10/transfer",
    })
}

/// Whether `target` is that of a transfer: `/SIZE/v0.10/transfer`.
pub(crate) fn is_transfer(target: &str) -> bool {
    target.ends_with("/v0.10/transfer")
}

/// Ten directories, down to the third below the root, and twenty files.
fn directory(query: &str) -> Value {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let path = pairs.filter(|(name, _)| *name == "path").map(|(_, path)| path.replace("%2F", "/")).next();
    let path = path.unwrap_or_else(|| "/".to_owned());
    let depth = path.split('/').filter(|part| !part.is_empty()).count();
    let directories = if depth < 3 { 10 } else { 0 };
    let entries = (0..directories).map(|number| ("dir", format!("d{number}"), 4096));
    let entries =
        entries.chain((0..20).map(|number| ("file", format!("part_{number:04}.h5"), 1000 + number)));
    let data: Vec<Value> = entries
        .map(|(kind, name, size)| {
            json!({
                "DATA_TYPE": "file", "name": name, "type": kind, "size": size, "permissions": "0644",
                "last_modified": "2026-01-02 03:04:05+00:00", "user": "researcher", "group": "beamline",
                "link_target": null, "link_size": null, "link_last_modified": null, "link_user": null, "link_group": null,
            })
        })
        .collect();
    json!({
        "DATA_TYPE": "file_list", "length": data.len(), "total": data.len(), "offset": 0, "limit": 100_000,
        "path": path, "absolute_path": path, "rename_supported": true, "symlink_supported": false, "DATA": data,
    })
}

fn search(size: usize, query: &str) -> Option<Value> {
    let number = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(key, _)| *key == name).find_map(|(_, value)| value.parse::<usize>().ok())
    };
    let (offset, limit) = (number("offset").unwrap_or(0), number("limit").unwrap_or(100));
    let end = size.min(offset.saturating_add(limit));
    let data: Value = (offset.min(end)..end).map(endpoint).collect::<Option<_>>()?;
    Some(json!({
        "DATA_TYPE": "endpoint_list", "DATA": data, "offset": offset, "limit": limit, "has_next_page": end < size,
    }))
}

/// An id of the usual form.
fn id(kind: u64, number: usize) -> String {
    let mixed =
        (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ kind.wrapping_mul(0xff51_afd7_ed55_8ccd);
    let (high, low) = (mixed >> 32, mixed & 0xffff_ffff);
    format!("{high:08x}-{:04x}-4{:03x}-9{:03x}-{low:012x}", low >> 16, high & 0xfff, low & 0xfff)
}

fn group(number: usize) -> Option<Value> {
    let mut group = template(include_str!("group.json"))?;
    let id = id(1, number);
    group["my_memberships"][0]["group_id"] = json!(id);
    group["my_memberships"][0]["role"] = json!(["admin", "manager", "member"][number % 3]);
    group["id"] = json!(id);
    group["name"] = json!(format!("Beamline {number} – users"));
    group["enforce_session"] = json!(number.is_multiple_of(4));
    Some(group)
}

fn endpoint(number: usize) -> Option<Value> {
    let mut endpoint = template(include_str!("endpoint.json"))?;
    endpoint["id"] = json!(id(2, number));
    endpoint["owner_id"] = json!(id(3, number % 20));
    endpoint["display_name"] = json!(format!("Archive {number:04} of an example laboratory"));
    if number % 3 == 1 {
        endpoint["entity_type"] = json!("GCSv5_guest_collection");
        endpoint["host_endpoint_id"] = json!(id(4, number % 50));
        endpoint["host_path"] = json!("/shared/");
    }
    Some(endpoint)
}

fn task(id: &str) -> Option<Value> {
    let mut task = template(include_str!("task.json"))?;
    task["task_id"] = json!(id);
    Some(task)
}

fn template(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(target: &str) -> Value {
        serde_json::from_slice(&Documents::default().find(target).unwrap()).unwrap()
    }

    #[test]
    fn the_first_part_of_the_path_says_how_many_there_are() {
        assert_eq!(read("/3/v2/groups/my_groups").as_array().unwrap().len(), 3);
        let last = read("/250/v0.10/endpoint_search?filter_fulltext=x&limit=100&offset=200");
        assert_eq!((last["DATA"].as_array().unwrap().len(), &last["has_next_page"]), (50, &json!(false)));
        assert_eq!(read("/250/v0.10/endpoint_search?limit=100")["has_next_page"], json!(true));
    }

    #[test]
    fn the_first_part_of_the_path_says_how_long_a_token_takes() {
        assert_eq!(token_time("/50/v2/oauth2/token"), Some(50));
        assert_eq!(token_time("/v2/oauth2/token"), None);
    }

    #[test]
    fn ids_differ() {
        let ids: std::collections::HashSet<_> =
            (0..1000).flat_map(|number| [id(1, number), id(3, number)]).collect();
        assert_eq!(ids.len(), 2000);
    }

    #[test]
    fn what_is_not_served_is_none() {
        for target in ["/v2/groups/my_groups", "/1/v2/groups", "/", ""] {
            assert!(Documents::default().find(target).is_none(), "{target}");
        }
    }
}
