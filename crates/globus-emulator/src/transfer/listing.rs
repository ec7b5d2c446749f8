//! Listing a directory.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Value, json};

use super::access::{Opened, caller, io_error, open, path_error};
use super::disk::Wanted;
use super::error::TransferError;
use super::filter::{Filter, sort};
use super::{Answer, blocking, files, number, paths};
use crate::app::App;
use crate::http::{Call, json as reply};

/// A larger directory is not listed.
const MOST: usize = 100_000;

pub(crate) async fn ls(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    blocking(move || {
        let opened = open(&app, &grant, &id)?;
        super::note_use(&app, &grant.identity, &id);
        let body = list(&opened, &call)?;
        Ok(reply(StatusCode::OK, &body))
    })
    .await
}

fn list(opened: &Opened, call: &Call) -> Result<Value, TransferError> {
    let path = call.query("path").filter(|path| !path.is_empty()).unwrap_or(&opened.start);
    let absolute = opened.locate(path, false)?;
    let inside = opened.inside()?;
    let place = inside.place(&absolute, true, Wanted::Read).map_err(|error| path_error(error, path))?;
    let meta = place.dir.meta(&place.name).map_err(|error| io_error(&error, path))?;
    if !meta.is_dir() {
        let message = format!("'{path}' is not a directory");
        return Err(TransferError::new(
            StatusCode::BAD_GATEWAY,
            "ExternalError.DirListingFailed.NotDirectory",
            message,
        ));
    }
    if meta.is_unreadable() {
        return Err(TransferError::forbidden(format!("Permission denied for '{path}'")));
    }
    let dir = place.dir.dir(&place.name).map_err(|error| io_error(&error, path))?;
    let hidden = call.flag("show_hidden").unwrap_or(true);
    let filters = Filter::all(call, files::FIELDS)?;
    let mut entries = Vec::new();
    for entry in dir.entries().map_err(|error| io_error(&error, path))? {
        // Names that are not text cannot be written in JSON.
        let Ok(name) = entry.name.into_string() else { continue };
        let own = paths::join(&absolute, &name);
        if (!hidden && name.starts_with('.')) || !opened.allows(&own, false) {
            continue;
        }
        let Some(document) = files::describe(&inside, &dir, &name, &own) else { continue };
        if filters.is_empty() || filters.iter().any(|filter| filter.accepts(&document)) {
            if entries.len() == MOST {
                let message = format!("Directory limit of {MOST} reached");
                let code = "ExternalError.DirListingFailed.SizeLimit";
                return Err(TransferError::new(StatusCode::BAD_GATEWAY, code, message));
            }
            entries.push(document);
        }
    }
    sort(&mut entries, call.query("orderby").unwrap_or("name"), files::FIELDS)?;
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
