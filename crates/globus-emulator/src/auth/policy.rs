//! Policies: what a login must have been like.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::login_session::Authentication;

/// What resource servers may demand of the one who calls.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Policy {
    pub(crate) id: String,
    pub(crate) project_id: String,
    pub(crate) display_name: String,
    pub(crate) description: String,
    /// Whether an identity counts only if it logged in during this session.
    pub(crate) high_assurance: bool,
    /// For how many seconds a login counts; `None` for as long as the session lasts.
    pub(crate) authentication_assurance_timeout: Option<i64>,
    pub(crate) required_mfa: bool,
    /// Domains of which the identity must be one; `None` for any.
    pub(crate) domain_constraints_include: Option<Vec<String>>,
    /// Domains of which the identity must not be.
    pub(crate) domain_constraints_exclude: Option<Vec<String>>,
}

impl Policy {
    pub(crate) fn document(&self) -> Value {
        json!({
            "id": self.id,
            "project_id": self.project_id,
            "display_name": self.display_name,
            "description": self.description,
            "high_assurance": self.high_assurance,
            "authentication_assurance_timeout": self.authentication_assurance_timeout,
            "required_mfa": self.required_mfa,
            "domain_constraints_include": self.domain_constraints_include,
            "domain_constraints_exclude": self.domain_constraints_exclude,
        })
    }

    /// Whether an identity of the domain may satisfy it at all.
    pub(crate) fn admits(&self, domain: &str) -> bool {
        let named = |list: &Option<Vec<String>>| {
            list.as_ref().map(|domains| domains.iter().any(|name| is_within(domain, name)))
        };
        named(&self.domain_constraints_include).unwrap_or(true)
            && !named(&self.domain_constraints_exclude).unwrap_or(false)
    }

    /// Whether this login of an identity of the domain satisfies it; `None` stands for no login in the session.
    pub(crate) fn is_satisfied(
        &self,
        domain: &str,
        login: Option<&Authentication>,
        now_seconds: i64,
    ) -> bool {
        if !self.admits(domain) {
            return false;
        }
        let Some(login) = login else {
            // An identity that is linked to one in the session is enough where nothing is asked of the login.
            return !self.high_assurance
                && !self.required_mfa
                && self.authentication_assurance_timeout.is_none();
        };
        let recent =
            self.authentication_assurance_timeout.is_none_or(|timeout| now_seconds - login.at <= timeout);
        recent && (login.mfa || !self.required_mfa)
    }
}

/// Whether the domain is the named one, or, for `*.example.org`, below it.
fn is_within(domain: &str, name: &str) -> bool {
    match name.strip_prefix("*.") {
        Some(parent) => domain
            .to_ascii_lowercase()
            .strip_suffix(&parent.to_ascii_lowercase())
            .is_some_and(|rest| rest.ends_with('.')),
        None => domain.eq_ignore_ascii_case(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> Policy {
        Policy {
            id: "p".into(),
            project_id: "q".into(),
            display_name: "P".into(),
            description: "P".into(),
            high_assurance: true,
            authentication_assurance_timeout: Some(60),
            required_mfa: false,
            domain_constraints_include: Some(vec!["example.org".into(), "*.example.org".into()]),
            domain_constraints_exclude: Some(vec!["bad.example.org".into()]),
        }
    }

    #[test]
    fn domains_let_in_and_keep_out() {
        let policy = policy();
        assert!(policy.admits("example.org") && policy.admits("a.Example.org"));
        for other in ["example.com", "notexample.org", "bad.example.org", ""] {
            assert!(!policy.admits(other), "{other}");
        }
    }

    #[test]
    fn a_login_counts_for_a_time_and_with_what_was_shown() {
        let login = Authentication { at: 1000, mfa: false };
        let mut policy = policy();
        assert!(policy.is_satisfied("example.org", Some(&login), 1060));
        assert!(!policy.is_satisfied("example.org", Some(&login), 1061));
        assert!(!policy.is_satisfied("example.org", None, 1000));
        policy.required_mfa = true;
        assert!(!policy.is_satisfied("example.org", Some(&login), 1000));
        assert!(policy.is_satisfied("example.org", Some(&Authentication { at: 1000, mfa: true }), 1000));
    }
}
