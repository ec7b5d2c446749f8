//! Roles: who looks after a collection beside its owner.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Value, json};

use super::collection::Collection;
use super::error::TransferError;
use super::permission::Role;
use super::sharing::{List, change_list, check_principal, entry, read_entry, read_list};
use super::{Answer, body, pages, result};
use crate::app::App;
use crate::http::{Call, json as reply};

impl Collection {
    /// The role that nobody gave and nobody can take: the owner's.
    pub(crate) fn owners_role(&self) -> Value {
        json!({
            "DATA_TYPE": "role",
            "id": null,
            "principal_type": "identity",
            "principal": self.owner_id,
            "role": Role::Administrator.as_str(),
        })
    }
}

pub(crate) async fn list(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let roles = read_list(&app, &call, &id, List::Roles, |collection| {
        let mut roles = collection.roles.clone();
        roles.push(collection.owners_role());
        roles
    })?;
    Ok(reply(StatusCode::OK, &pages::whole("role_list", &roles)))
}

pub(crate) async fn create(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let body = body(&call)?;
    let (kind, principal) = check_principal(&app, &body, &["identity", "group"])?;
    let role = body.get("role").and_then(Value::as_str).and_then(Role::parse);
    let role = role.ok_or_else(|| {
        TransferError::invalid(
            "role must be one of administrator, access_manager, activity_manager, activity_monitor",
        )
    })?;
    let document = json!({
        "DATA_TYPE": "role",
        "id": app.ids.uuid(),
        "principal_type": kind,
        "principal": principal,
        "role": role.as_str(),
    });
    change_list(&app, &call, &id, List::Roles, |collection| {
        let same = |other: &Value| {
            other["principal_type"] == kind
                && other["principal"] == principal
                && other["role"] == role.as_str()
        };
        if collection.roles.iter().any(same) {
            let message = "The principal has this role already";
            return Err(TransferError::new(StatusCode::CONFLICT, "Exists", message));
        }
        if role == Role::AccessManager && !collection.is_guest() {
            let message = "Only guest collections have access managers";
            return Err(TransferError::invalid(message));
        }
        collection.roles.push(document.clone());
        Ok(())
    })?;
    Ok(reply(StatusCode::CREATED, &document))
}

pub(crate) async fn read(
    State(app): State<Arc<App>>,
    Path((id, role)): Path<(String, String)>,
    call: Call,
) -> Answer {
    let roles = read_list(&app, &call, &id, List::Roles, |collection| collection.roles.clone())?;
    Ok(reply(StatusCode::OK, &read_entry(roles, List::Roles, &role)?))
}

pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    Path((id, role)): Path<(String, String)>,
    call: Call,
) -> Answer {
    change_list(&app, &call, &id, List::Roles, |collection| {
        entry(&mut collection.roles, List::Roles, &role)?;
        collection.roles.retain(|other| other["id"] != role);
        Ok(())
    })?;
    Ok(result(StatusCode::OK, "result", "Deleted", &format!("Role '{role}' deleted successfully")))
}
