//! The authorize endpoint: who asks for what, is it allowed, and where the code goes.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use super::consent::Giver;
use super::pages::{self, Ask};
use super::scope::Scope;
use super::state::{AuthState, Code};
use super::token::known_scopes;
use crate::app::App;
use crate::http::{Call, html, is_from_another_site, redirect};
use crate::lock::lock;

/// A request that may be put before the user.
#[derive(Debug)]
struct Request {
    client: String,
    client_name: String,
    redirect_uri: String,
    scopes: Vec<Scope>,
    challenge: Option<String>,
    state: Option<String>,
    nonce: Option<String>,
    offline: bool,
}

/// Why a request is not put before the user.
enum Refused {
    /// Nobody can be told but the user: the client or the place to send them to is not known.
    Page(&'static str),
    /// The client is told, at its own address.
    Redirect { uri: String, state: Option<String>, error: &'static str, description: String },
}

/// Shows the page; with `emulator_approve=1` nobody needs to press the button, unless another site sent the browser here.
pub(crate) async fn ask(State(app): State<Arc<App>>, call: Call) -> Response {
    let param = |name: &str| call.query(name).filter(|value| !value.is_empty()).map(str::to_owned);
    let mut auth = lock(&app.auth);
    let request = match check(&app, &auth, &param) {
        Ok(request) => request,
        Err(refused) => return refuse(refused),
    };
    let user = wanted_user(&app, &auth, &param);
    if call.flag("emulator_approve") == Some(true) && !is_from_another_site(&call.headers) {
        return approve(&app, &mut auth, request, &user);
    }
    if param("prompt").as_deref() == Some("none") {
        return back(
            &request.redirect_uri,
            request.state.as_deref(),
            &[("error", "login_required"), ("error_description", "Nobody is logged in")],
        );
    }
    let hidden: Vec<(String, String)> =
        call.query.iter().filter(|(name, _)| !name.starts_with("emulator_")).cloned().collect();
    let page = pages::consent(&Ask {
        client: &request.client_name,
        scopes: &request.scopes,
        registry: &auth.registry,
        users: auth.identities.values().filter(|identity| !identity.is_client).collect(),
        user: &user,
        message: param("session_message"),
        hidden: &hidden,
    });
    html(StatusCode::OK, page)
}

/// Takes the form of the page, and of no page elsewhere.
pub(crate) async fn decide(State(app): State<Arc<App>>, call: Call) -> Response {
    if is_from_another_site(&call.headers) {
        return html(
            StatusCode::FORBIDDEN,
            pages::error("Another site sent this answer. Nothing was approved."),
        );
    }
    let form = call.form();
    let param = |name: &str| form.get(name).filter(|value| !value.is_empty()).map(str::to_owned);
    let mut auth = lock(&app.auth);
    let request = match check(&app, &auth, &param) {
        Ok(request) => request,
        Err(refused) => return refuse(refused),
    };
    if form.get("decision") == Some("deny") {
        return back(
            &request.redirect_uri,
            request.state.as_deref(),
            &[("error", "access_denied"), ("error_description", "The user denied the request")],
        );
    }
    let user = wanted_user(&app, &auth, &param);
    approve(&app, &mut auth, request, &user)
}

/// The page that shows a code, or an error, to people whose program cannot be reached by a browser.
pub(crate) async fn display(call: Call) -> Response {
    match (call.query("code"), call.query("error")) {
        (Some(code), _) => html(StatusCode::OK, pages::code(code)),
        (None, Some(error)) => {
            let detail = call.query("error_description").unwrap_or(error);
            html(StatusCode::BAD_REQUEST, pages::error(detail))
        }
        (None, None) => html(StatusCode::BAD_REQUEST, pages::error("There is no code to show.")),
    }
}

fn check(app: &App, auth: &AuthState, param: &dyn Fn(&str) -> Option<String>) -> Result<Request, Refused> {
    let client = param("client_id").and_then(|id| auth.clients.get(&id));
    let client = client.ok_or(Refused::Page("The program that sent you here is not known (client_id)."))?;
    let redirect_uri =
        param("redirect_uri").filter(|uri| client.may_redirect_to(uri, &app.display_page())).ok_or(
            Refused::Page("The program wants you sent to a place it has not registered (redirect_uri)."),
        )?;
    let state = param("state");
    let refused = |error: &'static str, description: &str| Refused::Redirect {
        uri: redirect_uri.clone(),
        state: state.clone(),
        error,
        description: description.to_owned(),
    };
    if param("response_type").as_deref() != Some("code") {
        return Err(refused("unsupported_response_type", "response_type must be code"));
    }
    let challenge = param("code_challenge");
    match (&challenge, param("code_challenge_method").as_deref()) {
        (None, None) if !client.public => {}
        (None, _) => return Err(refused("invalid_request", "code_challenge is missing")),
        (Some(challenge), Some("S256")) if challenge.len() == 43 => {}
        (Some(_), Some("S256")) => return Err(refused("invalid_request", "code_challenge is malformed")),
        (Some(_), _) => return Err(refused("invalid_request", "code_challenge_method must be S256")),
    }
    let asked = param("scope").unwrap_or_default();
    let scopes = known_scopes(auth, &asked).map_err(|_| {
        let unknown = super::scope::parse(&asked)
            .and_then(|scopes| auth.registry.unknown(&scopes).map(|scope| format!("Unknown scope: {scope}")));
        refused("invalid_scope", &unknown.unwrap_or_else(|| "scope is missing or malformed".to_owned()))
    })?;
    Ok(Request {
        client: client.id.clone(),
        client_name: client.name.clone(),
        scopes,
        challenge,
        nonce: param("nonce"),
        offline: param("access_type").as_deref() == Some("offline"),
        redirect_uri,
        state,
    })
}

/// Who is to log in: who the form or the program names, else the emulator's user.
fn wanted_user(app: &App, auth: &AuthState, param: &dyn Fn(&str) -> Option<String>) -> String {
    let named = param("emulator_user").or_else(|| param("username"));
    let by_name = named.and_then(|name| auth.identity_named(&name));
    let required = param("session_required_identities");
    let by_id = required.iter().flat_map(|ids| ids.split(',')).find_map(|id| auth.identities.get(id));
    let user = by_name.or(by_id).filter(|identity| !identity.is_client);
    user.map_or_else(|| app.world.user_id.clone(), |identity| identity.id.clone())
}

fn approve(app: &App, auth: &mut AuthState, request: Request, user: &str) -> Response {
    let now = app.clock.millis();
    let giver = Giver { client: &request.client, identity: user, now };
    let AuthState { consents, registry, .. } = &mut *auth;
    consents.give(registry, giver, &request.scopes);
    let code = app.ids.code();
    app.note_secret(&code);
    let answer = back(&request.redirect_uri, request.state.as_deref(), &[("code", &code)]);
    let entry = Code {
        client: request.client,
        identity: user.to_owned(),
        redirect_uri: request.redirect_uri,
        scopes: request.scopes,
        challenge: request.challenge,
        offline: request.offline,
        state: request.state,
        nonce: request.nonce,
        issued_millis: now,
    };
    auth.codes.retain(|_, code| now - code.issued_millis < super::state::CODE_MILLIS);
    auth.codes.insert(code, entry);
    answer
}

fn refuse(refused: Refused) -> Response {
    match refused {
        Refused::Page(detail) => html(StatusCode::BAD_REQUEST, pages::error(detail)),
        Refused::Redirect { uri, state, error, description } => {
            back(&uri, state.as_deref(), &[("error", error), ("error_description", &description)])
        }
    }
}

/// Sends the browser back to the program.
fn back(uri: &str, state: Option<&str>, pairs: &[(&str, &str)]) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    if let Some(state) = state {
        query.append_pair("state", state);
    }
    let separator = if uri.contains('?') { '&' } else { '?' };
    redirect(&format!("{uri}{separator}{}", query.finish()))
}
