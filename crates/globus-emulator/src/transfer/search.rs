//! Finding collections.

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use serde_json::{Value, json};

use super::access::caller;
use super::collection::Collection;
use super::error::TransferError;
use super::permission::{Role, Viewer};
use super::state::TransferState;
use super::{Answer, number};
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::lock::lock;

/// The last place that a search can reach, whatever the page size.
const REACH: usize = 1000;
const PAGE: usize = 100;

const SCOPES: &[&str] = &[
    "all",
    "administered-by-me",
    "managed-by-me",
    "my-endpoints",
    "my-gcp-endpoints",
    "recently-used",
    "in-use",
    "shared-by-me",
    "shared-with-me",
];

pub(crate) async fn search(State(app): State<Arc<App>>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let scope = call.query("filter_scope").unwrap_or("all");
    if !SCOPES.contains(&scope) {
        return Err(TransferError::invalid(format!("Unknown filter_scope '{scope}'")));
    }
    let (offset, limit) = (number(&call, "offset", 0)?, number(&call, "limit", PAGE)?);
    if limit > REACH || offset.saturating_add(limit) > REACH {
        let message = format!("offset + limit must not be more than {REACH}");
        return Err(TransferError::new(StatusCode::BAD_REQUEST, "ClientError.BadRequest", message));
    }
    let words: Vec<String> =
        call.query("filter_fulltext").unwrap_or_default().split_whitespace().map(str::to_lowercase).collect();
    let owner = call.query("filter_owner_id");
    let host = call.query("filter_host_endpoint");
    let kinds = call.list("filter_entity_type");
    if scope == "all" && words.is_empty() && owner.is_none() && host.is_none() && kinds.is_empty() {
        return Err(TransferError::invalid("filter_fulltext is required for filter_scope 'all'"));
    }
    let non_functional = call.flag("filter_non_functional");
    let viewer = Viewer::of(&app, &grant.identity);
    let transfer = lock(&app.transfer);
    let in_scope = candidates(&transfer, &viewer, scope);
    let found: Vec<&Collection> = in_scope
        .into_iter()
        .filter(|collection| collection.matches(&words))
        .filter(|collection| owner.is_none_or(|owner| collection.owner_id == owner))
        .filter(|collection| {
            host.is_none_or(|host| collection.host.as_ref().is_some_and(|(id, _)| id == host))
        })
        .filter(|collection| kinds.is_empty() || kinds.contains(&collection.entity_type))
        .filter(|collection| {
            non_functional.is_none_or(|wanted| wanted == (collection.entity_type == "GCSv5_endpoint"))
        })
        .collect();
    let page: Vec<Value> = found
        .iter()
        .skip(offset)
        .take(limit)
        .map(|collection| collection.document(&transfer, &viewer))
        .collect();
    let end = offset + page.len();
    Ok(reply(
        StatusCode::OK,
        &json!({
            "DATA_TYPE": "endpoint_list",
            "length": page.len(),
            "limit": limit,
            "offset": offset,
            "has_next_page": end < found.len() && end < REACH,
            "DATA": page,
        }),
    ))
}

/// The collections of a scope: those used last first, the others by name.
fn candidates<'a>(transfer: &'a TransferState, viewer: &Viewer, scope: &str) -> Vec<&'a Collection> {
    let me = viewer.identity.as_str();
    if scope == "recently-used" {
        let recent = transfer.recent.get(me).map(Vec::as_slice).unwrap_or_default();
        return recent.iter().rev().filter_map(|id| transfer.collections.get(id)).collect();
    }
    let mine = |collection: &Collection| collection.owner_id == me;
    let has = |collection: &Collection, role| collection.allows(transfer, viewer, role);
    let mut all: Vec<&Collection> = transfer
        .collections
        .values()
        .filter(|collection| match scope {
            "my-endpoints" => mine(collection),
            "my-gcp-endpoints" => mine(collection) && collection.entity_type == "GCP_mapped_collection",
            "shared-by-me" => mine(collection) && collection.is_guest(),
            "shared-with-me" => {
                !mine(collection) && collection.acl.iter().any(|rule| viewer.is_named_by(rule))
            }
            "administered-by-me" => has(collection, Role::Administrator),
            "managed-by-me" => !collection.effective_roles(transfer, viewer).is_empty(),
            "in-use" => transfer.uses(me, &collection.id),
            _ => collection.is_visible_to(transfer, viewer),
        })
        .collect();
    all.sort_by(|left, right| (&left.display_name, &left.id).cmp(&(&right.display_name, &right.id)));
    all
}
