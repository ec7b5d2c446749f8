//! Finding secrets that got out.

use serde_json::Value;

/// Shorter ones turn up by chance, in a fingerprint or a word.
const SHORTEST: usize = 9;

/// The texts under `names` anywhere in `document` that stand nowhere else in it, so that finding one elsewhere means a leak.
pub(crate) fn only_under(document: &Value, names: &[&str]) -> Vec<String> {
    let (mut secrets, mut others) = (Vec::new(), Vec::new());
    let mut waiting = vec![(false, document)];
    while let Some((secret, value)) = waiting.pop() {
        match value {
            Value::String(text) if secret => secrets.push(text.clone()),
            Value::String(text) => others.push(text.clone()),
            Value::Number(number) => others.push(number.to_string()),
            Value::Array(items) => waiting.extend(items.iter().map(|item| (false, item))),
            Value::Object(members) => {
                for (name, value) in members {
                    others.push(name.clone());
                    waiting.push((names.contains(&name.as_str()), value));
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }
    secrets
        .retain(|secret| secret.len() >= SHORTEST && !others.iter().any(|other| other.contains(&**secret)));
    secrets
}

/// Asserts that `shown` holds none of `secrets`. `frame` is what the same place shows for a harmless input: what is part of that
/// is no leak.
pub(crate) fn assert_hidden(secrets: &[String], shown: &str, frame: &str) {
    for secret in secrets {
        assert!(!shown.contains(secret) || frame.contains(secret), "{secret:?} is shown: {shown}");
    }
}

/// `document` with other text of the same length in place of each string that is one of `secrets`.
pub(crate) fn masked(document: &[u8], secrets: &[String]) -> Vec<u8> {
    let mut masked = document.to_vec();
    for secret in secrets {
        let quoted = format!("\"{secret}\"");
        let mut from = 0;
        while let Some(at) = masked[from..].windows(quoted.len()).position(|text| text == quoted.as_bytes()) {
            masked[from + at + 1..][..secret.len()].fill(b'x');
            from += at + quoted.len();
        }
    }
    masked
}
