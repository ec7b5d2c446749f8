//! Browsers: a cookie by which a session outlives one login.

use http::{HeaderMap, header};

use super::state::{AuthState, Browser};
use crate::app::App;

const NAME: &str = "globus_emulator_session";

/// Makes a browser forget its session.
pub(crate) const FORGET: &str = "globus_emulator_session=; Path=/v2; Max-Age=0; HttpOnly; SameSite=Lax";

/// The cookie that came with a request.
pub(crate) fn cookie(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, value)| *name == NAME && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

/// The browser that sent a request, if it was here before.
pub(crate) fn of<'a>(auth: &'a AuthState, headers: &HeaderMap) -> Option<&'a Browser> {
    auth.browsers.get(&cookie(headers)?)
}

/// The session to log in to, and the cookie to set: a browser keeps its session, programs get a new one each time.
pub(crate) fn log_in(
    app: &App,
    auth: &mut AuthState,
    headers: &HeaderMap,
    user: &str,
) -> (String, Option<String>) {
    if let Some(cookie) = cookie(headers)
        && let Some(session) = auth.browsers.get(&cookie).map(|browser| browser.session.clone())
    {
        let browser = Browser { session: session.clone(), identity: user.to_owned() };
        auth.browsers.insert(cookie, browser);
        return (session, None);
    }
    let session = app.ids.uuid();
    let accepts = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if !accepts.contains("text/html") {
        return (session, None);
    }
    let cookie = app.ids.token();
    app.note_secret(&cookie);
    let browser = Browser { session: session.clone(), identity: user.to_owned() };
    auth.browsers.insert(cookie.clone(), browser);
    (session, Some(format!("{NAME}={cookie}; Path=/v2; HttpOnly; SameSite=Lax")))
}
