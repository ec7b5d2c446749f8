//! Which recorded cases may come out otherwise. The reasons are in `DIFFERENCES.md`.

use std::collections::BTreeMap;

use serde_json::Value;

struct Rule {
    name: &'static str,
    covers: fn(&str, &Value) -> bool,
}

fn is(case: &Value, field: &str, values: &[&str]) -> bool {
    case[field].as_str().is_some_and(|value| values.contains(&value))
}

const RULES: [Rule; 14] = [
    Rule {
        name: "unsafe-is-not-repeated",
        covers: |section, case| section == "statuses" && is(case, "method", &["POST", "PATCH"]),
    },
    Rule {
        name: "redirect-leads-somewhere",
        covers: |section, case| section == "statuses" && case["status"] == 301,
    },
    Rule {
        name: "wish-in-full",
        covers: |section, case| section == "retry_after" && is(case, "retry_after", &["11", "120"]),
    },
    Rule {
        name: "wish-as-date",
        covers: |_, case| case["retry_after"].as_str().is_some_and(|wish| wish.ends_with("GMT")),
    },
    Rule { name: "no-negative-wait", covers: |_, case| is(case, "retry_after", &["-1"]) },
    Rule {
        name: "hopeless-is-not-repeated",
        covers: |_, case| {
            is(case, "exception", &["SSLError", "TooManyRedirects", "InvalidURL", "MissingSchema"])
                || is(case, "location", &["endless loop"])
        },
    },
    Rule { name: "nothing-is-decoded", covers: |_, case| is(case, "exception", &["ContentDecodingError"]) },
    Rule {
        name: "no-such-exception",
        covers: |section, case| {
            let known = ["Timeout", "ProxyError", "HTTPError", "RequestException"];
            let other = case["exception"].as_str().is_some_and(|name| name.starts_with("non-library"));
            section == "exceptions" && (other || is(case, "exception", &known))
        },
    },
    Rule {
        name: "renewal-at-any-point",
        covers: |_, case| is(case, "case", &["renewable authorizer: 503, 401, 200"]),
    },
    Rule {
        name: "renewal-is-no-retry",
        covers: |_, case| is(case, "case", &["renewable authorizer, max_retries 0: 401"]),
    },
    Rule {
        name: "authorizers-have-tests-of-their-own",
        covers: |_, case| {
            case["case"].as_str().is_some_and(|name| name.starts_with("refresh-token authorizer"))
        },
    },
    Rule {
        name: "endpoint-trouble",
        covers: |section, case| {
            section == "transfer_special"
                && case["client"].as_str().is_some_and(|client| client.starts_with("Transfer"))
        },
    },
    Rule {
        name: "body-and-secrecy-stay",
        covers: |section, case| {
            let leaves = is(case, "location", &["other host"]) && case["body_kept"] == true;
            section == "redirects" && (leaves || is(case, "location", &["https to http on same host"]))
        },
    },
    Rule {
        name: "files-are-read-late",
        covers: |_, case| is(case, "GLOBUS_SDK_VERIFY_SSL", &["maybe", "/no/such/file"]),
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

    /// The rule by which `case` may come out otherwise, with its reason.
    pub(crate) fn covering(&self, section: &str, case: &Value) -> Option<(&'static str, &'static str)> {
        let rule = RULES.iter().find(|rule| (rule.covers)(section, case))?;
        self.0.get_key_value(rule.name).map(|(rule, reason)| (*rule, *reason))
    }
}
