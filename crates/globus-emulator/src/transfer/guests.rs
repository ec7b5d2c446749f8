//! Guest collections: made on others, and listed there.

use std::io::ErrorKind;
use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Value, json};

use super::access::{caller, open, path_error};
use super::collection::Collection;
use super::disk::Wanted;
use super::error::TransferError;
use super::paths::PathError;
use super::permission::Viewer;
use super::state::TransferState;
use super::{Answer, blocking, body, number, pages, paths, required, session};
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::lock::lock;

const ASSURANCE: &[&str] =
    &["high_assurance", "authentication_timeout_mins", "authentication_policy_id", "mfa_required"];

pub(crate) async fn create_guest(State(app): State<Arc<App>>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let body = body(&call)?;
    blocking(move || {
        let (host, path) = (required(&body, "host_endpoint")?, required(&body, "host_path")?);
        let name = required(&body, "display_name")?;
        session::demand(&app, &grant, host)?;
        let opened = open(&app, &grant, host)?;
        let absolute = opened.locate(path, true)?;
        let inside = opened.inside()?;
        let real = match inside.dir(&absolute, Wanted::Write) {
            Ok((_, real)) => inside.path(&real),
            Err(PathError::Io(error)) if error.kind() == ErrorKind::NotADirectory => {
                return Err(TransferError::invalid(format!("'{path}' is not a directory")));
            }
            Err(error) => return Err(path_error(error, path)),
        };
        let username = lock(&app.auth).username(&grant.identity).to_owned();
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
        guest.describe(&body);
        // What it demands of logins, it demands of those who use it by way of a guest collection.
        guest.more.extend(
            ASSURANCE.iter().filter_map(|&field| Some((field.to_owned(), above.more.get(field)?.clone()))),
        );
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
    let viewer = Viewer::of(&app, &grant.identity);
    let transfer = lock(&app.transfer);
    let mine = guests(&transfer, &id, &viewer)?.into_iter().filter(|guest| guest.owner_id == grant.identity);
    let documents: Vec<Value> = mine.map(|guest| guest.document(&transfer, &viewer)).collect();
    Ok(reply(StatusCode::OK, &pages::whole("endpoint_list", &documents)))
}

/// The guest collections on a collection that the caller may know of, in pages by `next_token`: the last id of the page before.
pub(crate) async fn all_guests(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let grant = caller(&app, &call)?;
    let most = number(&call, "max_results", 100)?.clamp(1, 1000);
    let token = call.query("next_token").filter(|token| !token.is_empty());
    let viewer = Viewer::of(&app, &grant.identity);
    let transfer = lock(&app.transfer);
    let guests = guests(&transfer, &id, &viewer)?;
    let mut rest = guests.into_iter().filter(|guest| token.is_none_or(|token| guest.id.as_str() > token));
    let page: Vec<&Collection> = rest.by_ref().take(most).collect();
    let next = rest.next().and(page.last()).map(|last| &last.id);
    let documents: Vec<Value> = page.iter().map(|guest| guest.document(&transfer, &viewer)).collect();
    Ok(reply(StatusCode::OK, &json!({ "next_token": next, "shared_endpoints": documents })))
}

fn guests<'a>(
    transfer: &'a TransferState,
    host: &str,
    viewer: &Viewer,
) -> Result<Vec<&'a Collection>, TransferError> {
    transfer.visible(host, viewer)?;
    let on_host = |guest: &&Collection| guest.host.as_ref().is_some_and(|(id, _)| id == host);
    let visible = |guest: &&Collection| guest.is_visible_to(transfer, viewer);
    Ok(transfer.collections.values().filter(on_host).filter(visible).collect())
}
