//! Requests to the emulator's token endpoints. The first line is `path authorization`, the rest is the form.

use bytes::Bytes;
use globus_emulator::Emulator;
use http::{HeaderValue, Method, Request};

use crate::emulator::{Answer, Globus, run};

const PATHS: [&str; 4] = ["token", "token/introspect", "token/revoke", "token/validate"];

/// Whatever is sent: tokens are given whole, or there is an error with a name, which repeats no secret.
pub fn check(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let (head, form) = text.split_once('\n').unwrap_or((text, ""));
    let (path, authorization) = head.split_once(' ').unwrap_or((head, ""));
    let path = PATHS.into_iter().find(|known| *known == path).unwrap_or(PATHS[0]);
    run(|globus| {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(format!("/v2/oauth2/{path}"))
            .header("content-type", "application/x-www-form-urlencoded");
        let authorization = filled(globus, authorization);
        if let (false, Ok(value)) = (authorization.is_empty(), HeaderValue::from_str(&authorization)) {
            request = request.header("authorization", value);
        }
        let form = filled(globus, form);
        // An error names what it does not know; who wrote a secret there has told it himself.
        let says_secret =
            |name: &str, value: &str| !is_secret(name) && value.contains(Emulator::SECRET_MARKER);
        let told = form_urlencoded::parse(form.as_bytes()).any(|(name, value)| says_secret(&name, &value));
        if let Ok(request) = request.body(Bytes::from(form)) {
            holds(path, &globus.ask(request), told);
        }
    });
}

/// Lets seeds name what differs from run to run.
fn filled(globus: &Globus, text: &str) -> String {
    let emulator = &globus.emulator;
    let mut text = text
        .replace("$NATIVE", emulator.native_client_id())
        .replace("$CLIENT", emulator.client_id())
        .replace(
            "$SECRET",
            &form_urlencoded::byte_serialize(emulator.client_secret().as_bytes()).collect::<String>(),
        )
        .replace("$DISPLAY", &globus.display());
    if text.contains("$BASIC") {
        text = text.replace("$BASIC", &globus.basic());
    }
    if text.contains("$ACCESS") || text.contains("$REFRESH") {
        let tokens = globus.tokens();
        text = text.replace("$ACCESS", &tokens.access).replace("$REFRESH", &tokens.refresh);
    }
    if text.contains("$CODE") {
        text = text.replace("$CODE", &globus.code());
    }
    text
}

fn is_secret(name: &str) -> bool {
    ["code", "token", "refresh_token", "client_secret"].contains(&name)
}

fn holds(path: &str, answer: &Answer, told: bool) {
    let document = &answer.document;
    match answer.status {
        200 if path != "token" => assert!(document["active"].is_boolean(), "{answer:?}"),
        200 => {
            let tokens = document.as_array().cloned().unwrap_or_else(|| vec![document.clone()]);
            for token in &tokens {
                for field in ["access_token", "scope", "resource_server"] {
                    assert!(token[field].is_string(), "a token without {field}");
                }
                assert!(token["expires_in"].is_u64());
            }
        }
        400..500 => {
            assert!(document["error"].is_string() || document["errors"].is_array(), "{answer:?}");
            assert!(told || !answer.text.contains(Emulator::SECRET_MARKER), "an error repeats a secret");
        }
        _ => unreachable!("{answer:?}"),
    }
}
