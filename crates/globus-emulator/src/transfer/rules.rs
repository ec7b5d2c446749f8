//! Access rules: who may read or write which part of a guest collection.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Value, json};

use super::error::TransferError;
use super::sharing::{List, change_list, check_principal, entry, read_entry, read_list};
use super::{Answer, body, paths, result};
use crate::app::App;
use crate::http::{Call, json as reply};

/// A collection has no more rules than this.
const MOST: usize = 100;

pub(crate) async fn list(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let rules = read_list(&app, &call, &id, List::Rules)?;
    let body = json!({ "DATA_TYPE": "access_list", "endpoint": id, "length": rules.len(), "DATA": rules });
    Ok(reply(StatusCode::OK, &body))
}

pub(crate) async fn create(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let body = body(&call)?;
    let (kind, principal) = check_principal(&app, &body)?;
    let path = body.get("path").and_then(Value::as_str).unwrap_or_default();
    if !path.starts_with('/') || !path.ends_with('/') {
        return Err(TransferError::invalid("The path of a rule starts and ends with '/'"));
    }
    let path = paths::absolute(path, "/").map_err(|error| super::access::path_error(error, path))?;
    let path = paths::with_slash(&path);
    let permissions = permissions(&body)?;
    let access = app.ids.uuid();
    change_list(&app, &call, &id, List::Rules, |rules| {
        let same = |rule: &Value| {
            rule["principal_type"] == kind && rule["principal"] == principal && rule["path"] == path
        };
        if rules.iter().any(same) {
            return Err(TransferError::new(
                StatusCode::CONFLICT,
                "Exists",
                "There is an access rule for this principal and path already",
            ));
        }
        if rules.len() >= MOST {
            return Err(TransferError::new(
                StatusCode::CONFLICT,
                "LimitExceeded",
                format!("A collection has at most {MOST} access rules"),
            ));
        }
        rules.push(json!({
            "DATA_TYPE": "access",
            "id": access,
            "principal_type": kind,
            "principal": principal,
            "path": path,
            "permissions": permissions,
            "role_id": null,
            "role_type": null,
            "create_time": crate::clock::rfc3339(app.clock.millis()),
            "expiration_date": body.get("expiration_date"),
        }));
        Ok(())
    })?;
    Ok(reply(
        StatusCode::CREATED,
        &json!({
            "DATA_TYPE": "access_create_result",
            "code": "Created",
            "message": "Access rule created successfully.",
            "access_id": access,
        }),
    ))
}

fn permissions(body: &serde_json::Map<String, Value>) -> Result<String, TransferError> {
    match body.get("permissions").and_then(Value::as_str) {
        Some(permissions @ ("r" | "rw")) => Ok(permissions.to_owned()),
        _ => Err(TransferError::invalid("permissions must be 'r' or 'rw'")),
    }
}

pub(crate) async fn read(
    State(app): State<Arc<App>>,
    Path((id, rule)): Path<(String, String)>,
    call: Call,
) -> Answer {
    Ok(reply(StatusCode::OK, &read_entry(&app, &call, &id, List::Rules, &rule)?))
}

pub(crate) async fn update(
    State(app): State<Arc<App>>,
    Path((id, rule)): Path<(String, String)>,
    call: Call,
) -> Answer {
    let body = body(&call)?;
    let permissions = permissions(&body)?;
    change_list(&app, &call, &id, List::Rules, |rules| {
        let rule = entry(rules, List::Rules, &rule)?;
        rule["permissions"] = permissions.into();
        if let Some(date) = body.get("expiration_date") {
            rule["expiration_date"] = date.clone();
        }
        Ok(())
    })?;
    Ok(result(StatusCode::OK, "result", "Updated", "Access rule updated successfully"))
}

pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    Path((id, rule)): Path<(String, String)>,
    call: Call,
) -> Answer {
    change_list(&app, &call, &id, List::Rules, |rules| {
        entry(rules, List::Rules, &rule)?;
        rules.retain(|other| other["id"] != rule);
        Ok(())
    })?;
    Ok(result(StatusCode::OK, "result", "Deleted", "Access rule deleted successfully"))
}
