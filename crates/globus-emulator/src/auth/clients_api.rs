//! Registering programs: instances of a template, and children of a client.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::client::{Client, Credential};
use super::error::AuthError;
use super::state::AuthState;
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::lock::lock;

/// `POST /v2/api/clients`: with `template_id` by anybody, without by a client that authenticates.
pub(crate) async fn create(State(app): State<Arc<App>>, call: Call) -> Result<Response, AuthError> {
    let body = call.object().and_then(|mut body| match body.remove("client") {
        Some(Value::Object(client)) => Some(client),
        _ => None,
    });
    let mut wanted = body.ok_or_else(|| AuthError::invalid("The body must be {\"client\": {…}}"))?;
    let name = match wanted.remove("name") {
        Some(Value::String(name)) if !name.is_empty() => name,
        _ => return Err(AuthError::invalid("A client needs a name")),
    };
    let mut auth = lock(&app.auth);
    let parent = match wanted.remove("template_id") {
        Some(template) => {
            let template = template.as_str().unwrap_or_default();
            let known = auth.clients.get(template).filter(|client| client.template);
            known.ok_or_else(|| AuthError::not_found("No such client template"))?.id.clone()
        }
        None => caller(&auth, &call)?,
    };
    let client = build(&app, name, &parent, wanted);
    let document = created(&client);
    auth.add_client(client);
    Ok(reply(StatusCode::CREATED, &document))
}

fn build(app: &App, name: String, parent: &str, mut wanted: Map<String, Value>) -> Client {
    let kind = match wanted.remove("client_type") {
        Some(Value::String(kind)) => Some(kind),
        _ => None,
    };
    let public = wanted.remove("public_client").and_then(|public| public.as_bool());
    let public = public.unwrap_or_else(|| kind.as_deref().is_some_and(|kind| kind.starts_with("public_")));
    let redirect_uris: Vec<String> = match wanted.remove("redirect_uris") {
        Some(Value::Array(uris)) => uris.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let base = if public {
        Client::public(&app.ids.uuid(), &name)
    } else {
        let secret = app.ids.client_secret();
        app.note_secret(&secret);
        let credential = Credential {
            id: app.ids.uuid(),
            name: "Auto-created at client creation".to_owned(),
            secret,
            created: app.clock.millis(),
        };
        Client::confidential(&app.ids.uuid(), &name, credential)
    };
    Client {
        // A program that registered where it is reached is held to that.
        loopback: redirect_uris.is_empty(),
        redirect_uris,
        kind: kind.unwrap_or_else(|| base.kind.clone()),
        parent: Some(parent.to_owned()),
        more: wanted,
        ..base
    }
}

fn created(client: &Client) -> Value {
    let credential = client.credentials.first().map(|credential| credential.document(&client.id, true));
    match credential {
        Some(credential) => {
            json!({ "client": client.document(), "included": { "client_credential": credential } })
        }
        None => json!({ "client": client.document() }),
    }
}

/// The id of the client that authenticated with Basic.
fn caller(auth: &AuthState, call: &Call) -> Result<String, AuthError> {
    let (id, secret) = call.basic().ok_or_else(AuthError::unauthorized)?;
    let client = auth.clients.get(&id).filter(|client| client.has_secret(&secret));
    client.map(|client| client.id.clone()).ok_or_else(AuthError::unauthorized)
}

/// The client of the path, if the caller is that client or its parent.
fn own<'a>(auth: &'a AuthState, call: &Call, id: &str) -> Result<&'a Client, AuthError> {
    let caller = caller(auth, call)?;
    let client = auth.clients.get(id).ok_or_else(|| AuthError::not_found("No such client"))?;
    if client.id == caller || client.parent.as_deref() == Some(&caller) {
        Ok(client)
    } else {
        Err(AuthError::forbidden("Only a client itself or its parent may do this"))
    }
}

pub(crate) async fn read(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, AuthError> {
    let auth = lock(&app.auth);
    Ok(reply(StatusCode::OK, &json!({ "client": own(&auth, &call, &id)?.document() })))
}

pub(crate) async fn update(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, AuthError> {
    let mut auth = lock(&app.auth);
    own(&auth, &call, &id)?;
    let body = call.object().and_then(|mut body| body.remove("client"));
    let Some(Value::Object(mut wanted)) = body else {
        return Err(AuthError::invalid("The body must be {\"client\": {…}}"));
    };
    let client = auth.clients.get_mut(&id).ok_or_else(|| AuthError::not_found("No such client"))?;
    for fixed in ["id", "public_client", "client_type", "parent_client"] {
        wanted.remove(fixed);
    }
    if let Some(Value::String(name)) = wanted.remove("name") {
        client.name = name;
    }
    if let Some(Value::Array(uris)) = wanted.remove("redirect_uris") {
        client.redirect_uris = uris.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        client.loopback = client.redirect_uris.is_empty();
    }
    client.more.extend(wanted);
    Ok(reply(StatusCode::OK, &json!({ "client": client.document() })))
}

pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, AuthError> {
    let mut auth = lock(&app.auth);
    let document = own(&auth, &call, &id)?.document();
    auth.remove_client(&id);
    Ok(reply(StatusCode::OK, &json!({ "client": document })))
}
