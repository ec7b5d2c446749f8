//! `/v2/api/projects`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::body::Body;
use super::caller::Caller;
use super::error::AuthError;
use super::project::Project;
use super::registry::MANAGE_PROJECTS;
use super::state::AuthState;
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::lock::lock;

type Answer = Result<Response, AuthError>;

const SCOPES: &[&str] = &[MANAGE_PROJECTS];

/// The names of all groups, to show those that administer projects.
fn groups(app: &App) -> Vec<(String, String)> {
    lock(&app.groups).names()
}

pub(crate) async fn list(State(app): State<Arc<App>>, call: Call) -> Answer {
    let caller = Caller::with_token(&app, &call, SCOPES)?;
    let groups = groups(&app);
    let auth = lock(&app.auth);
    let mine: Vec<Value> = auth
        .projects
        .values()
        .filter(|project| project.is_administered_by(&caller))
        .map(|project| project.document(&auth, &groups))
        .collect();
    Ok(reply(StatusCode::OK, &json!({ "projects": mine })))
}

pub(crate) async fn create(State(app): State<Arc<App>>, call: Call) -> Answer {
    let caller = Caller::with_token(&app, &call, SCOPES)?;
    let groups = groups(&app);
    let mut body = Body::of(&call, "project")?;
    let mut project = Project {
        id: app.ids.uuid(),
        display_name: body.required("display_name")?,
        contact_email: body.required("contact_email")?,
        admin_ids: Vec::new(),
        admin_group_ids: Vec::new(),
    };
    let mut auth = lock(&app.auth);
    change(&auth, &groups, &mut project, &mut body)?;
    if project.admin_ids.is_empty() && project.admin_group_ids.is_empty() {
        project.admin_ids.push(caller.identity().to_owned());
    }
    let document = project.document(&auth, &groups);
    auth.projects.insert(project.id.clone(), project);
    Ok(reply(StatusCode::CREATED, &json!({ "project": document })))
}

pub(crate) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let caller = Caller::with_token(&app, &call, SCOPES)?;
    let groups = groups(&app);
    let auth = lock(&app.auth);
    let document = own(&auth, &caller, &id)?.document(&auth, &groups);
    Ok(reply(StatusCode::OK, &json!({ "project": document })))
}

pub(crate) async fn update(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let caller = Caller::with_token(&app, &call, SCOPES)?;
    let groups = groups(&app);
    let mut body = Body::of(&call, "project")?;
    let mut auth = lock(&app.auth);
    let mut project = own(&auth, &caller, &id)?.clone();
    change(&auth, &groups, &mut project, &mut body)?;
    if project.admin_ids.is_empty() && project.admin_group_ids.is_empty() {
        return Err(AuthError::invalid("A project needs an administrator"));
    }
    let document = project.document(&auth, &groups);
    auth.projects.insert(id, project);
    Ok(reply(StatusCode::OK, &json!({ "project": document })))
}

pub(crate) async fn delete(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let caller = Caller::with_token(&app, &call, SCOPES)?;
    let groups = groups(&app);
    let mut auth = lock(&app.auth);
    let document = own(&auth, &caller, &id)?.document(&auth, &groups);
    if auth.clients.values().any(|client| client.project.as_ref() == Some(&id)) {
        return Err(AuthError::conflict("A project with clients cannot be deleted"));
    }
    auth.projects.remove(&id);
    auth.policies.retain(|_, policy| policy.project_id != id);
    Ok(reply(StatusCode::OK, &json!({ "project": document })))
}

/// The project, if the caller administers it.
fn own<'a>(auth: &'a AuthState, caller: &Caller, id: &str) -> Result<&'a Project, AuthError> {
    let project = auth.projects.get(id).ok_or_else(|| AuthError::not_found("No such project"))?;
    if project.is_administered_by(caller) {
        Ok(project)
    } else {
        Err(AuthError::forbidden("Only administrators of the project may do this"))
    }
}

fn change(
    auth: &AuthState,
    groups: &[(String, String)],
    project: &mut Project,
    body: &mut Body,
) -> Result<(), AuthError> {
    if let Some(name) = body.text("display_name")? {
        project.display_name = name;
    }
    if let Some(email) = body.text("contact_email")? {
        project.contact_email = email;
    }
    if !project.contact_email.contains('@') {
        return Err(AuthError::invalid("contact_email must be an email address"));
    }
    if let Some(ids) = body.texts_or_null("admin_ids")? {
        project.admin_ids = ids.unwrap_or_default();
    }
    if let Some(ids) = body.texts_or_null("admin_group_ids")? {
        project.admin_group_ids = ids.unwrap_or_default();
    }
    if let Some(unknown) = project.admin_ids.iter().find(|id| !auth.identities.contains_key(*id)) {
        return Err(AuthError::invalid(&format!("There is no identity {unknown}")));
    }
    let unknown = project.admin_group_ids.iter().find(|id| !groups.iter().any(|(group, _)| group == *id));
    match unknown {
        Some(unknown) => Err(AuthError::invalid(&format!("There is no group {unknown}"))),
        None => Ok(()),
    }
}
