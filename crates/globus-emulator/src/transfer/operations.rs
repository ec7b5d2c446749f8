//! Small changes that happen at once: mkdir, rename; and stat.

use std::io::ErrorKind;
use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;

use super::access::{caller, holds_a_root, io_error, open, path_error};
use super::disk::Wanted;
use super::error::TransferError;
use super::paths::PathError;
use super::{Answer, blocking, body, files, required, result};
use crate::app::App;
use crate::http::{Call, json as reply};

pub(crate) async fn stat(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    blocking(move || {
        let opened = open(&app, &grant, &id)?;
        let path = call.query("path").filter(|path| !path.is_empty()).unwrap_or(&opened.start);
        let absolute = opened.locate(path, false)?;
        let inside = opened.inside()?;
        let found = inside.place(&absolute, false, Wanted::Read);
        let document = match found {
            Ok(place) => files::describe(&inside, &place.dir, &place.name.to_string_lossy(), &absolute),
            Err(PathError::Io(error)) if is_missing(&error) => None,
            Err(error) => return Err(path_error(error, path)),
        };
        let document = document.ok_or_else(|| {
            TransferError::new(StatusCode::NOT_FOUND, "NotFound", format!("Path '{path}' not found"))
        })?;
        Ok(reply(StatusCode::OK, &document))
    })
    .await
}

pub(crate) async fn mkdir(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let body = body(&call)?;
    blocking(move || {
        let opened = open(&app, &grant, &id)?;
        let path = required(&body, "path")?;
        let absolute = opened.locate(path, true)?;
        let place = opened.inside()?.place(&absolute, true, Wanted::Write);
        let place = place.map_err(|error| path_error(error, path))?;
        place.dir.make_dir(&place.name).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => exists("ExternalError.MkdirFailed.Exists", path),
            _ => io_error(&error, path),
        })?;
        Ok(result(
            StatusCode::ACCEPTED,
            "mkdir_result",
            "DirectoryCreated",
            "The directory was created successfully",
        ))
    })
    .await
}

pub(crate) async fn rename(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let body = body(&call)?;
    blocking(move || {
        let opened = open(&app, &grant, &id)?;
        let (old_path, new_path) = (required(&body, "old_path")?, required(&body, "new_path")?);
        let (old, new) = (opened.locate(old_path, true)?, opened.locate(new_path, true)?);
        if old == "/" || new == "/" {
            return Err(TransferError::forbidden("The root of a collection cannot be renamed"));
        }
        let inside = opened.inside()?;
        let old = inside.place(&old, false, Wanted::Write).map_err(|error| path_error(error, old_path))?;
        let new = inside.place(&new, false, Wanted::Write).map_err(|error| path_error(error, new_path))?;
        if holds_a_root(&app, &inside.path(&old.real)) {
            return Err(TransferError::forbidden(format!("'{old_path}' holds the root of a collection")));
        }
        old.dir.rename(&old.name, &new.dir, &new.name).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => exists("ExternalError.RenameFailed.Exists", new_path),
            ErrorKind::InvalidInput => {
                TransferError::invalid(format!("'{old_path}' cannot be moved into itself"))
            }
            _ => io_error(&error, old_path),
        })?;
        Ok(result(StatusCode::ACCEPTED, "result", "FileRenamed", "File or directory renamed successfully"))
    })
    .await
}

fn is_missing(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn exists(code: &'static str, path: &str) -> TransferError {
    TransferError::new(StatusCode::BAD_GATEWAY, code, format!("Path '{path}' already exists"))
}
