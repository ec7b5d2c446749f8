//! Which recorded fields may be read otherwise. The reasons are in `DIFFERENCES.md`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// A recorded case, as far as the rules look at it.
pub(crate) struct Case<'a> {
    pub(crate) service: &'a str,
    pub(crate) content_type: Option<&'a str>,
    /// Null when it is not JSON.
    pub(crate) body: Value,
    pub(crate) expected: &'a Map<String, Value>,
}

struct Rule {
    name: &'static str,
    fields: &'static [&'static str],
    covers: fn(&Case<'_>) -> bool,
}

const WORDS: [&str; 4] = ["code", "message", "messages", "errors"];
const DOCUMENT: [&str; 13] = [
    "code",
    "message",
    "messages",
    "errors",
    "request_id",
    "json_recognised",
    "authorization_parameters",
    "consent_required",
    "gare",
    "gare_count",
    "error_data",
    "detail",
    "detail_data_type",
];
const DEMANDS: [&str; 6] =
    ["gare_error", "info_error", "gare", "gare_count", "authorization_parameters", "consent_required"];

const RULES: [Rule; 9] = [
    Rule {
        name: "request-id-anywhere",
        fields: &["request_id"],
        covers: |case| case.expected.get("request_id").is_none_or(Value::is_null),
    },
    Rule {
        name: "no-demand-in-no-object",
        fields: &DEMANDS,
        covers: |case| {
            let parameters = case.body.get("authorization_parameters");
            !case.body.is_object() || parameters.is_some_and(|parameters| !parameters.is_object())
        },
    },
    Rule {
        name: "json-without-content-type",
        fields: &DOCUMENT,
        covers: |case| case.content_type.is_none() && case.body.is_object(),
    },
    Rule {
        name: "media-type-in-any-case",
        fields: &DOCUMENT,
        covers: |case| case.content_type.is_some_and(|kind| kind.chars().any(char::is_uppercase)),
    },
    Rule {
        name: "oauth2-error",
        fields: &WORDS,
        covers: |case| {
            case.service == "auth" && case.body["error"].is_string() && case.body.get("errors").is_none()
        },
    },
    Rule {
        name: "flows-message",
        fields: &WORDS,
        covers: |case| case.service == "flows" && case.body["error"]["message"].is_string(),
    },
    Rule {
        name: "timers-index",
        fields: &["message", "messages"],
        covers: |case| {
            let errors = case.body["detail"].as_array().into_iter().flatten();
            let mut places = errors.filter_map(|error| error["loc"].as_array()).flatten();
            case.service.starts_with("timer") && places.any(|place| !place.is_string())
        },
    },
    Rule {
        name: "compute-reason",
        fields: &WORDS,
        covers: |case| case.service == "compute" && case.body["reason"].is_string(),
    },
    Rule {
        name: "comma-text-domains",
        fields: &["authorization_parameters"],
        covers: |case| {
            let parameters = &case.body["authorization_parameters"];
            ["session_required_single_domain", "session_required_policies"]
                .iter()
                .any(|list| parameters[list].is_string())
        },
    },
];

/// The rules with their reasons.
pub(crate) struct Differences(BTreeMap<&'static str, &'static str>);

impl Differences {
    /// Every rule must have a reason, and every reason a rule.
    pub(crate) fn read() -> Result<Self, String> {
        let reasons: BTreeMap<_, _> = include_str!("DIFFERENCES.md")
            .lines()
            .filter_map(|line| line.strip_prefix("- `")?.split_once("`: "))
            .collect();
        let rules: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
        if rules.len() != reasons.len() || !rules.iter().all(|rule| reasons.contains_key(rule)) {
            return Err(format!("DIFFERENCES.md has {:?}, the rules are {rules:?}", reasons.keys()));
        }
        Ok(Self(reasons))
    }

    /// The rule by which `field` of `case` may be read otherwise, with its reason.
    pub(crate) fn covering(&self, case: &Case<'_>, field: &str) -> Option<(&'static str, &'static str)> {
        let rule = RULES.iter().find(|rule| rule.fields.contains(&field) && (rule.covers)(case))?;
        self.0.get_key_value(rule.name).map(|(rule, reason)| (*rule, *reason))
    }
}
