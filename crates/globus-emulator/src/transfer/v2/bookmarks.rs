//! Bookmarks, the same as in version 0.10.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Value, json};

use super::api::{Answer, ApiError, Exchange, Resource, related};
use crate::app::App;
use crate::http::Call;
use crate::lock::lock;
use crate::transfer::bookmarks::{Bookmark, Draft, change, demand, make, remove};
use crate::transfer::state::TransferState;

fn document(bookmark: &Bookmark, confidential: bool) -> Value {
    json!({
        "type": "Bookmark",
        "id": bookmark.id,
        "attributes": {
            "name": bookmark.name,
            "path": (!confidential).then_some(&bookmark.path),
            "pinned": bookmark.pinned,
        },
        "relationships": { "collection": related("Collection", &bookmark.endpoint_id) },
    })
}

/// The collections that the bookmarks are on, each once, when the request wants them.
fn included(exchange: &Exchange, transfer: &TransferState, bookmarks: &[Value]) -> Option<Value> {
    exchange.call.query("include").filter(|include| *include == "collection")?;
    let mut ids: Vec<&str> = bookmarks
        .iter()
        .filter_map(|bookmark| bookmark["relationships"]["collection"]["data"]["id"].as_str())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let collections = ids.into_iter().filter_map(|id| transfer.collections.get(id)).map(|collection| {
        json!({
            "type": "Collection",
            "id": collection.id,
            "attributes": {
                "display_name": collection.display_name,
                "high_assurance": collection.is_high_assurance(),
            },
        })
    });
    Some(collections.collect())
}

fn draft<'a>(exchange: &Exchange, resource: &'a Resource) -> Result<Draft<'a>, ApiError> {
    let text = |name: &str| match resource.attribute(name) {
        None => Ok(None),
        Some(value) => match value.as_str() {
            Some(text) => Ok(Some(text)),
            None => Err(exchange.invalid(format!("'{name}' must be a text"))),
        },
    };
    let pinned = resource
        .attribute("pinned")
        .map(|pinned| pinned.as_bool().ok_or_else(|| exchange.invalid("'pinned' must be true or false")));
    Ok(Draft { name: text("name")?, path: text("path")?, pinned: pinned.transpose()? })
}

pub(crate) async fn list(State(app): State<Arc<App>>, call: Call) -> Answer {
    let exchange = Exchange::begin(app, call)?;
    let transfer = lock(&exchange.app.transfer);
    let mine = transfer.bookmarks_of(&exchange.grant.identity);
    let documents =
        mine.into_iter().map(|bookmark| document(bookmark, transfer.is_confidential(bookmark))).collect();
    exchange.page(documents, |page| included(&exchange, &transfer, page))
}

pub(crate) async fn create(State(app): State<Arc<App>>, call: Call) -> Answer {
    let exchange = Exchange::begin(app, call)?;
    let resource = exchange.resource("Bookmark")?;
    let collection =
        resource.related("collection").ok_or_else(|| exchange.invalid("A bookmark needs a collection"))?;
    let draft = draft(&exchange, &resource)?;
    if draft.name.is_none() || draft.path.is_none() {
        return Err(exchange.invalid("A bookmark needs a name and a path"));
    }
    let bookmark =
        make(&exchange.app, &exchange.grant, collection, &draft).map_err(|error| exchange.refuse(error))?;
    Ok(exchange.document(StatusCode::CREATED, json!({ "data": document(&bookmark, false) })))
}

pub(crate) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let exchange = Exchange::begin(app, call)?;
    let transfer = lock(&exchange.app.transfer);
    let bookmark = transfer.bookmark(&id, &exchange.grant.identity);
    let bookmark = bookmark.map_err(|error| exchange.refuse(error))?;
    demand(&exchange.app, &exchange.grant, &transfer, bookmark).map_err(|error| exchange.refuse(error))?;
    let data = document(bookmark, false);
    let mut body = json!({ "data": data });
    if let Some(included) = included(&exchange, &transfer, std::slice::from_ref(&data)) {
        body["included"] = included;
    }
    Ok(exchange.document(StatusCode::OK, body))
}

pub(crate) async fn update(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let exchange = Exchange::begin(app, call)?;
    let resource = exchange.resource("Bookmark")?;
    let draft = draft(&exchange, &resource)?;
    let bookmark =
        change(&exchange.app, &exchange.grant, &id, &draft).map_err(|error| exchange.refuse(error))?;
    Ok(exchange.document(StatusCode::OK, json!({ "data": document(&bookmark, false) })))
}

pub(crate) async fn delete(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let exchange = Exchange::begin(app, call)?;
    remove(&exchange.app, &exchange.grant, &id).map_err(|error| exchange.refuse(error))?;
    Ok(exchange.document(StatusCode::OK, json!({})))
}
