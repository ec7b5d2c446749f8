//! What a program demands of the login: `session_required_…`, `prompt`, and what its registration and scopes say.

use super::client::Client;
use super::identity::Identity;
use super::login_session::{Authentication, Session};
use super::policy::Policy;
use super::scope::Scope;
use super::state::AuthState;

/// What a login must be like.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requirements {
    /// Identities that must all have logged in.
    identities: Vec<String>,
    /// Of each of these lists, the identity must be of one domain.
    domains: Vec<Vec<String>>,
    policies: Vec<Policy>,
    /// The provider that must vouch for the identity.
    provider: Option<String>,
    mfa: bool,
    /// Whether it does not matter who logged in before.
    fresh: bool,
}

impl Requirements {
    /// Reads them from the parameters of the authorize request; the error is for the program.
    pub(crate) fn read(
        auth: &AuthState,
        client: &Client,
        scopes: &[Scope],
        param: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let list = |name: &str| -> Vec<String> {
            let value = param(name).unwrap_or_default();
            value.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
        };
        let identity = |named: String| {
            let known = auth.identities.get(&named).or_else(|| auth.identity_named(&named));
            known.map(|identity| identity.id.clone()).ok_or(format!("There is no identity {named}"))
        };
        let policy = |id: String| auth.policies.get(&id).cloned().ok_or(format!("There is no policy {id}"));
        let mut domains = vec![list("session_required_single_domain")];
        required_domains(auth, scopes, &mut domains);
        domains.retain(|list| !list.is_empty());
        Ok(Self {
            identities: list("session_required_identities")
                .into_iter()
                .map(identity)
                .collect::<Result<_, String>>()?,
            domains,
            policies: list("session_required_policies")
                .into_iter()
                .map(policy)
                .collect::<Result<_, String>>()?,
            provider: client.settings.required_idp.clone(),
            mfa: param("session_required_mfa")
                .is_some_and(|mfa| matches!(mfa.as_str(), "True" | "true" | "1")),
            fresh: param("prompt").is_some_and(|prompt| prompt.split(' ').any(|word| word == "login")),
        })
    }

    /// Whether a second factor must be shown.
    pub(crate) fn needs_second_factor(&self) -> bool {
        self.mfa || self.policies.iter().any(|policy| policy.required_mfa)
    }

    /// The identity that must vouch for itself keeps its name in the token, instead of the one it is linked to.
    pub(crate) fn names_a_provider(&self) -> bool {
        self.provider.is_some()
    }

    /// Everybody who has to log in, when this identity does.
    pub(crate) fn everybody(&self, identity: &str) -> Vec<String> {
        let others = self.identities.iter().filter(|other| *other != identity).cloned();
        std::iter::once(identity.to_owned()).chain(others).collect()
    }

    /// The demands as sentences for the user.
    pub(crate) fn sentences(&self, auth: &AuthState) -> Vec<String> {
        let mut sentences = Vec::new();
        if !self.identities.is_empty() {
            let names: Vec<&str> = self.identities.iter().map(|id| auth.username(id)).collect();
            sentences.push(format!("You must log in as {}.", names.join(" and ")));
        }
        for domains in &self.domains {
            sentences.push(format!("Your username must end in {}.", domains.join(" or ")));
        }
        for policy in &self.policies {
            sentences.push(format!("{}: {}.", policy.display_name, policy.description.trim_end_matches('.')));
        }
        if self.provider.is_some() {
            sentences.push("You must log in with the organization of this program.".to_owned());
        }
        if self.fresh {
            sentences.push("An earlier login does not count.".to_owned());
        }
        sentences
    }

    /// Why this identity can never be what is demanded; `None` if it can.
    pub(crate) fn objection(&self, auth: &AuthState, identity: &Identity) -> Option<String> {
        let who = &identity.username;
        if identity.is_client {
            return Some(format!("{who} is a program, and cannot log in"));
        }
        let linked = auth.identity_set(&identity.id);
        if let Some(other) = self.identities.iter().find(|other| !linked.contains(other)) {
            let other = auth.username(other);
            return Some(format!("The login must be that of {other}, which is not linked to {who}"));
        }
        let domain = identity.domain();
        if let Some(list) =
            self.domains.iter().find(|list| !list.iter().any(|d| d.eq_ignore_ascii_case(domain)))
        {
            return Some(format!("{who} is not of {}", list.join(" or ")));
        }
        if let Some(policy) = self.policies.iter().find(|policy| !policy.admits(domain)) {
            return Some(format!("The policy \"{}\" does not admit {who}", policy.display_name));
        }
        match &self.provider {
            Some(provider) if *provider != identity.provider() => {
                Some(format!("The program wants another identity provider than that of {who}"))
            }
            _ => None,
        }
    }

    /// Whether the logins of the session are enough already.
    pub(crate) fn are_met_by(&self, identity: &Identity, session: &Session, now_seconds: i64) -> bool {
        let login = session.logins.get(&identity.id);
        let second_factor = |login: &Authentication| login.mfa || !self.mfa;
        !self.fresh
            && login.is_some_and(second_factor)
            && self.identities.iter().all(|other| session.logins.contains_key(other))
            && self.policies.iter().all(|policy| policy.is_satisfied(identity.domain(), login, now_seconds))
    }
}

/// The domains that scopes ask for, anywhere in the trees.
fn required_domains(auth: &AuthState, scopes: &[Scope], out: &mut Vec<Vec<String>>) {
    for scope in scopes {
        out.extend(auth.registry.get(&scope.name).map(|record| record.required_domains.clone()));
        required_domains(auth, &scope.dependencies, out);
    }
}
