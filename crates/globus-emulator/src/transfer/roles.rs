//! Roles: who looks after a collection beside its owner.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Value, json};

use super::error::TransferError;
use super::sharing::{List, change_list, check_principal, entry, read_entry, read_list};
use super::{Answer, body, result};
use crate::app::App;
use crate::http::{Call, json as reply};

const ROLES: &[&str] = &["administrator", "access_manager", "activity_manager", "activity_monitor"];

pub(crate) async fn list(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let roles = read_list(&app, &call, &id, List::Roles)?;
    Ok(reply(StatusCode::OK, &json!({ "DATA_TYPE": "role_list", "length": roles.len(), "DATA": roles })))
}

pub(crate) async fn create(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let body = body(&call)?;
    let (kind, principal) = check_principal(&app, &body)?;
    let role = body.get("role").and_then(Value::as_str).filter(|role| ROLES.contains(role));
    let role =
        role.ok_or_else(|| TransferError::invalid(format!("role must be one of {}", ROLES.join(", "))))?;
    let document = json!({
        "DATA_TYPE": "role",
        "id": app.ids.uuid(),
        "principal_type": kind,
        "principal": principal,
        "role": role,
    });
    change_list(&app, &call, &id, List::Roles, |roles| {
        if roles.iter().any(|other| other["principal"] == principal && other["role"] == role) {
            return Err(TransferError::new(
                StatusCode::CONFLICT,
                "Exists",
                "The principal has this role already",
            ));
        }
        roles.push(document.clone());
        Ok(())
    })?;
    Ok(reply(StatusCode::CREATED, &document))
}

pub(crate) async fn read(
    State(app): State<Arc<App>>,
    Path((id, role)): Path<(String, String)>,
    call: Call,
) -> Answer {
    Ok(reply(StatusCode::OK, &read_entry(&app, &call, &id, List::Roles, &role)?))
}

pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    Path((id, role)): Path<(String, String)>,
    call: Call,
) -> Answer {
    change_list(&app, &call, &id, List::Roles, |roles| {
        entry(roles, List::Roles, &role)?;
        roles.retain(|other| other["id"] != role);
        Ok(())
    })?;
    Ok(result(StatusCode::OK, "result", "Deleted", "Role deleted successfully"))
}
