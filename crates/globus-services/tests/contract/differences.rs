//! Which cases may differ. The reasons are in `DIFFERENCES.md`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::Failure;

/// A deliberate difference: which cases it is about (`Client.method case`, `*` at an end stands for anything), and what
/// the complaint about them begins with (after its number, when that begins with a space).
struct Rule {
    name: &'static str,
    cases: &'static str,
    complaint: &'static str,
}

const fn rule(name: &'static str, cases: &'static str, complaint: &'static str) -> Rule {
    Rule { name, cases, complaint }
}

const RULES: &[Rule] = &[
    rule("limit-is-of-the-whole", "*caller-limit-is-overridden", "query"),
    rule("limit-is-of-the-whole", "*caller-limit-is-overridden", " items instead of"),
    rule("offset-is-kept", "*caller-offset-only-used-for-first-page", "query"),
    rule("offset-is-kept", "*caller-offset-only-used-for-first-page", " requests instead of"),
    rule("offset-is-kept", "*caller-offset-only-used-for-first-page", " items instead of"),
    rule("cap-is-kept", "*maximum-total-results", "1000 items instead of"),
    rule("cap-is-kept", "*maximum-total-results", " requests instead of"),
    rule("markers-are-sent-back", "*marker-empty-string-does-not-end-and-is-not-sent", "query"),
    rule("links-are-followed-as-they-are", "*caller-query-replaced-by-link-query", "query"),
    rule("one-id-is-a-list-of-one", "*task_ids-single-value", "body.task_id_list"),
    rule("one-id-is-a-list-of-one", "*string-is-split-into-characters", "body.task_id_list"),
    rule("times-are-utc", "*completion-time-datetimes", "query"),
    rule("times-are-utc", "*deadline-datetime-naive", "body.deadline"),
    rule("documents-are-required", "*null-data", " requests instead of"),
    rule("documents-are-required", "*null-data", "a rule cannot be made without a document"),
    rule("polls-come-soon", "TransferClient.task_wait *", " requests instead of"),
    rule("any-wait-looks-once", "TransferClient.task_wait timeout-below-one", "the service's error"),
    rule("any-wait-looks-once", "TransferClient.task_wait timeout-below-one", "no error"),
    rule(
        "every-tunnel-has-a-submission-id",
        "*plain-dict-no-autogeneration",
        "body.data.attributes.submission_id",
    ),
    rule("random-state", "NativeAppAuthClient.oauth2_start_flow*", "result.state is \"(random)\""),
    rule(
        "random-state",
        "NativeAppAuthClient.oauth2_get_authorize_url*",
        "result.query.state is \"(random)\"",
    ),
    rule("random-state", "NativeAppAuthClient.oauth2_get_authorize_url*", "result.url is "),
    rule("random-state", "ConfidentialAppAuthClient.oauth2_start_flow*", "result.state is \"(random)\""),
    rule(
        "random-state",
        "ConfidentialAppAuthClient.oauth2_get_authorize_url*",
        "result.query.state is \"(random)\"",
    ),
    rule("random-state", "ConfidentialAppAuthClient.oauth2_get_authorize_url*", "result.url is "),
    rule(
        "token-type-bearer",
        "*no-expires_in-no-token_type",
        "result.by_resource_server.rs.token_type is \"Bearer\"",
    ),
    rule("null-query-parameter", "*query-param-null-becomes-text-None", "result.query.extra is missing"),
];

/// The rules that have a reason.
pub(crate) struct Differences(BTreeMap<String, String>);

impl Differences {
    /// Reads the reasons: lines such as ``- `name`: reason``.
    ///
    /// Fails when a rule has no reason, or a reason no rule.
    pub(crate) fn read() -> Result<Self, Failure> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract/DIFFERENCES.md");
        let text = fs::read_to_string(&path).map_err(|err| format!("{}: {err}", path.display()))?;
        let reasons: BTreeMap<_, _> = text
            .lines()
            .filter_map(|line| line.strip_prefix("- `")?.split_once("`: "))
            .map(|(name, reason)| (name.to_owned(), reason.to_owned()))
            .collect();
        if let Some(rule) = RULES.iter().find(|rule| !reasons.contains_key(rule.name)) {
            return Err(format!("the rule {} has no reason in {}", rule.name, path.display()).into());
        }
        if let Some(name) = reasons.keys().find(|name| RULES.iter().all(|rule| rule.name != *name)) {
            return Err(format!("{} gives a reason for {name}, which is no rule", path.display()).into());
        }
        Ok(Self(reasons))
    }

    /// The rule that covers the complaint `what` about the case `name`, with its reason.
    pub(crate) fn covering(&self, name: &str, what: &str) -> Option<String> {
        let unnumbered = what.trim_start_matches(|first: char| first.is_ascii_digit());
        let is_about = |complaint: &str| what.starts_with(complaint) || unnumbered.starts_with(complaint);
        let rule = RULES.iter().find(|rule| matches(rule.cases, name) && is_about(rule.complaint))?;
        self.0.get(rule.name).map(|reason| format!("{}: {reason}", rule.name))
    }
}

fn matches(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), _) => name.ends_with(end),
        (None, Some(start)) => name.starts_with(start),
        (None, None) => name == pattern,
    }
}
