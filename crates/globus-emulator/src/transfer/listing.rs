//! Listing a directory.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Value, json};

use super::access::{Opened, caller, io_error, open};
use super::error::TransferError;
use super::filter::{Filter, sort};
use super::{Answer, blocking, files, number, paths};
use crate::app::App;
use crate::http::{Call, json as reply};

/// A larger directory is cut here unless it is read in pages.
const MOST: usize = 100_000;

pub(crate) async fn ls(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    blocking(&Arc::clone(&app), move || {
        let opened = open(&app, &grant, &id)?;
        super::note_use(&app, &grant.identity, &id);
        let body = list(&opened, &call)?;
        Ok(reply(StatusCode::OK, &body))
    })
    .await
}

fn list(opened: &Opened, call: &Call) -> Result<Value, TransferError> {
    let path = call.query("path").filter(|path| !path.is_empty()).unwrap_or("/~/");
    let absolute = opened.locate(path, false)?;
    let real = opened.real(&absolute, true)?;
    let meta = real.metadata().map_err(|error| io_error(&error, path))?;
    if !meta.is_dir() {
        let message = format!("'{path}' is not a directory");
        return Err(TransferError::new(
            StatusCode::BAD_GATEWAY,
            "ExternalError.DirListingFailed.NotDirectory",
            message,
        ));
    }
    if files::is_unreadable(&meta) {
        return Err(TransferError::forbidden(format!("Permission denied for '{path}'")));
    }
    let hidden = call.flag("show_hidden").unwrap_or(true);
    let filters: Vec<Filter> = call.queries("filter").map(Filter::parse).collect();
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(&real).map_err(|error| io_error(&error, path))?.flatten() {
        // Names that are not text cannot be written in JSON.
        let Ok(name) = entry.file_name().into_string() else { continue };
        if (!hidden && name.starts_with('.')) || !opened.allows(&paths::join(&absolute, &name), false) {
            continue;
        }
        let Some(document) = files::describe(&opened.root, &entry.path(), &name) else { continue };
        if filters.is_empty() || filters.iter().any(|filter| filter.accepts(&document)) {
            entries.push(document);
        }
    }
    sort(&mut entries, call.query("orderby").unwrap_or("name"));
    let (offset, limit) = (number(call, "offset", 0)?, number(call, "limit", MOST)?.min(MOST));
    let total = entries.len();
    let page: Vec<Value> = entries.into_iter().skip(offset).take(limit).collect();
    Ok(json!({
        "DATA_TYPE": "file_list",
        "path": paths::with_slash(if path.starts_with('/') { path } else { &absolute }),
        "absolute_path": paths::with_slash(&absolute),
        "endpoint": opened.id,
        "length": page.len(),
        "total": total,
        "limit": limit,
        "offset": offset,
        "rename_supported": true,
        "symlink_supported": true,
        "DATA": page,
    }))
}
