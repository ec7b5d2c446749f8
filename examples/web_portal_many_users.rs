//! A web portal: people log in with the browser, and it lists their groups. Tokens of all users are in one database, each user's in a
//! namespace of its own, where a job that works for them when they are away finds them, too. It needs a client with a secret
//! (`GLOBUS_CLIENT_ID`, `GLOBUS_CLIENT_SECRET`) that may redirect to `http://localhost:PORT/callback`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{RawQuery, State};
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use globus_sdk::app::login::{LoginAnswer, NoLogin};
use globus_sdk::auth_core::login::LoginFlow;
use globus_sdk::prelude::*;

struct Portal {
    app: UserApp,
    auth: ConfidentialAppAuthClient,
    /// Logins that have begun, by their state, which the browser keeps as a cookie: nobody can be made to finish another's.
    logins: Mutex<HashMap<String, LoginFlow>>,
    /// Who is logged in, by the session's cookie.
    sessions: Mutex<HashMap<String, UserApp>>,
}

type Shared = State<Arc<Portal>>;
type Answer = Result<Response, Trouble>;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let port = std::env::args().nth(1).unwrap_or_else(|| "8080".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    let origin = format!("http://localhost:{}", listener.local_addr()?.port());

    let auth = ConfidentialAppAuthClient::new(
        std::env::var("GLOBUS_CLIENT_ID")?,
        std::env::var("GLOBUS_CLIENT_SECRET")?,
    )?;
    let app = UserApp::builder("groups-portal")
        .login_client(auth.clone())
        .login_redirect_uri(format!("{origin}/callback"))
        .login_flow_manager(NoLogin) // the portal sends people to log in itself
        .request_refresh_tokens(true)
        .sqlite_storage()
        .build()?;
    GroupsClient::from_app(&app)?; // what it needs is needed of every user
    let portal = Portal { app: app.clone(), auth, logins: Mutex::default(), sessions: Mutex::default() };

    let routes = axum::Router::new()
        .route("/", get(home))
        .route("/login", get(login))
        .route("/callback", get(callback))
        .route("/logout", post(logout))
        .with_state(Arc::new(portal));
    println!("Open {origin}");
    axum::serve(listener, routes).with_graceful_shutdown(async { drop(told_to_stop().await) }).await?;
    app.settle().await; // what is being renewed for any of them is stored
    Ok(())
}

#[cfg(unix)]
async fn told_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn told_to_stop() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

async fn home(State(portal): Shared, headers: HeaderMap) -> Answer {
    let Some(user) = portal.user(&headers) else {
        return Ok(page(
            "<p>See which groups you are in.</p><p><a class=\"button\" href=\"/login\">Log in with Globus</a></p>",
        ));
    };
    let mut rows = String::new();
    let groups = match GroupsClient::from_app(&user)?.get_my_groups().await {
        // The login has ended, or does not do any more: once again, if Globus still knows the person, without a question.
        Err(err) if err.needs_login() => {
            cookie(&headers, "session").and_then(|session| lock(&portal.sessions).remove(&session));
            return Ok(redirect("/login", "session=; Max-Age=0"));
        }
        groups => groups?,
    };
    for group in groups {
        rows.push_str(&format!("<li>{}</li>", escape(&group.name.unwrap_or_default())));
    }
    let button = "<form method=\"post\" action=\"/logout\"><button>Log out</button></form>";
    Ok(page(&format!("<h2>Your groups</h2><ul>{rows}</ul>{button}")))
}

async fn login(State(portal): Shared) -> Answer {
    let flow = portal.app.begin_login().await?.flow().clone();
    let (url, state) = (flow.authorize_url().to_owned(), flow.state().to_owned());
    keep(&portal.logins, &state, flow);
    Ok(redirect(&url, &format!("login={state}; Max-Age=900")))
}

async fn callback(State(portal): Shared, RawQuery(query): RawQuery, headers: HeaderMap) -> Answer {
    let flow = cookie(&headers, "login").and_then(|state| lock(&portal.logins).remove(&state));
    let Some(flow) = flow else { return Ok(redirect("/login", "login=; Max-Age=0")) };
    let tokens = flow.exchange_callback(&query.unwrap_or_default()).await?;
    let who = portal.auth.decode_id_token(&tokens, flow.nonce()).await?.sub;
    let user = portal.app.for_subject(&who)?;
    user.complete_login(LoginAnswer::tokens(tokens)).await?;
    // A state is random and long, and this one has done its duty: another one names the session.
    let session = portal.app.begin_login().await?.flow().state().to_owned();
    keep(&portal.sessions, &session, user);
    Ok(redirect("/", &format!("session={session}")))
}

async fn logout(State(portal): Shared, headers: HeaderMap) -> Answer {
    let user = cookie(&headers, "session").and_then(|session| lock(&portal.sessions).remove(&session));
    if let Some(user) = user {
        user.logout().await?; // ends the tokens, too
    }
    Ok(redirect("/", "session=; Max-Age=0"))
}

impl Portal {
    fn user(&self, headers: &HeaderMap) -> Option<UserApp> {
        lock(&self.sessions).get(&cookie(headers, "session")?).cloned()
    }
}

/// Not without limit: nearly all of so many are a crawler's, or left behind. Who is cut off clicks once more.
fn keep<T>(map: &Mutex<HashMap<String, T>>, key: &str, value: T) {
    let mut map = lock(map);
    if map.len() >= 10_000 {
        map.clear();
    }
    map.insert(key.to_owned(), value);
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split("; ")).filter_map(|pair| pair.split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
}

/// Behind HTTPS, add `Secure` to the cookie.
fn redirect(to: &str, cookie: &str) -> Response {
    let cookie = format!("{cookie}; Path=/; HttpOnly; SameSite=Lax");
    (StatusCode::SEE_OTHER, [(LOCATION, to.to_owned()), (SET_COOKIE, cookie)]).into_response()
}

fn page(body: &str) -> Response {
    let style = "body{font:1.1rem/1.6 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem;color:#1b2430;background:#fff}\
                 .button,button{font:inherit;display:inline-block;padding:.5rem 1.2rem;border:0;border-radius:.5rem;background:#1f4e9c;color:#fff;\
                 text-decoration:none;cursor:pointer}:focus-visible{outline:3px solid #f2a900;outline-offset:2px}";
    Html(format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Groups portal</title><link rel=\"icon\" href=\"data:,\"><style>{style}</style></head>\
         <body><main><h1>Groups portal</h1>{body}</main></body></html>"
    ))
    .into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Any failure: told to the person, who may log in again.
struct Trouble(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Trouble {
    fn from(err: E) -> Self {
        Self(err.into())
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let text = escape(&self.0.to_string());
        let page = page(&format!("<p role=\"alert\">{text}</p><p><a href=\"/login\">Log in again</a></p>"));
        (StatusCode::BAD_GATEWAY, page).into_response()
    }
}
