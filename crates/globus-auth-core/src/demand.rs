//! [`LoginDemand`]: what a login has to satisfy.

use crate::{IntoScopes, ScopeParseError, Scopes};

/// What a service demands of a login before it carries a request out: consents, and how fresh and whose the session is (Globus
/// Auth documentation, "Session"). Empty lists and `None` demand nothing.
///
/// It is for one login, and not for keeps: what a program always needs are its scope requirements.
///
/// ```
/// use globus_auth_core::LoginDemand;
///
/// let mut demand = LoginDemand::for_scopes("transfer[*data_access]");
/// demand.session_required_mfa = Some(true);
/// assert!(demand.covers(&LoginDemand::for_scopes("transfer[*data_access]")));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoginDemand {
    /// The scopes that must be consented to, each as a scope string.
    pub required_scopes: Vec<String>,
    /// One of these identities, as ids or user names, must be in the session.
    pub session_required_identities: Vec<String>,
    /// An identity of one of these domains must be in the session.
    pub session_required_single_domain: Vec<String>,
    /// These policies, as ids, must be satisfied.
    pub session_required_policies: Vec<String>,
    /// Whether a second factor is needed.
    pub session_required_mfa: Option<bool>,
    /// What to tell the person who logs in.
    pub session_message: Option<String>,
    /// How to prompt, such as `login`.
    pub prompt: Option<String>,
}

impl LoginDemand {
    /// A demand for consent to `scopes`, and for nothing else.
    pub fn for_scopes(scopes: impl IntoScopes) -> Self {
        Self { required_scopes: vec![scopes.into_scope_string()], ..Self::default() }
    }

    /// The scopes as trees, merged.
    ///
    /// # Errors
    /// When one of them is no scope string.
    pub fn scopes(&self) -> Result<Scopes, ScopeParseError> {
        Scopes::parse(&self.required_scopes.join(" "))
    }

    /// Whether it demands nothing but consents, which a client without a person can give to itself.
    pub fn is_for_scopes_only(&self) -> bool {
        *self
            == Self {
                required_scopes: self.required_scopes.clone(),
                session_message: self.session_message.clone(),
                ..Self::default()
            }
    }

    /// Whether a login that satisfies this satisfies `other` as well. Of scopes whose text cannot be read, the text is
    /// compared.
    pub fn covers(&self, other: &Self) -> bool {
        let has_all = |ours: &[String], theirs: &[String]| theirs.iter().all(|one| ours.contains(one));
        // "One of these" is satisfied by one of fewer.
        let is_narrower = |ours: &[String], theirs: &[String]| {
            theirs.is_empty() || (!ours.is_empty() && has_all(theirs, ours))
        };
        self.has_scopes_of(other)
            && is_narrower(&self.session_required_identities, &other.session_required_identities)
            && is_narrower(&self.session_required_single_domain, &other.session_required_single_domain)
            && has_all(&self.session_required_policies, &other.session_required_policies)
            && (self.session_required_mfa == Some(true) || other.session_required_mfa != Some(true))
            && (self.prompt == other.prompt || other.prompt.is_none())
    }

    /// One demand for both; nothing when no single login can be sure to satisfy them, because they want different people, or to
    /// prompt in different ways.
    pub fn merged(&self, other: &Self) -> Option<Self> {
        let joined = |ours: &[String], theirs: &[String]| {
            let new = theirs.iter().filter(|one| !ours.contains(one));
            ours.iter().chain(new).cloned().collect::<Vec<_>>()
        };
        let merged = Self {
            required_scopes: joined(&self.required_scopes, &other.required_scopes),
            session_required_identities: narrower(
                &self.session_required_identities,
                &other.session_required_identities,
            ),
            session_required_single_domain: narrower(
                &self.session_required_single_domain,
                &other.session_required_single_domain,
            ),
            session_required_policies: joined(
                &self.session_required_policies,
                &other.session_required_policies,
            ),
            session_required_mfa: self.session_required_mfa.max(other.session_required_mfa),
            session_message: self.session_message.clone().or_else(|| other.session_message.clone()),
            prompt: self.prompt.clone().or_else(|| other.prompt.clone()),
        };
        (merged.covers(self) && merged.covers(other)).then_some(merged)
    }

    fn has_scopes_of(&self, other: &Self) -> bool {
        let has_text = other.required_scopes.iter().all(|scope| self.required_scopes.contains(scope));
        has_text
            || match (self.scopes(), other.scopes()) {
                (Ok(ours), Ok(theirs)) => ours.merge(&theirs).is_ok_and(|both| both == ours),
                _ => false,
            }
    }
}

/// The list that leaves less to choose.
fn narrower(one: &[String], two: &[String]) -> Vec<String> {
    match (one.is_empty(), two.is_empty()) {
        (true, _) => two.to_vec(),
        (_, true) => one.to_vec(),
        _ => one.iter().filter(|item| two.contains(item)).cloned().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn as_one_of(identities: &[&str]) -> LoginDemand {
        let session_required_identities = identities.iter().map(|&id| id.to_owned()).collect();
        LoginDemand { session_required_identities, ..LoginDemand::default() }
    }

    #[test]
    fn scopes_are_compared_by_what_they_say() {
        let wide = LoginDemand::for_scopes("a[*b *c] d");
        for (narrow, covered) in [("a[*b]", true), ("d a", true), ("", true), ("a[e]", false), ("a[[", false)]
        {
            assert_eq!(wide.covers(&LoginDemand::for_scopes(narrow)), covered, "{narrow}");
        }
        assert!(LoginDemand::for_scopes("a[[").covers(&LoginDemand::for_scopes("a[[")));
    }

    #[test]
    fn what_wants_different_people_is_not_for_one_login() {
        assert_eq!(as_one_of(&["a"]).merged(&as_one_of(&["b"])), None);
        assert_eq!(as_one_of(&["a", "b"]).merged(&as_one_of(&["b", "c"])), Some(as_one_of(&["b"])));
        assert_eq!(as_one_of(&["a"]).merged(&LoginDemand::default()), Some(as_one_of(&["a"])));
        assert!(!LoginDemand::default().covers(&as_one_of(&["a"])));
        assert!(as_one_of(&["a"]).covers(&as_one_of(&["a", "b"])));
        assert!(!as_one_of(&["a", "b"]).covers(&as_one_of(&["a"])));
    }

    #[test]
    fn consents_policies_and_factors_add_up() {
        let mut one = LoginDemand::for_scopes("a[*b]");
        one.session_required_policies = vec!["p".to_owned()];
        let mut two = LoginDemand::for_scopes("a[*c]");
        two.session_required_mfa = Some(true);
        two.session_required_policies = vec!["q".to_owned(), "p".to_owned()];
        let both = one.merged(&two).unwrap();
        assert!(both.covers(&one) && both.covers(&two) && !one.covers(&both));
        assert_eq!(both.scopes().unwrap().to_string(), "a[*b *c]");
        assert_eq!(both.session_required_policies, ["p", "q"]);
        assert!(one.is_for_scopes_only() == one.session_required_policies.is_empty());
        assert!(LoginDemand::for_scopes("a").is_for_scopes_only());
        two.prompt = Some("login".to_owned());
        one.prompt = Some("none".to_owned());
        assert_eq!(one.merged(&two), None);
    }
}
