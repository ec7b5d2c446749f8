//! What the lists of a collection have in common: who may use it, and who looks after it.

use http::StatusCode;
use serde_json::{Map, Value};

use super::access::caller;
use super::collection::Collection;
use super::error::TransferError;
use super::permission::{Role, Viewer};
use super::state::TransferState;
use crate::app::App;
use crate::http::Call;
use crate::lock::lock;

/// Which list, and how its entries are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    Rules,
    Roles,
}

impl List {
    /// The role of those who may change it.
    fn keeper(self) -> Role {
        match self {
            Self::Rules => Role::AccessManager,
            Self::Roles => Role::Administrator,
        }
    }

    /// Whether the viewer may see it: rules are for those who change them, roles for everybody who has one.
    fn is_seen_by(self, transfer: &TransferState, collection: &Collection, viewer: &Viewer) -> bool {
        match self {
            Self::Rules => collection.grants(viewer, self.keeper()),
            Self::Roles => !collection.effective_roles(transfer, viewer).is_empty(),
        }
    }

    fn missing(self, id: &str) -> TransferError {
        let (code, what) = match self {
            Self::Rules => ("AccessRuleNotFound", "access rule"),
            Self::Roles => ("RoleNotFound", "role"),
        };
        TransferError::new(StatusCode::NOT_FOUND, code, format!("No such {what} '{id}'"))
    }
}

/// Reads a list of a collection, for those who may see it.
pub(crate) fn read_list<T>(
    app: &App,
    call: &Call,
    id: &str,
    list: List,
    read: impl FnOnce(&Collection) -> T,
) -> Result<T, TransferError> {
    let grant = caller(app, call)?;
    let viewer = Viewer::of(app, &grant.identity);
    let transfer = lock(&app.transfer);
    let collection = with(&transfer, id, list)?;
    if list.is_seen_by(&transfer, collection, &viewer) {
        Ok(read(collection))
    } else {
        Err(TransferError::forbidden("This needs a role on the endpoint"))
    }
}

/// Changes such a list, for those who may.
pub(crate) fn change_list<T>(
    app: &App,
    call: &Call,
    id: &str,
    list: List,
    change: impl FnOnce(&mut Collection) -> Result<T, TransferError>,
) -> Result<T, TransferError> {
    let grant = caller(app, call)?;
    let viewer = Viewer::of(app, &grant.identity);
    let mut transfer = lock(&app.transfer);
    with(&transfer, id, list)?;
    transfer.with_role(id, &viewer, list.keeper())?;
    change(transfer.collections.get_mut(id).ok_or_else(|| TransferError::no_endpoint(id))?)
}

/// The collection, if it has the list.
fn with<'a>(transfer: &'a TransferState, id: &str, list: List) -> Result<&'a Collection, TransferError> {
    let collection = transfer.collections.get(id).ok_or_else(|| TransferError::no_endpoint(id))?;
    if list == List::Rules && !collection.is_guest() {
        let message = "Only guest collections have access rules";
        return Err(TransferError::new(StatusCode::CONFLICT, "ClientError.NotSupported", message));
    }
    Ok(collection)
}

/// The entry with the id, to be changed.
pub(crate) fn entry<'a>(
    entries: &'a mut [Value],
    list: List,
    id: &str,
) -> Result<&'a mut Value, TransferError> {
    entries.iter_mut().find(|entry| entry["id"] == id).ok_or_else(|| list.missing(id))
}

/// A copy of the entry with the id.
pub(crate) fn read_entry(entries: Vec<Value>, list: List, id: &str) -> Result<Value, TransferError> {
    entries.into_iter().find(|entry| entry["id"] == id).ok_or_else(|| list.missing(id))
}

/// A principal of one of the kinds, which must exist when it is a person or a group.
pub(crate) fn check_principal(
    app: &App,
    body: &Map<String, Value>,
    kinds: &[&str],
) -> Result<(String, String), TransferError> {
    let kind = body.get("principal_type").and_then(Value::as_str).unwrap_or("identity");
    if !kinds.contains(&kind) {
        let message = format!("principal_type must be one of {}, not '{kind}'", kinds.join(", "));
        return Err(TransferError::invalid(message));
    }
    let principal = body.get("principal").and_then(Value::as_str).unwrap_or_default();
    let known = match kind {
        "identity" => lock(&app.auth).identities.contains_key(principal),
        "group" => lock(&app.groups).groups.contains_key(principal),
        _ => principal.is_empty(),
    };
    if known {
        Ok((kind.to_owned(), principal.to_owned()))
    } else {
        Err(TransferError::invalid(format!("Unknown principal '{principal}'")))
    }
}
