//! What is different between a recorded request and one that arrived, and between two documents.

use std::collections::BTreeMap;

use globus_auth_core::Scopes;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::recorded::Request;
use crate::server::Arrived;

/// Everything in which the requests differ from those recorded.
pub(crate) fn requests(base_url: &str, recorded: &[&Request], arrived: &[Arrived]) -> Vec<String> {
    let mut wrong = Vec::new();
    if recorded.len() != arrived.len() {
        let sent: Vec<_> = arrived.iter().map(|sent| format!("{} {}", sent.verb, sent.path)).collect();
        wrong.push(format!("{} requests instead of {}: {}", arrived.len(), recorded.len(), sent.join(", ")));
    }
    for (recorded, arrived) in recorded.iter().zip(arrived) {
        request(base_url, recorded, arrived, &mut wrong);
    }
    wrong
}

fn request(base_url: &str, recorded: &Request, arrived: &Arrived, wrong: &mut Vec<String>) {
    let base_path = base_url.splitn(4, '/').nth(3).unwrap_or_default();
    let path = recorded.path.trim_start_matches(base_url).trim_start_matches('/');
    let path = format!("/{path}").replace(&format!("/{base_path}"), "/");
    if recorded.verb != arrived.verb || unescaped(&path) != unescaped(&arrived.path) {
        wrong.push(format!("{} {} instead of {} {path}", arrived.verb, arrived.path, recorded.verb));
    }
    let sent = pairs(&arrived.query);
    let expected = multi(recorded.query.iter());
    if sent != expected {
        wrong.push(format!("query {sent:?} instead of {expected:?}"));
    }
    body(recorded, arrived, wrong);
    authorization(recorded, arrived, wrong);
}

fn authorization(recorded: &Request, arrived: &Arrived, wrong: &mut Vec<String>) {
    let Some(expected) = recorded.headers.get("Authorization") else { return };
    let kind = |text: &str| text.split_whitespace().next().unwrap_or_default().to_owned();
    let sent = arrived.headers.get("authorization").and_then(|value| value.to_str().ok()).map(kind);
    let expected = expected.as_str().map(kind);
    if sent != expected {
        wrong.push(format!("authorization {sent:?} instead of {expected:?}"));
    }
}

fn body(recorded: &Request, arrived: &Arrived, wrong: &mut Vec<String>) {
    let text = String::from_utf8_lossy(&arrived.body);
    match recorded.body_kind.as_str() {
        "json" => match serde_json::from_str::<Value>(&text) {
            Ok(sent) => {
                let mut expected = recorded.body.clone().unwrap_or_default();
                for path in &recorded.generated {
                    adopt(&mut expected, &sent, path);
                }
                document("body", &expected, &sent, wrong);
            }
            Err(_) => wrong.push(format!("the body is not JSON: {text:?}")),
        },
        "form" => {
            let sent = pairs(&text);
            let mut expected = multi(recorded.body.iter().filter_map(Value::as_object).flatten());
            for name in &recorded.generated {
                if let (Some(sent), Some(expected)) = (sent.get(name), expected.get_mut(name)) {
                    expected.clone_from(sent);
                }
            }
            if sent != expected {
                wrong.push(format!("form {sent:?} instead of {expected:?}"));
            }
        }
        "text" => {
            if recorded.body.as_ref().and_then(Value::as_str) != Some(&text) {
                wrong.push(format!("the body is {text:?}"));
            }
        }
        _ if text.is_empty() => {}
        _ => wrong.push(format!("a body where none was recorded: {text}")),
    }
}

/// Expects of a field that is made up what was found there.
pub(crate) fn adopt(expected: &mut Value, found: &Value, path: &str) {
    let found = path.split('.').try_fold(found, |value, name| value.get(name));
    let expected = path.split('.').try_fold(expected, |value, name| value.get_mut(name));
    if let (Some(found), Some(expected)) = (found, expected) {
        *expected = found.clone();
    }
}

/// What an app requires before and after, with the scopes of each merged: how often and in which order they were added says nothing.
pub(crate) fn scopes_by_what_they_say(mut result: Value) -> Value {
    for name in ["scope_requirements_before", "scope_requirements_after"] {
        let Some(scopes) = result.get_mut(name) else { continue };
        let all: Vec<&str> = scopes.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if let Ok(merged) = Scopes::parse(&all.join(" ")) {
            *scopes = merged.iter().map(ToString::to_string).collect();
        }
    }
    result
}

/// Where two documents differ. Numbers are equal when their values are; the order of members does not matter.
pub(crate) fn document(name: &str, expected: &Value, found: &Value, wrong: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (key, value) in expected {
                match found.get(key) {
                    Some(found) => document(&format!("{name}.{key}"), value, found, wrong),
                    None => wrong.push(format!("{name}.{key} is missing")),
                }
            }
            for (key, value) in found.iter().filter(|(key, _)| !expected.contains_key(*key)) {
                wrong.push(format!("{name}.{key} is {value}, and was not recorded"));
            }
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            for (index, (expected, found)) in expected.iter().zip(found).enumerate() {
                document(&format!("{name}[{index}]"), expected, found, wrong);
            }
        }
        (Value::Number(expected), Value::Number(found)) if expected.as_f64() == found.as_f64() => {}
        (expected, found) if expected == found => {}
        (expected, found) => wrong.push(format!("{name} is {found} instead of {expected}")),
    }
}

fn unescaped(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn pairs(encoded: &str) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::<_, Vec<_>>::new();
    for pair in encoded.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let text = |text: &str| unescaped(&text.replace('+', " "));
        all.entry(text(name)).or_default().push(text(value));
    }
    all
}

fn multi<'a>(members: impl Iterator<Item = (&'a String, &'a Value)>) -> BTreeMap<String, Vec<String>> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    members
        .map(|(name, value)| match value {
            Value::Array(values) => (name.clone(), values.iter().map(text).collect()),
            value => (name.clone(), vec![text(value)]),
        })
        .collect()
}
