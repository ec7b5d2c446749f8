//! `/v2/api/scopes`, and those of a client.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::body::Body;
use super::caller::Caller;
use super::clients_api::{READ, WRITE, own};
use super::error::AuthError;
use super::registry::{Dependency, Registry, ScopeRecord};
use super::state::AuthState;
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::lock::lock;

type Answer = Result<Response, AuthError>;

/// The scopes that the caller administers; with `ids` or `scope_strings`, those it may see.
pub(crate) async fn list(State(app): State<Arc<App>>, call: Call) -> Answer {
    let caller = Caller::with_scope(&app, &call, READ)?;
    let (ids, names) = (call.list("ids"), call.list("scope_strings"));
    if !ids.is_empty() && !names.is_empty() {
        return Err(AuthError::invalid("Give ids or scope_strings, not both"));
    }
    let all = ids.is_empty() && names.is_empty();
    let auth = lock(&app.auth);
    let found: Vec<Value> = auth
        .registry
        .all()
        .filter(|(name, record)| all || ids.contains(&record.id) || names.iter().any(|asked| asked == name))
        .filter(|(_, record)| (record.advertised && !all) || is_own(&auth, &caller, record))
        .map(|(name, record)| auth.registry.document(name, record))
        .collect();
    Ok(reply(StatusCode::OK, &json!({ "scopes": found })))
}

fn is_own(auth: &AuthState, caller: &Caller, record: &ScopeRecord) -> bool {
    auth.clients.get(&record.client).is_some_and(|client| auth.administers_client(caller, client))
}

pub(crate) async fn of_client(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let caller = Caller::with_scope(&app, &call, READ)?;
    let auth = lock(&app.auth);
    own(&auth, &caller, &id)?;
    let found: Vec<Value> = auth
        .registry
        .all()
        .filter(|(_, record)| record.client == id)
        .map(|(name, record)| auth.registry.document(name, record))
        .collect();
    Ok(reply(StatusCode::OK, &json!({ "scopes": found })))
}

pub(crate) async fn create(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let caller = Caller::with_scope(&app, &call, WRITE)?;
    let mut body = Body::of(&call, "scope")?;
    let mut auth = lock(&app.auth);
    own(&auth, &caller, &id)?;
    let mut record = ScopeRecord {
        id: app.ids.uuid(),
        resource_server: id.clone(),
        client: id.clone(),
        title: body.required("name")?,
        meaning: body.required("description")?,
        dependencies: Vec::new(),
        advertised: false,
        allows_refresh_token: true,
        required_domains: Vec::new(),
    };
    let name = scope_string(&auth.registry, &id, &body.required("scope_suffix")?)?;
    change(&auth.registry, &mut record, &mut body)?;
    let document = auth.registry.document(&name, &record);
    auth.registry.insert(&name, record);
    Ok(reply(StatusCode::CREATED, &json!({ "scope": document })))
}

pub(crate) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let caller = Caller::with_scope(&app, &call, READ)?;
    let auth = lock(&app.auth);
    let (name, record) = known(&auth.registry, &id)?;
    if !record.advertised && !is_own(&auth, &caller, record) {
        return Err(AuthError::forbidden("The scope is not advertised"));
    }
    Ok(reply(StatusCode::OK, &json!({ "scope": auth.registry.document(name, record) })))
}

pub(crate) async fn update(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let caller = Caller::with_scope(&app, &call, WRITE)?;
    let mut body = Body::of(&call, "scope")?;
    let mut auth = lock(&app.auth);
    let (mut name, mut record) = administered(&auth, &caller, &id)?;
    if let Some(title) = body.text("name")? {
        record.title = title;
    }
    if let Some(meaning) = body.text("description")? {
        record.meaning = meaning;
    }
    let renamed = match body.text("scope_suffix")? {
        Some(suffix) if !name.ends_with(&format!("/{suffix}")) => {
            Some(scope_string(&auth.registry, &record.client, &suffix)?)
        }
        _ => None,
    };
    change(&auth.registry, &mut record, &mut body)?;
    if let Some(to) = renamed {
        auth.rename_scope(&name, &to);
        name = to;
    }
    auth.registry.insert(&name, record.clone());
    let document = auth.registry.document(&name, &record);
    Ok(reply(StatusCode::OK, &json!({ "scope": document })))
}

pub(crate) async fn delete(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let caller = Caller::with_scope(&app, &call, WRITE)?;
    let mut auth = lock(&app.auth);
    let (name, record) = administered(&auth, &caller, &id)?;
    let document = auth.registry.document(&name, &record);
    auth.remove_scope(&name);
    Ok(reply(StatusCode::OK, &json!({ "scope": document })))
}

fn known<'a>(registry: &'a Registry, id: &str) -> Result<(&'a str, &'a ScopeRecord), AuthError> {
    registry.with_id(id).ok_or_else(|| AuthError::not_found("No such scope"))
}

/// Name and record of the scope, if the caller administers the client that it belongs to.
fn administered(auth: &AuthState, caller: &Caller, id: &str) -> Result<(String, ScopeRecord), AuthError> {
    let (name, record) = known(&auth.registry, id)?;
    if is_own(auth, caller, record) {
        Ok((name.to_owned(), record.clone()))
    } else {
        Err(AuthError::forbidden("Only those who administer the scope's client may do this"))
    }
}

fn scope_string(registry: &Registry, client: &str, suffix: &str) -> Result<String, AuthError> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !suffix.chars().all(allowed) {
        return Err(AuthError::invalid(
            "scope_suffix may have lower-case letters, digits and underscores only",
        ));
    }
    let name = format!("https://auth.globus.org/scopes/{client}/{suffix}");
    match registry.get(&name) {
        Some(_) => Err(AuthError::conflict("The client has a scope of this suffix already")),
        None => Ok(name),
    }
}

fn change(registry: &Registry, record: &mut ScopeRecord, body: &mut Body) -> Result<(), AuthError> {
    if let Some(advertised) = body.flag("advertised")? {
        record.advertised = advertised;
    }
    if let Some(allows) = body.flag("allows_refresh_token")? {
        record.allows_refresh_token = allows;
    }
    if let Some(domains) = body.texts("required_domains")? {
        record.required_domains = domains;
    }
    if let Some(dependencies) = body.objects("dependent_scopes")? {
        let read = |mut entry: Body| {
            let id = entry.required("scope")?;
            let found = registry.with_id(&id);
            let (name, _) = found.ok_or_else(|| AuthError::invalid(&format!("There is no scope {id}")))?;
            Ok(Dependency {
                scope: name.to_owned(),
                optional: entry.flag("optional")?.unwrap_or(false),
                requires_refresh_token: entry.flag("requires_refresh_token")?.unwrap_or(false),
            })
        };
        record.dependencies = dependencies.into_iter().map(read).collect::<Result<_, AuthError>>()?;
    }
    Ok(())
}
