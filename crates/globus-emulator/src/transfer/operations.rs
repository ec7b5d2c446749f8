//! Small changes that happen at once: mkdir, rename; and stat.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Map, Value};

use super::access::{caller, holds_a_root, io_error, open};
use super::error::TransferError;
use super::{Answer, blocking, blocking_alone, body, files, paths, result};
use crate::app::App;
use crate::http::{Call, json as reply};

pub(crate) async fn stat(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    blocking(&Arc::clone(&app), move || {
        let opened = open(&app, &grant, &id)?;
        let path = call.query("path").filter(|path| !path.is_empty()).unwrap_or("/~/");
        let absolute = opened.locate(path, false)?;
        let real = opened.real(&absolute, false)?;
        let document = files::describe(&opened.root, &real, paths::name(&absolute));
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
    blocking(&Arc::clone(&app), move || {
        let opened = open(&app, &grant, &id)?;
        let path = text(&body, "path")?;
        let real = opened.real(&opened.locate(path, true)?, true)?;
        if real.symlink_metadata().is_ok() {
            return Err(exists("ExternalError.MkdirFailed.Exists", path));
        }
        std::fs::create_dir(&real).map_err(|error| io_error(&error, path))?;
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
    blocking_alone(&Arc::clone(&app), move || {
        let opened = open(&app, &grant, &id)?;
        let (old_path, new_path) = (text(&body, "old_path")?, text(&body, "new_path")?);
        let (old, new) = (opened.locate(old_path, true)?, opened.locate(new_path, true)?);
        if old == "/" || new == "/" {
            return Err(TransferError::forbidden("The root of a collection cannot be renamed"));
        }
        let (old, new) = (opened.real(&old, false)?, opened.real(&new, false)?);
        if holds_a_root(&app, &old) {
            return Err(TransferError::forbidden(format!("'{old_path}' holds the root of a collection")));
        }
        if new.symlink_metadata().is_ok() {
            return Err(exists("ExternalError.RenameFailed.Exists", new_path));
        }
        std::fs::rename(old, new).map_err(|error| io_error(&error, old_path))?;
        Ok(result(StatusCode::ACCEPTED, "result", "FileRenamed", "File or directory renamed successfully"))
    })
    .await
}

fn exists(code: &'static str, path: &str) -> TransferError {
    TransferError::new(StatusCode::BAD_GATEWAY, code, format!("Path '{path}' already exists"))
}

fn text<'a>(body: &'a Map<String, Value>, field: &str) -> Result<&'a str, TransferError> {
    let text = body.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
    text.ok_or_else(|| TransferError::invalid(format!("Missing required field '{field}'")))
}
