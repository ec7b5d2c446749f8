//! Who calls Groups.

use std::collections::BTreeMap;

use super::error::GroupsError;
use super::model::{Group, Status};
use crate::app::App;
use crate::auth::{Authentication, GROUPS, bearer};
use crate::clock::rfc3339;
use crate::http::Call;
use crate::lock::lock;

/// Whoever a token stands for, with all that is linked to it.
#[derive(Debug)]
pub(crate) struct Me {
    /// The identity of the token.
    pub(crate) id: String,
    pub(crate) username: String,
    /// That identity and those that are linked to it.
    pub(crate) identities: Vec<String>,
    /// The logins of the token's session; `None` where a client acts as itself, which logs in with each request.
    logins: Option<BTreeMap<String, Authentication>>,
    now_seconds: i64,
}

impl Me {
    /// The caller, if its token has one of the scopes.
    pub(crate) fn of(app: &App, call: &Call, scopes: &[&str]) -> Result<Self, GroupsError> {
        let grant = bearer(app, call, GROUPS).ok_or_else(GroupsError::unauthorized)?;
        if !grant.has_any_scope(scopes) {
            return Err(GroupsError::missing_scope(scopes, &grant.scopes));
        }
        let auth = lock(&app.auth);
        let username = auth.identities.get(&grant.identity).map(|identity| identity.username.clone());
        let session = grant.session.as_ref().map(|_| auth.session_of(&grant));
        Ok(Self {
            id: grant.identity.clone(),
            username: username.unwrap_or_default(),
            identities: auth.identity_set(&grant.identity),
            logins: session.map(|session| session.map(|session| session.logins.clone()).unwrap_or_default()),
            now_seconds: app.clock.seconds(),
        })
    }

    pub(crate) fn is(&self, identity: &str) -> bool {
        self.identities.iter().any(|mine| mine == identity)
    }

    /// Whether the caller's login is recent enough for the group, if that matters.
    pub(crate) fn assured_for(&self, group: &Group) -> Result<(), GroupsError> {
        let Some(logins) = self.logins.as_ref().filter(|_| group.policies.is_high_assurance) else {
            return Ok(());
        };
        let members: Vec<&str> = group
            .memberships_of(&self.identities)
            .filter(|membership| {
                matches!(membership.status, Status::Active | Status::Invited | Status::Pending)
            })
            .map(|membership| membership.identity_id.as_str())
            .collect();
        let meant = if members.is_empty() { vec![self.id.as_str()] } else { members };
        let timeout = group.policies.authentication_assurance_timeout;
        let recent = |identity: &&str| {
            logins.get(*identity).is_some_and(|login| self.now_seconds - login.at <= timeout)
        };
        if meant.iter().any(recent) {
            return Ok(());
        }
        let message = format!("The group {} wants a login of the last {timeout} seconds", group.name);
        Err(GroupsError::login_required(&message, &meant))
    }

    /// When the logins of the session end to count for the group, by identity.
    pub(crate) fn timeouts(&self, group: &Group) -> serde_json::Value {
        let timeout = group.policies.authentication_assurance_timeout;
        let logins = self.logins.iter().flatten().filter(|_| group.policies.is_high_assurance);
        let entries = logins.map(|(identity, login)| {
            let until = login.at.saturating_add(timeout);
            let entry = serde_json::json!({
                "expire_time": rfc3339(until.saturating_mul(1000)),
                "expires_in": (until - self.now_seconds).max(0),
            });
            (identity.clone(), entry)
        });
        serde_json::Value::Object(entries.collect())
    }
}
