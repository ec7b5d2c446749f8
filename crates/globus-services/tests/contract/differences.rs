//! Which cases may differ. The reasons are in `DIFFERENCES.md`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::Failure;

/// A deliberate difference: which cases it is about (`Client.method case`, `*` at an end stands for anything), and what
/// the complaint about them begins with.
struct Rule {
    name: &'static str,
    cases: &'static str,
    complaint: &'static str,
}

const RULES: &[Rule] = &[];

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
        let rule = RULES.iter().find(|rule| matches(rule.cases, name) && what.starts_with(rule.complaint))?;
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
