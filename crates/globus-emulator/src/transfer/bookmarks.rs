//! Bookmarks: a name for a path in a collection.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::access::caller;
use super::error::TransferError;
use super::permission::Viewer;
use super::state::TransferState;
use super::{Answer, body, pages, required, result, session};
use crate::app::App;
use crate::auth::Grant;
use crate::http::{Call, json as reply};
use crate::lock::lock;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Bookmark {
    pub(crate) id: String,
    /// The identity that it belongs to.
    pub(crate) owner: String,
    pub(crate) name: String,
    pub(crate) endpoint_id: String,
    pub(crate) path: String,
    pub(crate) pinned: bool,
}

/// What a bookmark is made of, or changed by.
#[derive(Debug, Default)]
pub(crate) struct Draft<'a> {
    pub(crate) name: Option<&'a str>,
    pub(crate) path: Option<&'a str>,
    pub(crate) pinned: Option<bool>,
}

/// Names are no longer than this.
const LONGEST: usize = 128;

impl TransferState {
    /// The bookmarks of an identity, by name, those that are pinned first.
    pub(crate) fn bookmarks_of(&self, owner: &str) -> Vec<&Bookmark> {
        let mut mine: Vec<&Bookmark> =
            self.bookmarks.values().filter(|bookmark| bookmark.owner == owner).collect();
        mine.sort_by(|left, right| (!left.pinned, &left.name).cmp(&(!right.pinned, &right.name)));
        mine
    }

    pub(crate) fn bookmark(&self, id: &str, owner: &str) -> Result<&Bookmark, TransferError> {
        let bookmark = self.bookmarks.get(id).filter(|bookmark| bookmark.owner == owner);
        bookmark.ok_or_else(|| {
            TransferError::new(StatusCode::NOT_FOUND, "BookmarkNotFound", format!("No such bookmark '{id}'"))
        })
    }

    /// Whether what the bookmark is on is high assurance: then lists do not tell where.
    pub(crate) fn is_confidential(&self, bookmark: &Bookmark) -> bool {
        self.collections
            .get(&bookmark.endpoint_id)
            .is_some_and(super::collection::Collection::is_high_assurance)
    }
}

/// Makes a bookmark on a collection that its owner may know of.
pub(crate) fn make(
    app: &App,
    grant: &Grant,
    endpoint: &str,
    draft: &Draft<'_>,
) -> Result<Bookmark, TransferError> {
    let viewer = Viewer::of(app, &grant.identity);
    let mut transfer = lock(&app.transfer);
    session::check(app, grant, transfer.visible(endpoint, &viewer)?)?;
    let mut bookmark = Bookmark {
        id: app.ids.uuid(),
        owner: grant.identity.clone(),
        name: String::new(),
        endpoint_id: endpoint.to_owned(),
        path: String::new(),
        pinned: false,
    };
    apply(&transfer, &mut bookmark, draft)?;
    transfer.bookmarks.insert(bookmark.id.clone(), bookmark.clone());
    Ok(bookmark)
}

/// Changes a bookmark of the caller.
pub(crate) fn change(
    app: &App,
    grant: &Grant,
    id: &str,
    draft: &Draft<'_>,
) -> Result<Bookmark, TransferError> {
    let mut transfer = lock(&app.transfer);
    let mut bookmark = transfer.bookmark(id, &grant.identity)?.clone();
    demand(app, grant, &transfer, &bookmark)?;
    apply(&transfer, &mut bookmark, draft)?;
    transfer.bookmarks.insert(bookmark.id.clone(), bookmark.clone());
    Ok(bookmark)
}

/// A bookmark on a high assurance collection is for logins that are good enough.
pub(crate) fn demand(
    app: &App,
    grant: &Grant,
    transfer: &TransferState,
    bookmark: &Bookmark,
) -> Result<(), TransferError> {
    match transfer.collections.get(&bookmark.endpoint_id) {
        Some(collection) => session::check(app, grant, collection),
        // One that is gone has nothing to hide.
        None => Ok(()),
    }
}

fn apply(transfer: &TransferState, bookmark: &mut Bookmark, draft: &Draft<'_>) -> Result<(), TransferError> {
    if let Some(name) = draft.name {
        if name.trim().is_empty() || name.chars().count() > LONGEST {
            return Err(TransferError::invalid(format!("A name has 1 to {LONGEST} characters")));
        }
        // A name stands for one bookmark of its owner.
        let others = transfer.bookmarks.values().filter(|other| other.id != bookmark.id);
        if others.into_iter().any(|other| other.owner == bookmark.owner && other.name == name) {
            let message = format!("There is a bookmark named '{name}' already");
            return Err(TransferError::new(StatusCode::CONFLICT, "BookmarkExists", message));
        }
        name.clone_into(&mut bookmark.name);
    }
    if let Some(path) = draft.path {
        if path.is_empty() {
            return Err(TransferError::invalid("A path is not empty"));
        }
        path.clone_into(&mut bookmark.path);
    }
    bookmark.pinned = draft.pinned.unwrap_or(bookmark.pinned);
    Ok(())
}

impl Bookmark {
    fn document(&self, confidential: bool) -> Value {
        json!({
            "DATA_TYPE": "bookmark",
            "id": self.id,
            "name": self.name,
            "endpoint_id": self.endpoint_id,
            "path": (!confidential).then_some(&self.path),
            "pinned": self.pinned,
        })
    }
}

pub(crate) async fn list(State(app): State<Arc<App>>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let transfer = lock(&app.transfer);
    let mine = transfer.bookmarks_of(&grant.identity).into_iter();
    let documents: Vec<Value> =
        mine.map(|bookmark| bookmark.document(transfer.is_confidential(bookmark))).collect();
    Ok(reply(StatusCode::OK, &pages::whole("bookmark_list", &documents)))
}

pub(crate) async fn create(State(app): State<Arc<App>>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let body = body(&call)?;
    let [name, endpoint, path] = ["name", "endpoint_id", "path"].map(|field| required(&body, field));
    let draft = Draft { name: Some(name?), path: Some(path?), pinned: flag(&body, "pinned") };
    let bookmark = make(&app, &grant, endpoint?, &draft)?;
    Ok(reply(StatusCode::CREATED, &bookmark.document(false)))
}

pub(crate) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let transfer = lock(&app.transfer);
    let bookmark = transfer.bookmark(&id, &grant.identity)?;
    demand(&app, &grant, &transfer, bookmark)?;
    Ok(reply(StatusCode::OK, &bookmark.document(false)))
}

pub(crate) async fn update(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let body = body(&call)?;
    let name = body.contains_key("name").then(|| required(&body, "name")).transpose()?;
    let draft = Draft { name, path: None, pinned: flag(&body, "pinned") };
    Ok(reply(StatusCode::OK, &change(&app, &grant, &id, &draft)?.document(false)))
}

pub(crate) async fn delete(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    remove(&app, &grant, &id)?;
    Ok(result(StatusCode::OK, "result", "Deleted", &format!("Bookmark '{id}' deleted successfully")))
}

pub(crate) fn remove(app: &App, grant: &Grant, id: &str) -> Result<(), TransferError> {
    let mut transfer = lock(&app.transfer);
    transfer.bookmark(id, &grant.identity)?;
    transfer.bookmarks.remove(id);
    Ok(())
}

fn flag(body: &Map<String, Value>, field: &str) -> Option<bool> {
    body.get(field).and_then(Value::as_bool)
}
