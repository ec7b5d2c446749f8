//! Sessions: who logged in, when and how, as resource servers are told on introspection.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::state::{AuthState, Grant};

/// One login of one identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Authentication {
    /// In seconds since 1970.
    pub(crate) at: i64,
    /// Whether a second factor was shown.
    pub(crate) mfa: bool,
}

/// The logins of a browser or, where there is none, of one program.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Session {
    /// By identity.
    pub(crate) logins: BTreeMap<String, Authentication>,
}

impl AuthState {
    /// The session of a token; `None` where a client acts as itself.
    pub(crate) fn session_of(&self, grant: &Grant) -> Option<&Session> {
        self.sessions.get(grant.session.as_ref()?)
    }

    /// The last login of the token's identity, or of one linked to it, in the token's session.
    pub(crate) fn login_of(&self, grant: &Grant) -> Option<Authentication> {
        let logins = &self.session_of(grant)?.logins;
        let of = |identity: &String| logins.get(identity).copied();
        self.identity_set(&grant.identity).iter().filter_map(of).max_by_key(|login| login.at)
    }

    /// When the identity logged in, in seconds, in the session.
    pub(crate) fn logged_in(&self, session: Option<&str>, identity: &str) -> Option<i64> {
        Some(self.sessions.get(session?)?.logins.get(identity)?.at)
    }

    /// When anybody logged in last in the session, in seconds.
    pub(crate) fn last_authentication(&self, session: Option<&str>) -> Option<i64> {
        self.sessions.get(session?)?.logins.values().map(|login| login.at).max()
    }

    /// The `identity_set` of an identity: itself, and those linked to it.
    pub(crate) fn linked_identities(&self, identity: &str, session: Option<&str>) -> Value {
        let entry = |id: &String| Some(self.identities.get(id)?.linked(self.logged_in(session, id)));
        self.identity_set(identity).iter().filter_map(entry).collect()
    }

    /// What introspection says of the session.
    pub(crate) fn session_info(&self, grant: &Grant) -> Value {
        let logins = self.session_of(grant).map(|session| &session.logins);
        let authentications: Map<String, Value> = logins
            .into_iter()
            .flatten()
            .map(|(identity, login)| {
                let provider = self.identities.get(identity).map(super::identity::Identity::provider);
                let entry = json!({
                    "auth_time": login.at,
                    "idp": provider,
                    "acr": login.mfa.then_some("https://refeds.org/profile/mfa"),
                    "amr": login.mfa.then_some(["mfa"]),
                    "custom_claims": {},
                });
                (identity.clone(), entry)
            })
            .collect();
        json!({ "session_id": grant.session, "authentications": authentications })
    }

    /// Whether the session of a token satisfies the policy, by any of the linked identities.
    pub(crate) fn satisfies(&self, grant: &Grant, policy: &str, now_seconds: i64) -> bool {
        let Some(policy) = self.policies.get(policy) else { return false };
        let session = self.session_of(grant);
        self.identity_set(&grant.identity).iter().filter_map(|id| self.identities.get(id)).any(|identity| {
            let login = session.and_then(|session| session.logins.get(&identity.id));
            policy.is_satisfied(identity.domain(), login, now_seconds)
        })
    }
}
