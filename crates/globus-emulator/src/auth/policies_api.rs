//! `/v2/api/policies`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::body::Body;
use super::caller::{Caller, authenticated};
use super::error::AuthError;
use super::policy::Policy;
use super::registry::MANAGE_PROJECTS;
use super::state::AuthState;
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::lock::lock;

type Answer = Result<Response, AuthError>;

const SCOPES: &[&str] = &[MANAGE_PROJECTS];

pub(crate) async fn list(State(app): State<Arc<App>>, call: Call) -> Answer {
    let caller = Caller::with_token(&app, &call, SCOPES)?;
    let auth = lock(&app.auth);
    let mine: Vec<Value> = auth
        .policies
        .values()
        .filter(|policy| auth.administers_project(&caller, &policy.project_id))
        .map(Policy::document)
        .collect();
    Ok(reply(StatusCode::OK, &json!({ "policies": mine })))
}

pub(crate) async fn create(State(app): State<Arc<App>>, call: Call) -> Answer {
    let caller = Caller::with_token(&app, &call, SCOPES)?;
    let mut body = Body::of(&call, "policy")?;
    let mut policy = Policy {
        id: app.ids.uuid(),
        project_id: body.required("project_id")?,
        display_name: body.required("display_name")?,
        description: body.required("description")?,
        high_assurance: false,
        authentication_assurance_timeout: None,
        required_mfa: false,
        domain_constraints_include: None,
        domain_constraints_exclude: None,
    };
    let mut auth = lock(&app.auth);
    in_own_project(&auth, &caller, &policy.project_id)?;
    change(&mut policy, &mut body)?;
    let document = policy.document();
    auth.policies.insert(policy.id.clone(), policy);
    Ok(reply(StatusCode::CREATED, &json!({ "policy": document })))
}

/// Anybody who is logged in may read a policy: it says what is asked of them.
pub(crate) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    authenticated(&app, &call)?;
    let auth = lock(&app.auth);
    let policy = auth.policies.get(&id).ok_or_else(|| AuthError::not_found("No such policy"))?;
    Ok(reply(StatusCode::OK, &json!({ "policy": policy.document() })))
}

pub(crate) async fn update(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let caller = Caller::with_token(&app, &call, SCOPES)?;
    let mut body = Body::of(&call, "policy")?;
    let mut auth = lock(&app.auth);
    let mut policy = own(&auth, &caller, &id)?.clone();
    if let Some(project) = body.text("project_id")? {
        in_own_project(&auth, &caller, &project)?;
        policy.project_id = project;
    }
    if let Some(name) = body.text("display_name")? {
        policy.display_name = name;
    }
    if let Some(description) = body.text("description")? {
        policy.description = description;
    }
    change(&mut policy, &mut body)?;
    let document = policy.document();
    auth.policies.insert(id, policy);
    Ok(reply(StatusCode::OK, &json!({ "policy": document })))
}

pub(crate) async fn delete(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let caller = Caller::with_token(&app, &call, SCOPES)?;
    let mut auth = lock(&app.auth);
    let document = own(&auth, &caller, &id)?.document();
    auth.policies.remove(&id);
    Ok(reply(StatusCode::OK, &json!({ "policy": document })))
}

/// The policy, if the caller administers its project.
fn own<'a>(auth: &'a AuthState, caller: &Caller, id: &str) -> Result<&'a Policy, AuthError> {
    let policy = auth.policies.get(id).ok_or_else(|| AuthError::not_found("No such policy"))?;
    in_own_project(auth, caller, &policy.project_id)?;
    Ok(policy)
}

fn in_own_project(auth: &AuthState, caller: &Caller, project: &str) -> Result<(), AuthError> {
    if !auth.projects.contains_key(project) {
        return Err(AuthError::not_found("No such project"));
    }
    if auth.administers_project(caller, project) {
        Ok(())
    } else {
        Err(AuthError::forbidden("Only administrators of the project may do this"))
    }
}

fn change(policy: &mut Policy, body: &mut Body) -> Result<(), AuthError> {
    if let Some(high_assurance) = body.flag("high_assurance")? {
        policy.high_assurance = high_assurance;
    }
    if let Some(required_mfa) = body.flag("required_mfa")? {
        policy.required_mfa = required_mfa;
    }
    if let Some(timeout) = body.seconds("authentication_assurance_timeout")? {
        policy.authentication_assurance_timeout = timeout;
    }
    if let Some(domains) = body.texts_or_null("domain_constraints_include")? {
        policy.domain_constraints_include = domains;
    }
    if let Some(domains) = body.texts_or_null("domain_constraints_exclude")? {
        policy.domain_constraints_exclude = domains;
    }
    Ok(())
}
