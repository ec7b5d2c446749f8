//! Keeps secrets out of the journal.

use serde_json::Value;

use crate::ids::MARKER;

const SECRET: &[&str] = &[
    "access_token",
    "refresh_token",
    "id_token",
    "id_token_hint",
    "token",
    "subject_token",
    "code",
    "code_verifier",
    "device_code",
    "client_secret",
    "secret",
    "password",
    "assertion",
    "client_assertion",
    "ticket",
];

const HIDDEN: &str = "[redacted]";

fn is_secret(name: &str) -> bool {
    SECRET.iter().any(|secret| secret.eq_ignore_ascii_case(name))
}

/// A query with the values of secret parameters replaced; without any, as it was sent.
pub(crate) fn redact_query(query: &str) -> String {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    if pairs.any(|(name, _)| is_secret(&name)) { redact_pairs(query) } else { query.to_owned() }
}

/// `a=b&c=d`, with the values of secret parameters replaced.
fn redact_pairs(encoded: &str) -> String {
    let mut out = form_urlencoded::Serializer::new(String::new());
    for (key, value) in form_urlencoded::parse(encoded.as_bytes()) {
        out.append_pair(&key, if is_secret(&key) { HIDDEN } else { &value });
    }
    out.finish()
}

/// A form or a JSON document as text, with secrets replaced. `None` for anything else: nobody knows where in it a secret is.
pub(crate) fn redact_body(content_type: &str, body: &[u8]) -> Option<String> {
    if body.is_empty() {
        return None;
    }
    if content_type.starts_with("application/x-www-form-urlencoded") {
        return std::str::from_utf8(body).ok().map(redact_pairs);
    }
    let mut value = serde_json::from_slice(body).ok()?;
    redact_json(&mut value);
    Some(value.to_string())
}

/// Replaces the secrets that the emulator gave out, wherever they are: they are known by their marker.
pub(crate) fn redact_own(text: &mut String) {
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find(MARKER)) {
        let marker = from + at;
        let before = text[..marker].bytes().rev().take_while(u8::is_ascii_alphanumeric).count();
        let of_secret = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=%_-".contains(byte);
        let after = text[marker..].bytes().take_while(of_secret).count();
        let start = marker - before;
        text.replace_range(start..marker + after, HIDDEN);
        from = start + HIDDEN.len();
    }
}

fn redact_json(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                // `code` is a secret in forms only; in JSON it names a result.
                if key != "code" && is_secret(key) && field.is_string() {
                    *field = HIDDEN.into();
                } else {
                    redact_json(field);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redact_json),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_replaced_in_queries_forms_and_documents() {
        assert_eq!(redact_query("Code=s3cret&state=x"), "Code=%5Bredacted%5D&state=x");
        assert_eq!(redact_query("path=/~/a%20b&x=+"), "path=/~/a%20b&x=+");
        let form = redact_body("application/x-www-form-urlencoded; charset=utf-8", b"client_secret=s&a=b");
        assert_eq!(form.as_deref(), Some("client_secret=%5Bredacted%5D&a=b"));
        let body = redact_body("application/json", br#"{"a":[{"secret":"s3cret"}],"code":"Accepted"}"#);
        assert_eq!(body.as_deref(), Some(r#"{"a":[{"secret":"[redacted]"}],"code":"Accepted"}"#));
        assert_eq!(redact_body("application/json", b""), None);
    }

    #[test]
    fn secrets_of_the_emulator_are_replaced_wherever_they_are() {
        for (text, expected) in [
            ("n=AgEmulatorOnlyx1-_&m=EmulatorOnly%2B%3D", "n=[redacted]&m=[redacted]"),
            ("EmulatorOnlyEmulatorOnly é EmulatorOnly", "[redacted] é [redacted]"),
            ("nothing", "nothing"),
        ] {
            let mut text = text.to_owned();
            redact_own(&mut text);
            assert_eq!(text, expected);
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_kept() {
        for (kind, body) in [
            ("application/json", &b"client_secret=s3cret"[..]),
            ("", b"client_secret=s3cret"),
            ("text/plain", br#"{"token": "s3cret"#),
            ("application/x-www-form-urlencoded", b"token=\xff"),
        ] {
            assert_eq!(redact_body(kind, body), None, "{kind}");
        }
    }
}
