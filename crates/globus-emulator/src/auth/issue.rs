//! Makes tokens, one for each resource server.

use std::sync::Arc;

use serde_json::{Value, json};

use super::registry::AUTH;
use super::scope::Scope;
use super::state::{AccessToken, AuthState, Grant, RefreshToken};
use crate::app::App;

/// What the tokens shall stand for.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) client: String,
    pub(crate) identity: String,
    pub(crate) consent_client: String,
    /// The scopes, each with the way it was reached.
    pub(crate) scopes: Vec<(String, Vec<String>)>,
    pub(crate) offline: bool,
    /// The session they are made in; `None` where a client acts as itself.
    pub(crate) session: Option<String>,
    pub(crate) lifetime_seconds: i64,
}

/// Tokens as the token endpoint describes them, and the families they belong to.
#[derive(Debug, Default)]
pub(crate) struct Issued {
    pub(crate) documents: Vec<Value>,
    pub(crate) families: Vec<String>,
}

impl Wanted {
    /// Scopes that were asked for directly.
    pub(crate) fn roots(scopes: &[Scope]) -> Vec<(String, Vec<String>)> {
        let mut roots: Vec<(String, Vec<String>)> = Vec::new();
        for scope in scopes {
            if !roots.iter().any(|(name, _)| *name == scope.name) {
                roots.push((scope.name.clone(), vec![scope.name.clone()]));
            }
        }
        roots
    }
}

/// Issues the tokens; the documents are in the order of the scopes, but Auth's own comes first.
pub(crate) fn issue(app: &App, auth: &mut AuthState, wanted: &Wanted) -> Issued {
    let mut issued = Issued::default();
    for (server, scopes) in by_resource_server(auth, wanted) {
        let grant = Arc::new(Grant {
            client: wanted.client.clone(),
            identity: wanted.identity.clone(),
            resource_server: server,
            scopes: scopes.iter().map(|&at| wanted.scopes[at].0.clone()).collect(),
            consent_client: wanted.consent_client.clone(),
            paths: scopes.iter().map(|&at| wanted.scopes[at].1.clone()).collect(),
            session: wanted.session.clone(),
        });
        let family = app.ids.uuid();
        let refreshable =
            |scope: &String| auth.registry.get(scope).is_some_and(|record| record.allows_refresh_token);
        let offline = wanted.offline && grant.scopes.iter().all(refreshable);
        let refresh = offline.then(|| new_refresh(app, auth, &grant, &family));
        let seconds = wanted.lifetime_seconds;
        issued.documents.push(new_access(app, auth, &grant, refresh.as_deref(), &family, seconds));
        issued.families.push(family);
    }
    issued
}

/// Which of the wanted scopes belong to which resource server.
fn by_resource_server(auth: &AuthState, wanted: &Wanted) -> Vec<(String, Vec<usize>)> {
    let mut servers: Vec<(String, Vec<usize>)> = Vec::new();
    for (at, (scope, _)) in wanted.scopes.iter().enumerate() {
        let Some(record) = auth.registry.get(scope) else { continue };
        match servers.iter_mut().find(|(server, _)| *server == record.resource_server) {
            Some((_, scopes)) => scopes.push(at),
            None => servers.push((record.resource_server.clone(), vec![at])),
        }
    }
    servers.sort_by_key(|(server, _)| server != AUTH);
    servers
}

pub(crate) fn new_refresh(app: &App, auth: &mut AuthState, grant: &Arc<Grant>, family: &str) -> String {
    let token = app.ids.token();
    let now = app.clock.millis();
    app.note_secret(&token);
    let entry = RefreshToken {
        grant: Arc::clone(grant),
        issued_millis: now,
        used_millis: now,
        family: family.to_owned(),
    };
    auth.refresh.insert(token.clone(), entry);
    token
}

/// Expired tokens are forgotten each time so many have come together.
const SWEEP: usize = 1024;

/// Issues an access token and describes it as the token endpoint does.
pub(crate) fn new_access(
    app: &App,
    auth: &mut AuthState,
    grant: &Arc<Grant>,
    refresh: Option<&str>,
    family: &str,
    lifetime_seconds: i64,
) -> Value {
    let token = app.ids.token();
    let now = app.clock.millis();
    app.note_secret(&token);
    auth.consents.use_now(&grant.consent_client, &grant.identity, &grant.paths, now);
    let mut document = json!({
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": lifetime_seconds,
        "resource_server": grant.resource_server,
        "scope": grant.scopes.join(" "),
    });
    if let Some(refresh) = refresh {
        document["refresh_token"] = refresh.into();
    }
    let entry = AccessToken {
        grant: Arc::clone(grant),
        issued_millis: now,
        expires_millis: now.saturating_add(lifetime_seconds.saturating_mul(1000)),
        family: family.to_owned(),
    };
    if auth.access.len().is_multiple_of(SWEEP) {
        auth.access.retain(|_, access| now < access.expires_millis);
    }
    auth.access.insert(token, entry);
    document
}

/// One document with the others inside, as every grant but the dependent one answers.
pub(crate) fn nested(mut documents: Vec<Value>) -> Value {
    if documents.is_empty() {
        return Value::Null;
    }
    let mut first = documents.remove(0);
    first["other_tokens"] = documents.into();
    first
}
