//! The authorize endpoint: shows what is asked for, takes the user's decision, and sends the code.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::browser;
use super::consent::Giver;
use super::identity::Identity;
use super::login_request::LoginRequest;
use super::login_session::Authentication;
use super::pages::{self, Ask};
use super::state::{AuthState, CODE_MILLIS, Code};
use crate::app::App;
use crate::http::{Call, html, is_from_another_site};
use crate::lock::lock;

/// The fields of the page itself; all others belong to the program's request.
const OWN_FIELDS: &[&str] = &["username", "decision", "second_factor", "named_grant"];

/// Shows the page; with `emulator_approve=1` nobody needs to press the button, unless another site sent the browser here.
pub(crate) async fn ask(State(app): State<Arc<App>>, call: Call) -> Response {
    let param = |name: &str| call.query(name).filter(|value| !value.is_empty()).map(str::to_owned);
    let mut auth = lock(&app.auth);
    let request = match LoginRequest::read(&app, &auth, &param) {
        Ok(request) => request,
        Err(refused) => return refused.into_response(),
    };
    let own_will = !is_from_another_site(&call.headers);
    if call.flag("emulator_approve") == Some(true) && own_will {
        return approve_at_once(&app, &mut auth, request, &param, &call.headers);
    }
    if param("prompt").as_deref() == Some("none") {
        return without_a_page(&app, &mut auth, request, &call.headers, own_will);
    }
    page(&app, &auth, &request, &param, &Shown::new(&call.query, &call.headers))
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
    let request = match LoginRequest::read(&app, &auth, &param) {
        Ok(request) => request,
        Err(refused) => return refused.into_response(),
    };
    if form.get("decision") == Some("deny") {
        return request.refuse("access_denied", "The user denied the request");
    }
    let shown = Shown::new(&form.0, &call.headers);
    let user = match chosen(&app, &auth, &request, &param, &call.headers) {
        Ok(user) => user,
        Err(problem) => return page(&app, &auth, &request, &param, &shown.with(problem)),
    };
    if request.requirements.needs_second_factor() && !is_second_factor(param("second_factor").as_deref()) {
        let problem = "The second factor must be six digits".to_owned();
        return page(&app, &auth, &request, &param, &shown.with(problem));
    }
    approve(&app, &mut auth, request, &user, &call.headers)
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

/// Ends the browser's session.
pub(crate) async fn logout(State(app): State<Arc<App>>, call: Call) -> Response {
    let mut auth = lock(&app.auth);
    if let Some(cookie) = browser::cookie(&call.headers) {
        auth.browsers.remove(&cookie);
    }
    let mut response = html(StatusCode::OK, pages::logged_out());
    response.headers_mut().insert(header::SET_COOKIE, HeaderValue::from_static(browser::FORGET));
    response
}

/// Any six digits: who has the phone in their hand is not what the emulator is for.
fn is_second_factor(given: Option<&str>) -> bool {
    given.is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_digit()))
}

/// What is shown again with the page.
struct Shown<'a> {
    fields: &'a [(String, String)],
    headers: &'a HeaderMap,
    problem: Option<String>,
}

impl<'a> Shown<'a> {
    fn new(fields: &'a [(String, String)], headers: &'a HeaderMap) -> Self {
        Self { fields, headers, problem: None }
    }

    fn with(self, problem: String) -> Self {
        Self { problem: Some(problem), ..self }
    }
}

fn page(
    app: &App,
    auth: &AuthState,
    request: &LoginRequest,
    param: &dyn Fn(&str) -> Option<String>,
    shown: &Shown<'_>,
) -> Response {
    let Some(client) = auth.clients.get(&request.client) else {
        return html(StatusCode::BAD_REQUEST, pages::error("The program is not known any more."));
    };
    let users = candidates(auth, request);
    let user = chosen(app, auth, request, param, shown.headers).ok();
    let status =
        if shown.problem.is_some() || users.is_empty() { StatusCode::FORBIDDEN } else { StatusCode::OK };
    let hidden: Vec<&(String, String)> = shown
        .fields
        .iter()
        .filter(|(name, _)| !name.starts_with("emulator_") && !OWN_FIELDS.contains(&name.as_str()))
        .collect();
    let asks_for_a_name = client.settings.prompt_for_named_grant || request.label.is_some();
    let html_page = pages::consent(&Ask {
        client,
        scopes: &request.scopes,
        registry: &auth.registry,
        user: user.as_deref().or(users.first().map(|user| user.id.as_str())).unwrap_or_default(),
        users,
        message: param("session_message"),
        demands: request.requirements.sentences(auth),
        second_factor: request.requirements.needs_second_factor(),
        label: asks_for_a_name.then(|| request.label.clone().unwrap_or_default()),
        problem: shown.problem.clone(),
        hidden: &hidden,
    });
    html(status, html_page)
}

/// Who can be what the program demands.
fn candidates<'a>(auth: &'a AuthState, request: &LoginRequest) -> Vec<&'a Identity> {
    let can = |identity: &&Identity| request.requirements.objection(auth, identity).is_none();
    auth.identities.values().filter(can).collect()
}

/// Who logs in: who the form or the program names, who the browser is logged in as, or the emulator's user; the reason why
/// that is not possible.
fn chosen(
    app: &App,
    auth: &AuthState,
    request: &LoginRequest,
    param: &dyn Fn(&str) -> Option<String>,
    headers: &HeaderMap,
) -> Result<String, String> {
    if let Some(name) = param("emulator_user").or_else(|| param("username")) {
        let user = auth.identity_named(&name).ok_or_else(|| format!("There is nobody called {name}"))?;
        return match request.requirements.objection(auth, user) {
            None => Ok(user.id.clone()),
            Some(problem) => Err(problem),
        };
    }
    let users = candidates(auth, request);
    let is_candidate = |id: &&str| users.iter().any(|user| user.id == *id);
    let known = browser::of(auth, headers).map(|browser| browser.identity.as_str());
    known
        .filter(is_candidate)
        .or_else(|| Some(app.world.user_id.as_str()).filter(is_candidate))
        .or_else(|| users.first().map(|user| user.id.as_str()))
        .map(str::to_owned)
        .ok_or_else(|| "Nobody here can log in as the program demands".to_owned())
}

fn approve_at_once(
    app: &App,
    auth: &mut AuthState,
    request: LoginRequest,
    param: &dyn Fn(&str) -> Option<String>,
    headers: &HeaderMap,
) -> Response {
    match chosen(app, auth, &request, param, headers) {
        Ok(user) => approve(app, auth, request, &user, headers),
        Err(problem) => request.refuse("access_denied", &problem),
    }
}

/// `prompt=none`: it works for who is logged in and has allowed everything before.
fn without_a_page(
    app: &App,
    auth: &mut AuthState,
    request: LoginRequest,
    headers: &HeaderMap,
    own_will: bool,
) -> Response {
    let browser = browser::of(auth, headers).filter(|_| own_will);
    let known = browser.and_then(|browser| {
        Some((auth.identities.get(&browser.identity)?, auth.sessions.get(&browser.session)?))
    });
    let Some((identity, session)) = known else {
        return request.refuse("login_required", "Nobody is logged in");
    };
    let able = request.requirements.objection(auth, identity).is_none();
    if !able || !request.requirements.are_met_by(identity, session, app.clock.seconds()) {
        return request.refuse("interaction_required", "The session is not what the program demands");
    }
    let effective = effective(auth, &request, &identity.id);
    if !auth.consents.cover(&request.client, &effective, &request.scopes) {
        return request.refuse("consent_required", "The user has not allowed all of this before");
    }
    let user = identity.id.clone();
    approve(app, auth, request, &user, headers)
}

/// Whom the tokens stand for: the identity that others are linked to, unless the program wants those of one provider.
fn effective(auth: &AuthState, request: &LoginRequest, user: &str) -> String {
    if request.requirements.names_a_provider() { user.to_owned() } else { auth.primary(user).to_owned() }
}

fn approve(
    app: &App,
    auth: &mut AuthState,
    request: LoginRequest,
    user: &str,
    headers: &HeaderMap,
) -> Response {
    let now = app.clock.millis();
    let identity = effective(auth, &request, user);
    let giver = Giver { client: &request.client, identity: &identity, label: request.label.as_deref(), now };
    let AuthState { consents, registry, .. } = &mut *auth;
    consents.give(registry, giver, &request.scopes);
    let (session, cookie) = browser::log_in(app, auth, headers, user);
    log_in(auth, &session, &request, user, now.div_euclid(1000));
    let code = app.ids.code();
    app.note_secret(&code);
    let mut answer = request.back(&[("code", &code)]);
    if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
        answer.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    let entry = Code {
        client: request.client,
        identity,
        session,
        redirect_uri: request.redirect_uri,
        scopes: request.scopes,
        challenge: request.challenge,
        offline: request.offline,
        state: request.state,
        nonce: request.nonce,
        issued_millis: now,
    };
    auth.codes.retain(|_, code| now - code.issued_millis < CODE_MILLIS);
    auth.codes.insert(code, entry);
    answer
}

/// Notes the logins in the session, unless those it has are what is demanded.
fn log_in(auth: &mut AuthState, session: &str, request: &LoginRequest, user: &str, now_seconds: i64) {
    let Some(identity) = auth.identities.get(user).cloned() else { return };
    let enough = auth
        .sessions
        .get(session)
        .is_some_and(|logins| request.requirements.are_met_by(&identity, logins, now_seconds));
    if !enough {
        let login = Authentication { at: now_seconds, mfa: request.requirements.needs_second_factor() };
        let logins = auth.sessions.or_default(session);
        for everybody in request.requirements.everybody(user) {
            logins.logins.insert(everybody, login);
        }
    }
    if identity.status == "unused"
        && let Some(identity) = auth.identities.get_mut(user)
    {
        "used".clone_into(&mut identity.status);
    }
}
