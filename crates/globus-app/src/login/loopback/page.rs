//! The pages that the browser lands on.

use globus_auth_core::Printable;
use http::{HeaderValue, Response, StatusCode, header};

const STYLE: &str = include_str!("page.css");

/// A tick, drawn.
const TICK: &str = "<svg class=\"good\" viewBox=\"0 0 48 48\" width=\"64\" height=\"64\" aria-hidden=\"true\"><circle cx=\"24\" cy=\"24\" r=\"22\"/>\
                    <path d=\"M14 25l7 7 14-15\"/></svg>";
/// A cross, drawn.
const CROSS: &str = "<svg class=\"bad\" viewBox=\"0 0 48 48\" width=\"64\" height=\"64\" aria-hidden=\"true\"><circle cx=\"24\" cy=\"24\" r=\"22\"/>\
                     <path d=\"M16 16l16 16M32 16L16 32\"/></svg>";

/// Somebody logged in.
pub(super) fn done(app_name: &str) -> String {
    let app = escape(app_name);
    let text = format!(
        "<p>Globus has told <strong>{app}</strong>. You can close this window and go back to it.</p>"
    );
    page("You are logged in", TICK, &text)
}

/// Somebody, or Auth, refused.
pub(super) fn refused(app_name: &str, why: &str) -> String {
    let (app, why) = (escape(app_name), escape(why));
    let text = format!(
        "<p><strong>{app}</strong> did not get access.</p>\n<p class=\"why\">{why}</p>\n\
         <p>You can close this window. To log in after all, start again from the program.</p>"
    );
    page("You are not logged in", CROSS, &text)
}

/// Somebody came who is not awaited.
pub(super) fn stray(why: &str) -> String {
    let text = format!(
        "<p class=\"why\">{}</p>\n<p>The program still waits for its own login. Use the address that it opened or printed last.</p>",
        escape(why)
    );
    page("That was another login", CROSS, &text)
}

fn page(title: &str, picture: &str, text: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n{STYLE}</style>\n</head>\n\
         <body>\n<main>\n{picture}\n<h1>{title}</h1>\n{text}\n</main>\n</body>\n</html>\n"
    )
}

/// A page that keeps what is in its address to itself: nothing is stored, sent on, or run.
pub(super) fn response(status: StatusCode, page: &str) -> Response<String> {
    let mut response = Response::new(page.to_owned());
    *response.status_mut() = status;
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        ),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Text from outside as HTML, on one line and not too long.
fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in Printable::new(text).at_most(300).to_string().chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}
