//! Questions about tokens, and their end: introspect, validate, revoke.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::client::Client;
use super::error::AuthError;
use super::session;
use super::state::{AuthState, Grant};
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::lock::lock;

/// Revokes a token of the calling client. Any other token is left alone, and the answer does not tell.
pub(crate) async fn revoke(State(app): State<Arc<App>>, call: Call) -> Result<Response, AuthError> {
    let form = call.form();
    let mut auth = lock(&app.auth);
    let client = session::client(&auth, &call, &form)?.clone();
    if let Some(token) = form.get("token")
        && owner(&auth, token).is_some_and(|owner| may_revoke(&auth, &client, &owner))
    {
        auth.revoke(token);
    }
    Ok(reply(StatusCode::OK, &json!({ "active": false })))
}

fn owner(auth: &AuthState, token: &str) -> Option<String> {
    let access = auth.access.get(token).map(|access| access.grant.client.clone());
    access.or_else(|| auth.refresh.get(token).map(|refresh| refresh.grant.client.clone()))
}

/// A template may revoke what its instances got: it is how the Globus CLI logs out.
fn may_revoke(auth: &AuthState, client: &Client, owner: &str) -> bool {
    client.id == owner
        || (client.template
            && auth.clients.get(owner).is_some_and(|owner| owner.parent.as_ref() == Some(&client.id)))
}

pub(crate) async fn validate(State(app): State<Arc<App>>, call: Call) -> Result<Response, AuthError> {
    let form = call.form();
    let auth = lock(&app.auth);
    session::client(&auth, &call, &form)?;
    let now = app.clock.millis();
    let active = form.get("token").is_some_and(|token| {
        auth.live_access(token, now).is_some() || auth.live_refresh(token, now).is_some()
    });
    Ok(reply(StatusCode::OK, &json!({ "active": active })))
}

pub(crate) async fn introspect(State(app): State<Arc<App>>, call: Call) -> Result<Response, AuthError> {
    let form = call.form();
    let auth = lock(&app.auth);
    let client = session::client(&auth, &call, &form)?;
    if client.is_public() {
        return Err(AuthError::invalid_client());
    }
    let token = form.get("token").ok_or_else(|| AuthError::oauth("invalid_request", "token is missing"))?;
    let now = app.clock.millis();
    let access = auth
        .live_access(token, now)
        .map(|access| (&access.grant, access.issued_millis, Some(access.expires_millis)));
    let found = access.or_else(|| {
        auth.live_refresh(token, now).map(|refresh| (&refresh.grant, refresh.issued_millis, None))
    });
    let Some((grant, issued, expires)) =
        found.filter(|(grant, ..)| grant.client == client.id || grant.resource_server == client.id)
    else {
        return Ok(reply(StatusCode::OK, &json!({ "active": false })));
    };
    let include: Vec<&str> = form.get("include").unwrap_or_default().split(',').collect();
    let mut body = describe(&app, &auth, grant, &include);
    body["iat"] = issued.div_euclid(1000).into();
    body["nbf"] = issued.div_euclid(1000).into();
    body["exp"] = expires.map(|millis| millis.div_euclid(1000)).into();
    let policies = form.get("authentication_policies").unwrap_or_default();
    let policies: Vec<&str> = policies.split(',').filter(|policy| !policy.is_empty()).collect();
    if !policies.is_empty() {
        let now = now.div_euclid(1000);
        let evaluation =
            |&policy: &&str| (policy.to_owned(), json!({ "evaluation": auth.satisfies(grant, policy, now) }));
        body["policy_evaluations"] = Value::Object(policies.iter().map(evaluation).collect());
    }
    Ok(reply(StatusCode::OK, &body))
}

fn describe(app: &App, auth: &AuthState, grant: &Grant, include: &[&str]) -> Value {
    let identity = auth.identities.get(&grant.identity);
    let mut body = json!({
        "active": true,
        "token_type": "Bearer",
        "scope": grant.scopes.join(" "),
        "client_id": grant.client,
        "sub": grant.identity,
        "username": identity.map(|identity| identity.username.clone()),
        "name": identity.and_then(|identity| identity.name.clone()),
        "email": identity.and_then(|identity| identity.email.clone()),
        "aud": [grant.resource_server, grant.client],
        "iss": app.origin,
    });
    if include.contains(&"identity_set") {
        body["identity_set"] = auth.identity_set(&grant.identity).into();
    }
    if include.contains(&"identity_set_detail") {
        body["identity_set_detail"] = auth.linked_identities(&grant.identity, grant.session.as_deref());
    }
    if include.contains(&"session_info") {
        body["session_info"] = auth.session_info(grant);
    }
    body
}
