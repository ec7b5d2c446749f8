//! Keeps secrets out of the journal.

use serde_json::Value;

const SECRET: &[&str] = &[
    "access_token",
    "refresh_token",
    "id_token",
    "token",
    "code",
    "code_verifier",
    "client_secret",
    "secret",
    "client_assertion",
    "ticket",
];

const HIDDEN: &str = "[redacted]";

/// `a=b&c=d`, with the values of secret parameters replaced.
pub(crate) fn redact_pairs(encoded: &str) -> String {
    let mut out = form_urlencoded::Serializer::new(String::new());
    for (key, value) in form_urlencoded::parse(encoded.as_bytes()) {
        out.append_pair(&key, if SECRET.contains(&&*key) { HIDDEN } else { &value });
    }
    out.finish()
}

/// A body as text, with secrets replaced; `None` where there is nothing readable.
pub(crate) fn redact_body(content_type: &str, body: &[u8]) -> Option<String> {
    if body.is_empty() {
        return None;
    }
    let text = std::str::from_utf8(body).ok()?;
    if content_type.starts_with("application/x-www-form-urlencoded") {
        return Some(redact_pairs(text));
    }
    match serde_json::from_str::<Value>(text) {
        Ok(mut value) => {
            redact_json(&mut value);
            Some(value.to_string())
        }
        Err(_) => Some(text.to_owned()),
    }
}

fn redact_json(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                // `code` is a secret in forms only; in JSON it names a result.
                if key != "code" && SECRET.contains(&key.as_str()) && field.is_string() {
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
    fn secrets_are_replaced_in_forms_and_documents() {
        assert_eq!(redact_pairs("code=s3cret&state=x"), "code=%5Bredacted%5D&state=x");
        let body = redact_body("application/json", br#"{"a":[{"secret":"s3cret"}],"code":"Accepted"}"#);
        assert_eq!(body.as_deref(), Some(r#"{"a":[{"secret":"[redacted]"}],"code":"Accepted"}"#));
        assert_eq!(redact_body("application/json", b""), None);
    }
}
