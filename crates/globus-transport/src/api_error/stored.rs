//! Demands for a login that no answer brings: services store them as the reason why something waits or failed.

use serde_json::Value;

use super::AuthRequirement;
use super::requirement::{add, from_fields, merged};

/// How deep documents are looked into.
const NESTING: usize = 6;

/// Where a document keeps what others said.
const PLACES: [&str; 9] =
    ["error", "errors", "detail", "details", "reason", "cause", "context", "body", "auth_requirement"];

impl AuthRequirement {
    /// Every requirement in a stored reason, such as that of an inactive timer, flow run or task: in the document itself, in those
    /// that it holds, and in texts that are JSON again; each once, no more than a hundred.
    ///
    /// ```
    /// use globus_transport::AuthRequirement;
    /// use serde_json::json;
    ///
    /// let reason = json!({"cause": "{\"code\": \"ConsentRequired\", \"required_scopes\": [\"s\"]}"});
    /// let demand = AuthRequirement::merged(AuthRequirement::all_in(&reason)).unwrap();
    /// assert_eq!(demand.authorization_parameters.required_scopes.unwrap(), ["s"]);
    /// ```
    pub fn all_in(reason: &Value) -> Vec<Self> {
        let mut found = Vec::new();
        collect(reason, NESTING, &mut found);
        found
    }

    /// The same for a reason that is a text.
    pub fn all_in_text(reason: &str) -> Vec<Self> {
        let mut found = Vec::new();
        collect_text(reason, NESTING, &mut found);
        found
    }

    /// All of them as one, so that a single login satisfies them; nothing when there are none.
    pub fn merged(requirements: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut once = Vec::new();
        for requirement in requirements {
            add(&mut once, requirement);
        }
        merged(once)
    }
}

fn collect(value: &Value, nesting: usize, found: &mut Vec<AuthRequirement>) {
    let Some(deeper) = nesting.checked_sub(1) else { return };
    match value {
        Value::String(text) => collect_text(text, deeper, found),
        Value::Array(values) => values.iter().for_each(|value| collect(value, deeper, found)),
        Value::Object(fields) => {
            if let Some(requirement) = from_fields(fields) {
                add(found, requirement);
            }
            for inner in PLACES.iter().filter_map(|place| fields.get(*place)) {
                collect(inner, deeper, found);
            }
        }
        _ => {}
    }
}

fn collect_text(text: &str, nesting: usize, found: &mut Vec<AuthRequirement>) {
    // Most texts are sentences.
    if text.trim_start().starts_with(['{', '[', '"'])
        && let Ok(value) = serde_json::from_str(text)
    {
        collect(&value, nesting, found);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn scopes(requirement: Option<AuthRequirement>) -> Vec<String> {
        requirement.and_then(|found| found.authorization_parameters.required_scopes).unwrap_or_default()
    }

    #[test]
    fn a_demand_is_found_wherever_a_reason_keeps_it() {
        let consent = json!({"code": "ConsentRequired", "required_scopes": ["s"]});
        for reason in [
            consent.clone(),
            json!([consent]),
            json!({"detail": consent}),
            json!({"errors": [{"code": "X"}, consent]}),
            json!({"cause": {"context": [{"body": consent}]}}),
            json!(consent.to_string()),
            json!({"error": json!({"details": consent.to_string()}).to_string()}),
        ] {
            assert_eq!(scopes(AuthRequirement::merged(AuthRequirement::all_in(&reason))), ["s"], "{reason}");
            let text = reason.to_string();
            assert_eq!(AuthRequirement::all_in_text(&text), AuthRequirement::all_in(&reason), "{text}");
        }
    }

    #[test]
    fn several_demands_in_a_reason_are_merged_and_none_is_said_twice() {
        let consent = |scope| json!({"code": "ConsentRequired", "required_scopes": [scope]});
        let session = json!({"authorization_parameters": {"session_required_policies": "p1, p2", "required_scopes": ["b"]}});
        let reason =
            json!({"errors": [consent("a"), consent("a"), session, consent("b")], "detail": consent("a")});
        let all = AuthRequirement::all_in(&reason);
        assert_eq!(all.len(), 3);
        let one = AuthRequirement::merged(all.iter().cloned().chain(all.clone())).unwrap();
        assert_eq!(one.authorization_parameters.session_required_policies.clone().unwrap(), ["p1", "p2"]);
        assert_eq!(scopes(Some(one)), ["a", "b"]);
    }

    #[test]
    fn what_lies_too_deep_or_is_no_demand_is_left_alone() {
        let consent = json!({"code": "ConsentRequired", "required_scopes": ["s"]});
        let deep = (0..20).fold(consent, |inner, _| json!({"error": inner}));
        for reason in
            [deep, json!(null), json!(7), json!("expired"), json!("{"), json!({"code": "ConsentRequired"})]
        {
            assert!(AuthRequirement::all_in(&reason).is_empty(), "{reason}");
        }
        assert_eq!(AuthRequirement::merged([]), None);
    }
}
