//! `/v2/api/clients`: instances of a template, children of a client, clients of a project.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::body::Body;
use super::caller::Caller;
use super::client::{Client, ClientKind};
use super::credentials_api::new_credential;
use super::error::AuthError;
use super::registry::{MANAGE_PROJECTS, VIEW_CLIENTS, VIEW_CLIENTS_AND_SCOPES};
use super::state::AuthState;
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::lock::lock;

type Answer = Result<Response, AuthError>;

pub(crate) const WRITE: &[&str] = &[MANAGE_PROJECTS];
pub(crate) const READ: &[&str] = &[MANAGE_PROJECTS, VIEW_CLIENTS, VIEW_CLIENTS_AND_SCOPES];

/// With `template_id` by anybody; with `project` by its administrators; else by the client that becomes the parent.
pub(crate) async fn create(State(app): State<Arc<App>>, call: Call) -> Answer {
    let mut body = Body::of(&call, "client")?;
    let name = body.required("name")?;
    let mut client = match body.text("template_id")? {
        Some(template) => instance(&app, &template, &name)?,
        None => registered(&app, &call, &name, &mut body)?,
    };
    let mut auth = lock(&app.auth);
    change(&auth, &mut client, &mut body)?;
    let mut document = json!({ "client": client.document(&auth.registry) });
    if let Some(credential) = client.credentials.first() {
        let credential = credential.document(&client.id, true);
        document["included"] = json!({ "client_credential": credential });
    }
    auth.add_client(client);
    Ok(reply(StatusCode::CREATED, &document))
}

fn instance(app: &App, template: &str, name: &str) -> Result<Client, AuthError> {
    let known = lock(&app.auth).clients.get(template).is_some_and(|client| client.template);
    if !known {
        return Err(AuthError::not_found("No such client template"));
    }
    Ok(child(app, name, ClientKind::ConfidentialClient, template))
}

fn registered(app: &App, call: &Call, name: &str, body: &mut Body) -> Result<Client, AuthError> {
    let caller = Caller::with_scope(app, call, WRITE)?;
    let kind = kind(body)?;
    let project = body.text("project")?;
    if let Some(parent) = &caller.client {
        return Ok(child(app, name, kind, parent));
    }
    let project = project.ok_or_else(|| AuthError::invalid("project is missing"))?;
    let auth = lock(&app.auth);
    if !auth.projects.contains_key(&project) {
        return Err(AuthError::not_found("No such project"));
    }
    if !auth.administers_project(&caller, &project) {
        return Err(AuthError::forbidden("Only administrators of the project may do this"));
    }
    Ok(Client { project: Some(project), ..Client::new(&app.ids.uuid(), name, kind) })
}

/// A client of another one. Nobody could make a secret for it but itself, so it has one from the start.
fn child(app: &App, name: &str, kind: ClientKind, parent: &str) -> Client {
    let mut client = Client { parent: Some(parent.to_owned()), ..Client::new(&app.ids.uuid(), name, kind) };
    if !kind.is_public() {
        client.credentials.push(new_credential(app, "Auto-created at client creation"));
    }
    client
}

/// Clients say `client_type`, or only whether they are public.
fn kind(body: &mut Body) -> Result<ClientKind, AuthError> {
    let (kind, public) = (body.text("client_type")?, body.flag("public_client")?);
    let kind = match (kind.as_deref(), public) {
        (Some(kind), _) => ClientKind::parse(kind)
            .ok_or_else(|| AuthError::invalid(&format!("There is no client_type {kind}")))?,
        (None, Some(true)) => ClientKind::PublicInstalledClient,
        (None, Some(false)) => ClientKind::ConfidentialClient,
        (None, None) => return Err(AuthError::invalid("client_type or public_client is missing")),
    };
    match public {
        Some(public) if public != kind.is_public() => {
            Err(AuthError::invalid("client_type and public_client contradict each other"))
        }
        _ => Ok(kind),
    }
}

pub(crate) async fn list(State(app): State<Arc<App>>, call: Call) -> Answer {
    let caller = Caller::with_scope(&app, &call, READ)?;
    let auth = lock(&app.auth);
    if let Some(fqdn) = call.query("fqdn") {
        let found = auth.clients.values().find(|client| client.fqdns.iter().any(|name| name == fqdn));
        let client = found.ok_or_else(|| AuthError::not_found("No client has this fqdn"))?;
        may_see(&auth, &caller, client)?;
        return Ok(one(&auth, client));
    }
    let mine: Vec<Value> = auth
        .clients
        .values()
        .filter(|client| auth.administers_client(&caller, client))
        .map(|client| client.document(&auth.registry))
        .collect();
    Ok(reply(StatusCode::OK, &json!({ "clients": mine })))
}

pub(crate) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let caller = Caller::with_scope(&app, &call, READ)?;
    let auth = lock(&app.auth);
    let client = auth.clients.get(&id).ok_or_else(|| AuthError::not_found("No such client"))?;
    may_see(&auth, &caller, client)?;
    Ok(one(&auth, client))
}

fn may_see(auth: &AuthState, caller: &Caller, client: &Client) -> Result<(), AuthError> {
    if client.settings.public_visibility || auth.administers_client(caller, client) {
        Ok(())
    } else {
        Err(AuthError::forbidden("The client is private"))
    }
}

fn one(auth: &AuthState, client: &Client) -> Response {
    reply(StatusCode::OK, &json!({ "client": client.document(&auth.registry) }))
}

pub(crate) async fn update(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let caller = Caller::with_scope(&app, &call, WRITE)?;
    let mut body = Body::of(&call, "client")?;
    let mut auth = lock(&app.auth);
    let mut client = own(&auth, &caller, &id)?.clone();
    if let Some(name) = body.text("name")? {
        client.name = name;
    }
    change(&auth, &mut client, &mut body)?;
    let answer = one(&auth, &client);
    auth.add_client(client);
    Ok(answer)
}

pub(crate) async fn delete(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let caller = Caller::with_scope(&app, &call, WRITE)?;
    let mut auth = lock(&app.auth);
    let answer = one(&auth, own(&auth, &caller, &id)?);
    auth.remove_client(&id);
    Ok(answer)
}

/// `{"fqdn": "…"}`. That the caller owns the name is taken for granted.
pub(crate) async fn add_fqdn(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let caller = Caller::with_scope(&app, &call, WRITE)?;
    let body = call.object().unwrap_or_default();
    let fqdn = body.get("fqdn").and_then(|fqdn| fqdn.as_str().or_else(|| fqdn.get("fqdn")?.as_str()));
    let fqdn = fqdn.filter(|fqdn| fqdn.contains('.')).ok_or_else(|| AuthError::invalid("fqdn is missing"))?;
    let mut auth = lock(&app.auth);
    let mut client = own(&auth, &caller, &id)?.clone();
    if auth.clients.values().any(|other| other.id != id && other.fqdns.iter().any(|name| name == fqdn)) {
        return Err(AuthError::conflict("Another client has this fqdn"));
    }
    if !client.fqdns.iter().any(|name| name == fqdn) {
        client.fqdns.push(fqdn.to_owned());
    }
    let answer = one(&auth, &client);
    auth.add_client(client);
    Ok(answer)
}

/// The client, if the caller administers it.
pub(crate) fn own<'a>(auth: &'a AuthState, caller: &Caller, id: &str) -> Result<&'a Client, AuthError> {
    let client = auth.clients.get(id).ok_or_else(|| AuthError::not_found("No such client"))?;
    if auth.administers_client(caller, client) {
        Ok(client)
    } else {
        Err(AuthError::forbidden("Only the client itself, its parent or an administrator may do this"))
    }
}

fn change(auth: &AuthState, client: &mut Client, body: &mut Body) -> Result<(), AuthError> {
    if let Some(uris) = body.texts("redirect_uris")? {
        if let Some(bad) = uris.iter().find(|uri| !may_be_registered(uri)) {
            return Err(AuthError::invalid(&format!("{bad} is not an address for redirects")));
        }
        // A program that registered where it is reached is held to that.
        client.loopback = uris.is_empty();
        client.redirect_uris = uris;
    }
    let settings = &mut client.settings;
    match body.text("visibility")?.as_deref() {
        None => {}
        Some("public") => settings.public_visibility = true,
        Some("private") => settings.public_visibility = false,
        Some(_) => return Err(AuthError::invalid("visibility must be public or private")),
    }
    if let Some(mut links) = body.object("links")? {
        if let Some(link) = links.text_or_null("privacy_policy")? {
            settings.privacy_policy = link;
        }
        if let Some(link) = links.text_or_null("terms_and_conditions")? {
            settings.terms_and_conditions = link;
        }
    }
    for (name, provider) in
        [("required_idp", &mut settings.required_idp), ("preselect_idp", &mut settings.preselect_idp)]
    {
        if let Some(id) = body.text_or_null(name)? {
            if let Some(unknown) = id.as_ref().filter(|id| !auth.has_provider(id)) {
                return Err(AuthError::invalid(&format!("There is no identity provider {unknown}")));
            }
            *provider = id;
        }
    }
    if let Some(prompt) = body.flag("prompt_for_named_grant")? {
        settings.prompt_for_named_grant = prompt;
    }
    Ok(())
}

/// Codes go over TLS, or stay on the machine, or go to an application by a scheme of its own.
fn may_be_registered(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once(':') else { return false };
    let plain = !uri.contains(['#', ' ', '\\']) && !uri.contains(char::is_control);
    let named = |rest: &str| rest.strip_prefix("//").is_some_and(|host| !host.is_empty());
    plain
        && match scheme {
            "https" => named(rest),
            "http" => ["//localhost", "//127.0.0.1", "//[::1]"].iter().any(|host| {
                rest.strip_prefix(host)
                    .is_some_and(|after| after.is_empty() || after.starts_with([':', '/', '?']))
            }),
            "javascript" | "data" | "file" => false,
            scheme => !scheme.is_empty() && !rest.is_empty(),
        }
}

#[cfg(test)]
mod tests {
    use super::may_be_registered;

    #[test]
    fn codes_leave_the_machine_over_tls_only() {
        for good in ["https://a.example.org/cb", "http://localhost:1/x", "http://127.0.0.1", "my-app:/cb"] {
            assert!(may_be_registered(good), "{good}");
        }
        for bad in [
            "http://a.example.org/",
            "http://localhost.example.org/",
            "javascript:alert(1)",
            "https:",
            "x",
            "https://a/#b",
        ] {
            assert!(!may_be_registered(bad), "{bad}");
        }
    }
}
