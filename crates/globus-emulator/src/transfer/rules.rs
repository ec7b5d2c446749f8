//! Access rules: who may read or write which part of a guest collection.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::collection::Collection;
use super::error::TransferError;
use super::permission::Role;
use super::sharing::{List, change_list, check_principal, entry, read_entry, read_list};
use super::{Answer, body, pages, paths, result};
use crate::app::App;
use crate::http::{Call, json as reply};

/// A collection has no more rules than this.
const MOST: usize = 1000;
/// And no more for the same principal.
const MOST_FOR_ONE: usize = 100;

const PRINCIPALS: &[&str] = &["identity", "group", "all_authenticated_users", "anonymous"];

impl Collection {
    /// Its rules, and what comes with the roles: those have no id of their own.
    pub(crate) fn access_list(&self, now: i64) -> Vec<Value> {
        let own = self.acl.iter().filter(|rule| is_valid(rule, now)).cloned();
        let from_role = |role: &Value| {
            json!({
                "DATA_TYPE": "access",
                "id": null,
                "principal_type": role["principal_type"],
                "principal": role["principal"],
                "path": "/",
                "permissions": "rw",
                "role_id": role["id"],
                "role_type": role["role"],
                "create_time": null,
                "expiration_date": null,
            })
        };
        let owner = self.owners_role();
        let keepers = self.roles.iter().chain([&owner]).filter(|role| {
            matches!(
                role["role"].as_str().and_then(Role::parse),
                Some(Role::Administrator | Role::AccessManager)
            )
        });
        own.chain(keepers.map(from_role)).collect()
    }
}

/// Whether the time of a rule has not passed.
fn is_valid(rule: &Value, now: i64) -> bool {
    rule["expiration_date"].as_str().and_then(crate::clock::parse).is_none_or(|until| now < until)
}

pub(crate) async fn list(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let now = app.clock.millis();
    let rules = read_list(&app, &call, &id, List::Rules, |collection| collection.access_list(now))?;
    let mut body = pages::whole("access_list", &rules);
    body["endpoint"] = id.into();
    Ok(reply(StatusCode::OK, &body))
}

pub(crate) async fn create(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let body = body(&call)?;
    let (kind, principal) = check_principal(&app, &body, PRINCIPALS)?;
    let path = body.get("path").and_then(Value::as_str).unwrap_or_default();
    if !path.starts_with('/') || !path.ends_with('/') {
        return Err(TransferError::invalid("The path of a rule starts and ends with '/'"));
    }
    let path = paths::absolute(path, "/").map_err(|error| super::access::path_error(error, path))?;
    let path = paths::with_slash(&path);
    let now = app.clock.millis();
    let (permissions, expiration) = (permissions(&body)?, expiration(&body, now)?);
    let access = app.ids.uuid();
    change_list(&app, &call, &id, List::Rules, |collection| {
        check_anonymous(collection, &kind, &permissions)?;
        let rules = &mut collection.acl;
        rules.retain(|rule| is_valid(rule, now));
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
        let for_one = rules.iter().filter(|rule| rule["principal"] == principal).count();
        if rules.len() >= MOST || for_one >= MOST_FOR_ONE {
            let message = format!(
                "A collection has at most {MOST} access rules, and {MOST_FOR_ONE} of them for one principal"
            );
            return Err(TransferError::new(StatusCode::CONFLICT, "LimitExceeded", message));
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
            "create_time": crate::clock::rfc3339(now),
            "expiration_date": expiration.flatten(),
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

fn permissions(body: &Map<String, Value>) -> Result<String, TransferError> {
    match body.get("permissions").and_then(Value::as_str) {
        Some(permissions @ ("r" | "rw")) => Ok(permissions.to_owned()),
        _ => Err(TransferError::invalid("permissions must be 'r' or 'rw'")),
    }
}

/// When the rule ends: `None` when nothing is said of it, and then `None` for never.
fn expiration(body: &Map<String, Value>, now: i64) -> Result<Option<Option<String>>, TransferError> {
    match body.get("expiration_date") {
        None => Ok(None),
        Some(Value::Null) => Ok(Some(None)),
        Some(date) => {
            let until = date.as_str().and_then(crate::clock::parse);
            let until = until.ok_or_else(|| TransferError::invalid("expiration_date must be a time"))?;
            if until <= now {
                return Err(TransferError::invalid("expiration_date must be in the future"));
            }
            Ok(Some(Some(crate::clock::rfc3339(until))))
        }
    }
}

fn check_anonymous(collection: &Collection, kind: &str, permissions: &str) -> Result<(), TransferError> {
    let closed = collection.more.get("disable_anonymous_writes") == Some(&Value::Bool(true));
    if closed && kind == "anonymous" && permissions == "rw" {
        return Err(TransferError::invalid("Anonymous writes are disabled on this endpoint"));
    }
    Ok(())
}

pub(crate) async fn read(
    State(app): State<Arc<App>>,
    Path((id, rule)): Path<(String, String)>,
    call: Call,
) -> Answer {
    let now = app.clock.millis();
    let rules = read_list(&app, &call, &id, List::Rules, |collection| collection.access_list(now))?;
    Ok(reply(StatusCode::OK, &read_entry(rules, List::Rules, &rule)?))
}

pub(crate) async fn update(
    State(app): State<Arc<App>>,
    Path((id, rule)): Path<(String, String)>,
    call: Call,
) -> Answer {
    let body = body(&call)?;
    let permissions = body.contains_key("permissions").then(|| permissions(&body)).transpose()?;
    let expiration = expiration(&body, app.clock.millis())?;
    change_list(&app, &call, &id, List::Rules, |collection| {
        if let Some(permissions) = &permissions {
            let kind = entry(&mut collection.acl, List::Rules, &rule)?["principal_type"].clone();
            check_anonymous(collection, kind.as_str().unwrap_or_default(), permissions)?;
        }
        let rule = entry(&mut collection.acl, List::Rules, &rule)?;
        if let Some(permissions) = permissions {
            rule["permissions"] = permissions.into();
        }
        if let Some(date) = expiration {
            rule["expiration_date"] = date.into();
        }
        Ok(())
    })?;
    let message = format!("Access rule '{rule}' permissions updated successfully");
    Ok(result(StatusCode::OK, "result", "Updated", &message))
}

pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    Path((id, rule)): Path<(String, String)>,
    call: Call,
) -> Answer {
    change_list(&app, &call, &id, List::Rules, |collection| {
        entry(&mut collection.acl, List::Rules, &rule)?;
        collection.acl.retain(|other| other["id"] != rule);
        Ok(())
    })?;
    let message = format!("Access rule '{rule}' deleted successfully");
    Ok(result(StatusCode::OK, "result", "Deleted", &message))
}
