//! The dependent token grant: a resource server acts for its caller at other services.

use serde_json::Value;

use super::client::Client;
use super::error::AuthError;
use super::issue::{Wanted, issue};
use super::state::AuthState;
use crate::app::App;
use crate::http::Form;

pub(crate) fn dependent(
    app: &App,
    auth: &mut AuthState,
    client: &Client,
    form: &Form,
    lifetime: i64,
) -> Result<Value, AuthError> {
    let token = form.get("token").ok_or_else(|| AuthError::oauth("invalid_request", "token is missing"))?;
    let access = auth
        .live_access(token, app.clock.millis())
        .filter(|access| access.grant.resource_server == client.id)
        .ok_or_else(|| AuthError::invalid_grant("The token is not a valid token for this resource server"))?;
    let grant = std::sync::Arc::clone(&access.grant);
    let mut scopes: Vec<(String, Vec<String>)> = Vec::new();
    for path in &grant.paths {
        for scope in auth.consents.below(&grant.consent_client, &grant.identity, path) {
            let mut reached = path.clone();
            reached.push(scope.clone());
            if !scopes.iter().any(|(known, _)| *known == scope) {
                scopes.push((scope, reached));
            }
        }
    }
    if let Some(asked) = form.get("scope").filter(|scope| !scope.is_empty()) {
        let asked: Vec<&str> = asked.split(' ').filter(|scope| !scope.is_empty()).collect();
        if let Some(missing) = asked.iter().find(|name| !scopes.iter().any(|(known, _)| known == *name)) {
            return Err(AuthError::dependent_consent_required(&[missing]));
        }
        scopes.retain(|(scope, _)| asked.contains(&scope.as_str()));
    }
    let wanted = Wanted {
        client: client.id.clone(),
        identity: grant.identity.clone(),
        consent_client: grant.consent_client.clone(),
        scopes,
        offline: form.get("access_type") == Some("offline"),
        session: grant.session.clone(),
        lifetime_seconds: lifetime,
    };
    Ok(issue(app, auth, &wanted).documents.into())
}
