//! Which recorded cases may come out otherwise. The reasons are in `DIFFERENCES.md`.

use std::collections::BTreeMap;

use globus_auth_core::scopes::ScopeParseErrorKind as Kind;

use crate::sections::Case;

/// The name of a rule, and the cases that it is about. All are about something that is refused here and was not there.
type Rule = (&'static str, fn(&Case) -> bool);

const RULES: [Rule; 4] = [
    ("whitespace-in-scope", |case| {
        let strange = |c: char| c != ' ' && (c.is_whitespace() || c.is_control());
        case.error == Some(Kind::InvalidCharacter) && case.input.contains(strange)
    }),
    ("asterisk-inside-scope", |case| {
        let inside = case.input.trim_start_matches('*').replace(" *", " ").replace("[*", "[").contains('*');
        matches!(case.error, Some(Kind::UnexpectedAsterisk | Kind::InvalidCharacter)) && inside
    }),
    ("empty-name", |case| {
        case.section == "construct" && case.input.is_empty() && case.error == Some(Kind::Empty)
    }),
    ("blank-list", |case| {
        let blank = !case.input.contains(|c: char| !matches!(c, '[' | ']' | '"' | ',' | ' '));
        case.section == "serialize" && blank && case.error == Some(Kind::Empty)
    }),
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
        let rules: Vec<&str> = RULES.iter().map(|(name, _)| *name).collect();
        if rules.len() != reasons.len() || !rules.iter().all(|rule| reasons.contains_key(rule)) {
            return Err(format!("DIFFERENCES.md has {:?}, the rules are {rules:?}", reasons.keys()));
        }
        Ok(Self(reasons))
    }

    /// The rule that covers `case`, with its reason.
    pub(crate) fn covering(&self, case: &Case) -> Option<(&'static str, &'static str)> {
        let was_accepted = case.expected.get("ok").is_some();
        let (rule, _) = RULES.iter().find(|(_, covers)| was_accepted && covers(case))?;
        self.0.get_key_value(rule).map(|(rule, reason)| (*rule, *reason))
    }
}
