//! Looking people up: userinfo, identities, consents.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::caller::authenticated;
use super::error::AuthError;
use super::identity::Identity;
use super::provider::Provider;
use super::registry::{AUTH, IDENTITY_SET};
use super::session;
use super::state::{AuthState, Grant};
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::ids::is_uuid;
use crate::lock::lock;

/// More than this many at once are refused, as Globus does.
const MOST: usize = 100;

fn bearer(app: &App, call: &Call) -> Result<Arc<Grant>, AuthError> {
    session::bearer(app, call, AUTH).ok_or_else(AuthError::unauthorized)
}

pub(crate) async fn userinfo(State(app): State<Arc<App>>, call: Call) -> Result<Response, AuthError> {
    let grant = bearer(&app, &call)?;
    if !grant.has_scope("openid") {
        return Err(AuthError::forbidden("userinfo needs a token with the scope openid"));
    }
    let auth = lock(&app.auth);
    let mut body = json!({ "sub": grant.identity });
    if let Some(identity) = auth.identities.get(&grant.identity) {
        body["last_authentication"] = auth.last_authentication(grant.session.as_deref()).into();
        if grant.has_scope("profile") {
            body["preferred_username"] = identity.username.as_str().into();
            body["name"] = identity.name.clone().into();
            body["organization"] = identity.organization.clone().into();
            body["identity_provider"] = identity.provider().into();
            body["identity_provider_display_name"] = identity.provider_name().into();
        }
        if grant.has_scope("email") {
            body["email"] = identity.email.clone().into();
        }
        if grant.has_scope(IDENTITY_SET) {
            body["identity_set"] = auth.linked_identities(&grant.identity, grant.session.as_deref());
        }
    }
    Ok(reply(StatusCode::OK, &body))
}

pub(crate) async fn identities(State(app): State<Arc<App>>, call: Call) -> Result<Response, AuthError> {
    authenticated(&app, &call)?;
    let (ids, usernames) = (call.list("ids"), call.list("usernames"));
    if !ids.is_empty() && !usernames.is_empty() {
        return Err(AuthError::invalid("Give ids or usernames, not both"));
    }
    if ids.len().max(usernames.len()) > MOST {
        return Err(AuthError::invalid("At most 100 identities can be looked up at once"));
    }
    if let Some(bad) = ids.iter().find(|id| !is_uuid(id)) {
        return Err(AuthError::invalid(&format!("{bad} is not an identity id")));
    }
    let mut auth = lock(&app.auth);
    let mut found: Vec<Value> = Vec::new();
    for id in ids {
        found.extend(auth.identities.get(&id.to_ascii_lowercase()).map(Identity::document));
    }
    for username in usernames {
        if auth.identity_named(&username).is_none() && call.flag("provision") == Some(true) {
            provision(&app, &mut auth, &username);
        }
        found.extend(auth.identity_named(&username).map(Identity::document));
    }
    let mut body = json!({ "identities": found });
    if call.list("include").iter().any(|what| what == "identity_provider") {
        body["included"] = json!({ "identity_providers": providers(&auth, |_| true) });
    }
    Ok(reply(StatusCode::OK, &body))
}

fn provision(app: &App, auth: &mut AuthState, username: &str) {
    if username.contains('@') {
        let identity = Identity::provisioned(app.ids.uuid(), username);
        auth.identities.insert(identity.id.clone(), identity);
    }
}

pub(crate) async fn identity(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, AuthError> {
    authenticated(&app, &call)?;
    let auth = lock(&app.auth);
    let identity = auth.identities.get(&id).ok_or_else(|| AuthError::not_found("No such identity"))?;
    Ok(reply(StatusCode::OK, &json!({ "identity": identity.document() })))
}

pub(crate) async fn consents(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, AuthError> {
    let grant = bearer(&app, &call)?;
    if grant.identity != id {
        return Err(AuthError::forbidden("Only the identity itself may view its consents"));
    }
    let auth = lock(&app.auth);
    let client = (call.flag("all") != Some(true)).then_some(grant.client.as_str());
    let consents = auth.consents.documents(&auth.registry, &id, client);
    Ok(reply(StatusCode::OK, &json!({ "consents": consents })))
}

/// All providers, or those of `ids`, or those of `domains`; what is not known is left out.
pub(crate) async fn identity_providers(
    State(app): State<Arc<App>>,
    call: Call,
) -> Result<Response, AuthError> {
    authenticated(&app, &call)?;
    let (ids, domains) = (call.list("ids"), call.list("domains"));
    if !ids.is_empty() && !domains.is_empty() {
        return Err(AuthError::invalid("Give ids or domains, not both"));
    }
    let wanted = |provider: &Provider| {
        (ids.is_empty() && domains.is_empty())
            || ids.contains(&provider.id)
            || domains.iter().any(|domain| domain.eq_ignore_ascii_case(provider.domain()))
    };
    let auth = lock(&app.auth);
    Ok(reply(StatusCode::OK, &json!({ "identity_providers": providers(&auth, wanted) })))
}

fn providers(auth: &AuthState, wanted: impl Fn(&Provider) -> bool) -> Vec<Value> {
    auth.providers().iter().filter(|provider| wanted(provider)).map(Provider::document).collect()
}
