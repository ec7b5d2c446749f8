//! Whether a document has all fields of another one, of the same types.

use serde_json::Value;

/// What the actual document lacks; a path and a reason each.
pub(super) fn faults(expected: &Value, actual: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk("$", expected, actual, &mut found);
    found
}

fn walk(path: &str, expected: &Value, actual: &Value, found: &mut Vec<String>) {
    match (expected, actual) {
        // What is null in an example may be of any type elsewhere.
        (Value::Null, _) => {}
        (Value::Object(fields), Value::Object(have)) if is_map(expected) => {
            list(path, fields.values(), have.values(), found);
        }
        (Value::Object(fields), Value::Object(have)) => {
            for (name, field) in fields {
                let path = format!("{path}.{name}");
                match have.get(name) {
                    Some(value) => walk(&path, field, value, found),
                    None => found.push(format!("{path} is missing")),
                }
            }
        }
        (Value::Array(items), Value::Array(have)) => list(path, items.iter(), have.iter(), found),
        _ if kind(expected) == kind(actual) => {}
        _ => found.push(format!("{path} is {}, and should be {}", kind(actual), kind(expected))),
    }
}

/// Each element must have its like among the others.
fn list<'a>(
    path: &str,
    expected: impl Iterator<Item = &'a Value>,
    actual: impl Iterator<Item = &'a Value>,
    found: &mut Vec<String>,
) {
    let actual: Vec<&Value> = actual.collect();
    for item in expected {
        let like = actual.iter().map(|have| {
            let mut lacks = Vec::new();
            walk(&format!("{path}[]"), item, have, &mut lacks);
            lacks
        });
        match like.min_by_key(Vec::len) {
            Some(lacks) => found.extend(lacks),
            None => found.push(format!("{path} is empty")),
        }
    }
}

/// Whether the keys are ids, so that they are not names of fields.
fn is_map(value: &Value) -> bool {
    let is_id = |key: &String| key.len() == 36 && key.matches('-').count() == 4;
    value.as_object().is_some_and(|fields| !fields.is_empty() && fields.keys().all(is_id))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_missing_or_of_another_type_is_told_with_its_path() {
        let expected = json!({ "a": [{ "id": "s", "n": 0 }], "b": false, "c": null });
        assert_eq!(
            faults(&expected, &json!({ "a": [{ "id": "x", "n": 1, "more": 1 }], "b": true, "c": 7 })),
            [""; 0]
        );
        let poor = json!({ "a": [{ "id": 1 }], "b": null });
        let told = [
            "$.a[].id is a number, and should be a text",
            "$.a[].n is missing",
            "$.b is null, and should be a truth value",
            "$.c is missing",
        ];
        assert_eq!(faults(&expected, &poor), told);
        assert_eq!(faults(&json!({ "a": ["s"] }), &json!({ "a": [] })), ["$.a is empty"]);
        assert_eq!(faults(&json!({ "a": [] }), &json!({ "a": [1] })), [""; 0]);
    }

    #[test]
    fn keys_that_are_ids_are_not_fields() {
        let one = json!({ "00000000-0000-0000-0000-000000000001": { "allow_add": true } });
        let other = json!({ "00000000-0000-0000-0000-000000000002": { "allow_add": false } });
        assert_eq!(faults(&one, &other), [""; 0]);
        assert_eq!(faults(&one, &json!({})), ["$ is empty"]);
    }
}
