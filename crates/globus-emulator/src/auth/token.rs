//! The token endpoint.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderValue, StatusCode, header};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::client::{Client, DEPENDENT_GRANT};
use super::consent::Giver;
use super::error::AuthError;
use super::id_token::{IdToken, sign};
use super::issue::{Wanted, issue, nested, new_access, new_refresh};
use super::scope::{Scope, parse};
use super::state::{AuthState, CODE_MILLIS, Code, Grant};
use super::{dependent, session};
use crate::app::App;
use crate::http::{Call, Form, json};
use crate::ids::same_secret;
use crate::lock::lock;

const GRANTS: &[&str] = &["authorization_code", "refresh_token", "client_credentials", DEPENDENT_GRANT];

/// What a grant gives: the answer, and the ID token that is to be signed into it.
type Granted = Result<(Value, Option<IdToken>), AuthError>;

pub(crate) async fn token(State(app): State<Arc<App>>, call: Call) -> Result<Response, AuthError> {
    let form = call.form();
    let (mut body, id_token) = grant(&app, &call, &form)?;
    if let Some(id_token) = id_token {
        // Signing waits for the key, so it happens after the lock is released.
        body["id_token"] = sign(&app, &id_token, body["access_token"].as_str()).await.into();
    }
    let mut response = json(StatusCode::OK, &body);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn grant(app: &App, call: &Call, form: &Form) -> Granted {
    let mut auth = lock(&app.auth);
    let client = session::client(&auth, call, form)?.clone();
    let lifetime = lifetime(app, form)?;
    let kind = form.get("grant_type");
    if let Some(kind) = kind.filter(|kind| GRANTS.contains(kind) && !client.kind.grant_types().contains(kind))
    {
        let told = format!("A {} cannot use the grant type {kind}", client.kind.as_str());
        return Err(AuthError::oauth("unauthorized_client", &told));
    }
    match kind {
        Some("authorization_code") => exchange(app, &mut auth, &client, form, lifetime),
        Some("refresh_token") => refresh(app, &mut auth, &client, form, lifetime),
        Some("client_credentials") => client_credentials(app, &mut auth, &client, form, lifetime),
        Some(DEPENDENT_GRANT) => {
            dependent::dependent(app, &mut auth, &client, form, lifetime).map(|tokens| (tokens, None))
        }
        Some(_) => Err(AuthError::oauth("unsupported_grant_type", "This grant type is not supported")),
        None => Err(AuthError::oauth("invalid_request", "grant_type is missing")),
    }
}

fn lifetime(app: &App, form: &Form) -> Result<i64, AuthError> {
    match form.get("emulator_expires_in") {
        None => Ok(i64::try_from(app.settings.token_lifetime.as_secs()).unwrap_or(i64::MAX)),
        Some(seconds) => seconds.parse::<u32>().map(i64::from).map_err(|_| {
            AuthError::oauth("invalid_request", "emulator_expires_in must be a number of seconds")
        }),
    }
}

fn exchange(app: &App, auth: &mut AuthState, client: &Client, form: &Form, lifetime: i64) -> Granted {
    let refused =
        || AuthError::invalid_grant("The code is unknown, used, expired, or was made for another request");
    let given = form.get("code").ok_or_else(|| AuthError::oauth("invalid_request", "code is missing"))?;
    if auth.is_used_again(given, &client.id) {
        return Err(refused());
    }
    let code = auth.codes.get(given).ok_or_else(refused)?;
    // Another client's attempt must not use the code up.
    if code.client != client.id {
        return Err(refused());
    }
    let code = auth.codes.remove(given).ok_or_else(refused)?;
    let now = app.clock.millis();
    let fresh = now - code.issued_millis < CODE_MILLIS;
    if !fresh || form.get("redirect_uri") != Some(code.redirect_uri.as_str()) {
        return Err(refused());
    }
    check_verifier(&code, form.get("code_verifier"))?;
    let wanted = Wanted {
        client: client.id.clone(),
        identity: code.identity.clone(),
        consent_client: client.id.clone(),
        scopes: Wanted::roots(&code.scopes),
        offline: code.offline,
        session: Some(code.session.clone()),
        lifetime_seconds: lifetime,
    };
    let issued = issue(app, auth, &wanted);
    auth.spend(given, &client.id, issued.families, now);
    let mut body = nested(issued.documents);
    if let Some(state) = &code.state {
        body["state"] = state.as_str().into();
    }
    let asked = |name: &str| code.scopes.iter().any(|scope| scope.name == name);
    let id_token = asked("openid")
        .then(|| IdToken::new(auth, &wanted, code.nonce.clone(), asked("profile"), asked("email")));
    Ok((body, id_token))
}

/// RFC 7636, with S256 only.
fn check_verifier(code: &Code, verifier: Option<&str>) -> Result<(), AuthError> {
    let fits = match (&code.challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => {
            let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
            (43..=128).contains(&verifier.len()) && same_secret(&hash, challenge)
        }
        _ => false,
    };
    if fits {
        Ok(())
    } else {
        Err(AuthError::invalid_grant("code_verifier does not belong to the code_challenge"))
    }
}

fn refresh(app: &App, auth: &mut AuthState, client: &Client, form: &Form, lifetime: i64) -> Granted {
    let refused = || AuthError::invalid_grant("The refresh token is unknown, revoked, or another client's");
    let now = app.clock.millis();
    let given = form
        .get("refresh_token")
        .ok_or_else(|| AuthError::oauth("invalid_request", "refresh_token is missing"))?;
    if auth.is_used_again(given, &client.id) {
        return Err(refused());
    }
    let entry = auth.live_refresh(given, now).ok_or_else(refused)?;
    if entry.grant.client != client.id {
        return Err(refused());
    }
    let (grant, family) = (narrowed(&entry.grant, form.get("scope"))?, entry.family.clone());
    let token = if app.settings.rotate_refresh_tokens {
        let whole = Arc::clone(&entry.grant);
        auth.refresh.remove(given);
        auth.spend(given, &client.id, vec![family.clone()], now);
        new_refresh(app, auth, &whole, &family)
    } else {
        if let Some(entry) = auth.refresh.get_mut_soon(given) {
            entry.used_millis = now;
        }
        given.to_owned()
    };
    Ok((nested(vec![new_access(app, auth, &grant, Some(&token), &family, lifetime)]), None))
}

/// The grant, or the part of it that a refresh asks for.
fn narrowed(grant: &Arc<Grant>, scope: Option<&str>) -> Result<Arc<Grant>, AuthError> {
    let Some(scope) = scope.filter(|scope| !scope.is_empty()) else { return Ok(Arc::clone(grant)) };
    let wanted: Vec<&str> = scope.split(' ').filter(|name| !name.is_empty()).collect();
    if !wanted.iter().all(|name| grant.has_scope(name)) {
        return Err(AuthError::oauth("invalid_scope", "A refresh cannot ask for more than was granted"));
    }
    let kept = |at: &usize| wanted.contains(&grant.scopes[*at].as_str());
    Ok(Arc::new(Grant {
        client: grant.client.clone(),
        identity: grant.identity.clone(),
        resource_server: grant.resource_server.clone(),
        scopes: (0..grant.scopes.len()).filter(kept).map(|at| grant.scopes[at].clone()).collect(),
        consent_client: grant.consent_client.clone(),
        paths: (0..grant.scopes.len()).filter(kept).map(|at| grant.paths[at].clone()).collect(),
        session: grant.session.clone(),
    }))
}

fn client_credentials(
    app: &App,
    auth: &mut AuthState,
    client: &Client,
    form: &Form,
    lifetime: i64,
) -> Granted {
    let scopes = known_scopes(auth, form.get("scope").unwrap_or_default())?;
    // Nobody can ask a client: that it asks is its consent.
    let giver = Giver { client: &client.id, identity: &client.id, label: None, now: app.clock.millis() };
    let AuthState { consents, registry, .. } = auth;
    consents.give(registry, giver, &scopes);
    let wanted = Wanted {
        client: client.id.clone(),
        identity: client.id.clone(),
        consent_client: client.id.clone(),
        scopes: Wanted::roots(&scopes),
        offline: form.get("access_type") == Some("offline"),
        session: None,
        lifetime_seconds: lifetime,
    };
    Ok((nested(issue(app, auth, &wanted).documents), None))
}

/// Reads scopes that must exist, at least one.
pub(crate) fn known_scopes(auth: &AuthState, text: &str) -> Result<Vec<Scope>, AuthError> {
    let scopes = parse(text).filter(|scopes| !scopes.is_empty());
    let scopes = scopes.ok_or_else(|| AuthError::oauth("invalid_scope", "scope is missing or malformed"))?;
    match auth.registry.unknown(&scopes) {
        Some(scope) => Err(AuthError::unknown_scope(scope)),
        None => Ok(scopes),
    }
}
