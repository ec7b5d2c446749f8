//! Guest collections, who may use them, and who looks after collections.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::access::{caller, io_error, open};
use super::collection::Collection;
use super::error::TransferError;
use super::state::TransferState;
use super::{Answer, blocking, body, paths};
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::lock::lock;

pub(crate) async fn create_guest(State(app): State<Arc<App>>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let body = body(&call)?;
    blocking(&Arc::clone(&app), move || {
        let text = |field: &str| {
            let text = body.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
            text.ok_or_else(|| TransferError::invalid(format!("Missing required field '{field}'")))
        };
        let (host, path, name) = (text("host_endpoint")?, text("host_path")?, text("display_name")?);
        let opened = open(&app, &grant, host)?;
        let absolute = opened.locate(path, true)?;
        let real = opened.real(&absolute, true)?;
        let real = real.canonicalize().map_err(|error| io_error(&error, path))?;
        if !real.is_dir() {
            return Err(TransferError::invalid(format!("'{path}' is not a directory")));
        }
        let username = {
            let auth = lock(&app.auth);
            auth.identities.get(&grant.identity).map(|me| me.username.clone()).unwrap_or_default()
        };
        let mut transfer = lock(&app.transfer);
        let above = transfer.collections.get(host).ok_or_else(|| TransferError::no_endpoint(host))?;
        if above.is_guest() {
            return Err(TransferError::invalid("A guest collection cannot be shared further"));
        }
        let kind = if above.entity_type.starts_with("GCP_") {
            "GCP_guest_collection"
        } else {
            "GCSv5_guest_collection"
        };
        let mut guest = Collection::new(&app.ids.uuid(), name, kind, (&grant.identity, &username));
        guest.root = Some(real);
        guest.host = Some((host.to_owned(), paths::with_slash(&absolute)));
        for field in ["description", "organization", "keywords", "contact_email", "default_directory"] {
            if let Some(value) = body.get(field) {
                guest.more.insert(field.to_owned(), value.clone());
            }
        }
        let id = guest.id.clone();
        transfer.collections.insert(id.clone(), guest);
        Ok(reply(
            StatusCode::CREATED,
            &json!({
                "DATA_TYPE": "endpoint_create_result",
                "code": "Created",
                "message": "Shared endpoint created successfully",
                "id": id,
            }),
        ))
    })
    .await
}

/// The guest collections the caller made on a collection.
pub(crate) async fn my_guests(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let documents = guests(&app, &id, &grant.identity, |guest| guest.owner_id == grant.identity)?;
    Ok(reply(
        StatusCode::OK,
        &json!({ "DATA_TYPE": "endpoint_list", "length": documents.len(), "DATA": documents }),
    ))
}

/// All guest collections on a collection.
pub(crate) async fn all_guests(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let documents = guests(&app, &id, &grant.identity, |_| true)?;
    Ok(reply(StatusCode::OK, &json!({ "next_token": null, "shared_endpoints": documents })))
}

fn guests(
    app: &App,
    host: &str,
    viewer: &str,
    wanted: impl Fn(&Collection) -> bool,
) -> Result<Vec<Value>, TransferError> {
    let transfer = lock(&app.transfer);
    if !transfer.collections.contains_key(host) {
        return Err(TransferError::no_endpoint(host));
    }
    let on_host = transfer
        .collections
        .values()
        .filter(|guest| guest.host.as_ref().is_some_and(|(id, _)| id == host) && wanted(guest));
    Ok(on_host.map(|guest| guest.document(viewer)).collect())
}

/// Which list of a collection, and how its entries are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    Rules,
    Roles,
}

impl List {
    fn of(self, collection: &Collection) -> &[Value] {
        match self {
            Self::Rules => &collection.acl,
            Self::Roles => &collection.roles,
        }
    }

    fn of_mut(self, collection: &mut Collection) -> &mut Vec<Value> {
        match self {
            Self::Rules => &mut collection.acl,
            Self::Roles => &mut collection.roles,
        }
    }

    fn missing(self, id: &str) -> TransferError {
        match self {
            Self::Rules => TransferError::new(
                StatusCode::NOT_FOUND,
                "AccessRuleNotFound",
                format!("No such access rule '{id}'"),
            ),
            Self::Roles => {
                TransferError::new(StatusCode::NOT_FOUND, "RoleNotFound", format!("No such role '{id}'"))
            }
        }
    }
}

/// A copy of a list of a collection, for those who may share it (rules) or manage it (roles).
pub(crate) fn read_list(app: &App, call: &Call, id: &str, list: List) -> Result<Vec<Value>, TransferError> {
    let grant = caller(app, call)?;
    let transfer = lock(&app.transfer);
    Ok(list.of(own(&transfer, id, &grant.identity, list)?).to_vec())
}

/// Changes such a list.
pub(crate) fn change_list<T>(
    app: &App,
    call: &Call,
    id: &str,
    list: List,
    act: impl FnOnce(&mut Vec<Value>) -> Result<T, TransferError>,
) -> Result<T, TransferError> {
    let grant = caller(app, call)?;
    let mut transfer = lock(&app.transfer);
    own(&transfer, id, &grant.identity, list)?;
    let collection = transfer.collections.get_mut(id).ok_or_else(|| TransferError::no_endpoint(id))?;
    act(list.of_mut(collection))
}

fn own<'a>(
    transfer: &'a TransferState,
    id: &str,
    me: &str,
    list: List,
) -> Result<&'a Collection, TransferError> {
    let collection = transfer.collections.get(id).ok_or_else(|| TransferError::no_endpoint(id))?;
    let allowed = match list {
        List::Rules => collection.is_shared_by(me),
        List::Roles => collection.is_managed_by(me),
    };
    if !allowed {
        return Err(TransferError::forbidden("Only an administrator of the endpoint may do this"));
    }
    if list == List::Rules && !collection.is_guest() {
        return Err(TransferError::new(
            StatusCode::CONFLICT,
            "ClientError.NotSupported",
            "Only guest collections have access rules",
        ));
    }
    Ok(collection)
}

/// The entry with the id.
pub(crate) fn entry<'a>(
    entries: &'a mut [Value],
    list: List,
    id: &str,
) -> Result<&'a mut Value, TransferError> {
    entries.iter_mut().find(|entry| entry["id"] == id).ok_or_else(|| list.missing(id))
}

/// A copy of the entry with the id.
pub(crate) fn read_entry(
    app: &App,
    call: &Call,
    id: &str,
    list: List,
    entry: &str,
) -> Result<Value, TransferError> {
    let entries = read_list(app, call, id, list)?;
    entries.into_iter().find(|other| other["id"] == entry).ok_or_else(|| list.missing(entry))
}

/// A principal, which must exist when it is a person or a group.
pub(crate) fn check_principal(
    app: &App,
    body: &Map<String, Value>,
) -> Result<(String, String), TransferError> {
    let kind = body.get("principal_type").and_then(Value::as_str).unwrap_or("identity");
    let principal = body.get("principal").and_then(Value::as_str).unwrap_or_default();
    let known = match kind {
        "identity" => lock(&app.auth).identities.contains_key(principal),
        "group" => lock(&app.groups).groups.contains_key(principal),
        "all_authenticated_users" | "anonymous" => principal.is_empty(),
        _ => return Err(TransferError::invalid(format!("Unknown principal_type '{kind}'"))),
    };
    if known {
        Ok((kind.to_owned(), principal.to_owned()))
    } else {
        Err(TransferError::invalid(format!("Unknown principal '{principal}'")))
    }
}
