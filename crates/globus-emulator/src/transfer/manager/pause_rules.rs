//! Making, changing and deleting pause rules.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::Value;

use super::{check_monitors, viewer};
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::lock::lock;
use crate::transfer::error::TransferError;
use crate::transfer::pause::{PauseRule, settle};
use crate::transfer::permission::{Role, Viewer};
use crate::transfer::state::TransferState;
use crate::transfer::{Answer, body, pages, result};

/// Whether the viewer may change a rule. What managers of a host decided, managers of a guest collection cannot undo.
fn is_editable(transfer: &TransferState, rule: &PauseRule, viewer: &Viewer) -> bool {
    let Some(collection) = transfer.collections.get(&rule.endpoint_id) else { return false };
    if rule.created_by_host_manager {
        collection.host(transfer).is_some_and(|host| host.grants(viewer, Role::ActivityManager))
    } else {
        collection.allows(transfer, viewer, Role::ActivityManager)
    }
}

fn document(app: &App, transfer: &TransferState, rule: &PauseRule, viewer: &Viewer) -> Value {
    rule.document(app, transfer, is_editable(transfer, rule, viewer))
}

/// The rule, if the viewer monitors its collection.
fn find<'a>(transfer: &'a TransferState, id: &str, viewer: &Viewer) -> Result<&'a PauseRule, TransferError> {
    check_monitors(transfer, viewer)?;
    let rule = transfer.pause_rules.get(id).ok_or_else(|| {
        TransferError::new(StatusCode::NOT_FOUND, "PauseRuleNotFound", format!("No such pause rule '{id}'"))
    })?;
    transfer.with_role(&rule.endpoint_id, viewer, Role::ActivityMonitor)?;
    Ok(rule)
}

/// The same, if the viewer may change it.
fn find_editable(transfer: &TransferState, id: &str, viewer: &Viewer) -> Result<PauseRule, TransferError> {
    let rule = find(transfer, id, viewer)?;
    if is_editable(transfer, rule, viewer) {
        Ok(rule.clone())
    } else {
        Err(TransferError::forbidden("This needs the role activity_manager where the rule was made"))
    }
}

pub(crate) async fn list(State(app): State<Arc<App>>, call: Call) -> Answer {
    let viewer = viewer(&app, &call)?;
    let (endpoint, host) = (call.query("filter_endpoint"), call.query("filter_host_endpoint"));
    let transfer = lock(&app.transfer);
    check_monitors(&transfer, &viewer)?;
    if let Some(id) = endpoint.or(host) {
        transfer.with_role(id, &viewer, Role::ActivityMonitor)?;
    }
    let rules: Vec<Value> = transfer
        .pause_rules
        .values()
        .filter(|rule| endpoint.is_none_or(|id| rule.endpoint_id == id))
        .filter(|rule| {
            let Some(collection) = transfer.collections.get(&rule.endpoint_id) else { return false };
            let hosted = |wanted: &str| collection.host.as_ref().is_some_and(|(id, _)| id == wanted);
            collection.allows(&transfer, &viewer, Role::ActivityMonitor) && host.is_none_or(hosted)
        })
        .map(|rule| document(&app, &transfer, rule, &viewer))
        .collect();
    Ok(reply(StatusCode::OK, &pages::whole("pause_rule_list", &rules)))
}

pub(crate) async fn create(State(app): State<Arc<App>>, call: Call) -> Answer {
    let viewer = viewer(&app, &call)?;
    let body = body(&call)?;
    if let Some(identity) = body.get("identity_id").filter(|identity| !identity.is_null()) {
        let known = identity.as_str().is_some_and(|id| lock(&app.auth).identities.contains_key(id));
        if !known {
            return Err(TransferError::invalid(format!("Unknown identity {identity}")));
        }
    }
    let mut rule = PauseRule::read(app.ids.uuid(), &body)?;
    let mut transfer = lock(&app.transfer);
    check_monitors(&transfer, &viewer)?;
    let collection = transfer.with_role(&rule.endpoint_id, &viewer, Role::ActivityManager)?;
    let host = collection.host(&transfer);
    rule.created_by_host_manager = host.is_some_and(|host| host.grants(&viewer, Role::ActivityManager));
    let document = store(&app, &mut transfer, rule, &viewer);
    Ok(reply(StatusCode::CREATED, &document))
}

/// Records a rule and lets it take effect; its document.
fn store(app: &App, transfer: &mut TransferState, mut rule: PauseRule, viewer: &Viewer) -> Value {
    rule.changed_by(&viewer.identity, app.clock.millis());
    let answer = document(app, transfer, &rule, viewer);
    transfer.pause_rules.insert(rule.id.clone(), rule);
    settle(app, transfer);
    // Rules with a time of their own are waited for.
    app.wake.notify_waiters();
    answer
}

pub(crate) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let viewer = viewer(&app, &call)?;
    let transfer = lock(&app.transfer);
    Ok(reply(StatusCode::OK, &document(&app, &transfer, find(&transfer, &id, &viewer)?, &viewer)))
}

pub(crate) async fn update(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let viewer = viewer(&app, &call)?;
    let body = body(&call)?;
    let mut transfer = lock(&app.transfer);
    let mut rule = find_editable(&transfer, &id, &viewer)?;
    rule.change(&body)?;
    let document = store(&app, &mut transfer, rule, &viewer);
    Ok(reply(StatusCode::OK, &document))
}

pub(crate) async fn delete(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let viewer = viewer(&app, &call)?;
    let mut transfer = lock(&app.transfer);
    find_editable(&transfer, &id, &viewer)?;
    transfer.pause_rules.remove(&id);
    settle(&app, &mut transfer);
    Ok(result(StatusCode::OK, "result", "Deleted", &format!("Pause rule '{id}' deleted successfully")))
}
