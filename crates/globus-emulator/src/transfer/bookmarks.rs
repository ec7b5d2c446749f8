//! Bookmarks: a name for a path in a collection.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::access::caller;
use super::error::TransferError;
use super::state::TransferState;
use super::{Answer, body, result};
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::lock::lock;

pub(crate) async fn list(State(app): State<Arc<App>>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let transfer = lock(&app.transfer);
    let mut mine: Vec<&Value> = transfer
        .bookmarks
        .values()
        .filter(|(owner, _)| *owner == grant.identity)
        .map(|(_, bookmark)| bookmark)
        .collect();
    mine.sort_by_key(|bookmark| bookmark["name"].as_str());
    Ok(reply(StatusCode::OK, &json!({ "DATA_TYPE": "bookmark_list", "length": mine.len(), "DATA": mine })))
}

pub(crate) async fn create(State(app): State<Arc<App>>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let body = body(&call)?;
    let [name, endpoint, path] = ["name", "endpoint_id", "path"].map(|field| text(&body, field));
    let (name, endpoint, path) = (name?, endpoint?, path?);
    let mut transfer = lock(&app.transfer);
    if !transfer.collections.contains_key(endpoint) {
        return Err(TransferError::no_endpoint(endpoint));
    }
    check_free(&transfer, &grant.identity, name, None)?;
    let bookmark = json!({
        "DATA_TYPE": "bookmark",
        "id": app.ids.uuid(),
        "name": name,
        "endpoint_id": endpoint,
        "path": path,
        "pinned": false,
    });
    let id = bookmark["id"].as_str().unwrap_or_default().to_owned();
    transfer.bookmarks.insert(id, (grant.identity.clone(), bookmark.clone()));
    Ok(reply(StatusCode::CREATED, &bookmark))
}

pub(crate) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    Ok(reply(StatusCode::OK, own(&lock(&app.transfer), &id, &grant.identity)?))
}

pub(crate) async fn update(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let body = body(&call)?;
    let mut transfer = lock(&app.transfer);
    if let Some(name) = body.get("name").and_then(Value::as_str) {
        check_free(&transfer, &grant.identity, name, Some(&id))?;
    }
    own(&transfer, &id, &grant.identity)?;
    let (_, bookmark) = transfer.bookmarks.get_mut(&id).ok_or_else(|| missing(&id))?;
    for field in ["name", "pinned"] {
        if let Some(value) = body.get(field) {
            bookmark[field] = value.clone();
        }
    }
    Ok(reply(StatusCode::OK, bookmark))
}

pub(crate) async fn delete(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let mut transfer = lock(&app.transfer);
    own(&transfer, &id, &grant.identity)?;
    transfer.bookmarks.remove(&id);
    Ok(result(StatusCode::OK, "result", "Deleted", "Bookmark deleted successfully"))
}

fn own<'a>(transfer: &'a TransferState, id: &str, me: &str) -> Result<&'a Value, TransferError> {
    let bookmark = transfer.bookmarks.get(id).filter(|(owner, _)| owner == me);
    bookmark.map(|(_, bookmark)| bookmark).ok_or_else(|| missing(id))
}

fn missing(id: &str) -> TransferError {
    TransferError::new(StatusCode::NOT_FOUND, "BookmarkNotFound", format!("No such bookmark '{id}'"))
}

/// A name stands for one bookmark of its owner.
fn check_free(
    transfer: &TransferState,
    me: &str,
    name: &str,
    except: Option<&str>,
) -> Result<(), TransferError> {
    let taken = transfer.bookmarks.iter().any(|(id, (owner, bookmark))| {
        owner == me && bookmark["name"] == name && Some(id.as_str()) != except
    });
    if taken {
        let message = format!("There is a bookmark named '{name}' already");
        return Err(TransferError::new(StatusCode::CONFLICT, "BookmarkExists", message));
    }
    Ok(())
}

fn text<'a>(body: &'a Map<String, Value>, field: &str) -> Result<&'a str, TransferError> {
    let text = body.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
    text.ok_or_else(|| TransferError::invalid(format!("Missing required field '{field}'")))
}
