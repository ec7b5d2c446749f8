//! `/v2/api/clients/{id}/credentials`: the secrets of a client.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::body::Body;
use super::caller::Caller;
use super::client::Credential;
use super::clients_api::{WRITE, own};
use super::error::AuthError;
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::lock::lock;

type Answer = Result<Response, AuthError>;

pub(crate) async fn list(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let caller = Caller::with_scope(&app, &call, WRITE)?;
    let auth = lock(&app.auth);
    let client = own(&auth, &caller, &id)?;
    let all: Vec<Value> =
        client.credentials.iter().map(|credential| credential.document(&id, false)).collect();
    Ok(reply(StatusCode::OK, &json!({ "credentials": all })))
}

/// The only answer that tells the secret.
pub(crate) async fn create(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let caller = Caller::with_scope(&app, &call, WRITE)?;
    let name = Body::of(&call, "credential")?.required("name")?;
    let mut auth = lock(&app.auth);
    let mut client = own(&auth, &caller, &id)?.clone();
    if client.is_public() {
        return Err(AuthError::invalid("A public client cannot keep a secret"));
    }
    let credential = new_credential(&app, &name);
    let document = credential.document(&id, true);
    client.credentials.push(credential);
    auth.add_client(client);
    Ok(reply(StatusCode::CREATED, &json!({ "credential": document })))
}

pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    Path((id, credential)): Path<(String, String)>,
    call: Call,
) -> Answer {
    let caller = Caller::with_scope(&app, &call, WRITE)?;
    let mut auth = lock(&app.auth);
    let mut client = own(&auth, &caller, &id)?.clone();
    let at = client.credentials.iter().position(|known| known.id == credential);
    let at = at.ok_or_else(|| AuthError::not_found("No such credential"))?;
    let document = client.credentials.remove(at).document(&id, false);
    auth.add_client(client);
    Ok(reply(StatusCode::OK, &json!({ "credential": document })))
}

/// A secret that nobody has seen yet.
pub(crate) fn new_credential(app: &App, name: &str) -> Credential {
    let secret = app.ids.client_secret();
    app.note_secret(&secret);
    Credential { id: app.ids.uuid(), name: name.to_owned(), secret, created: app.clock.millis() }
}
