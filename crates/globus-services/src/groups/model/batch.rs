//! What came of a batch of actions.

use std::fmt;

use serde_json::Value;

use super::{Membership, MembershipAction};
use crate::model::{Extra, IdentityId, model};

model! {
    /// What came of a batch of actions: by action, the memberships as they are now, and what was refused.
    pub struct BatchMembershipResult {
        /// Whose invitation was accepted.
        accept: Vec<Membership> = list,
        /// Who was added.
        add: Vec<Membership> = list,
        /// Who was let in.
        approve: Vec<Membership> = list,
        /// Who was given another role.
        change_role: Vec<Membership> = list,
        /// Whose invitation was declined.
        decline: Vec<Membership> = list,
        /// Who was invited.
        invite: Vec<Membership> = list,
        /// Who joined.
        join: Vec<Membership> = list,
        /// Who left.
        leave: Vec<Membership> = list,
        /// Who was turned down.
        reject: Vec<Membership> = list,
        /// Who was removed.
        remove: Vec<Membership> = list,
        /// Who has asked to join.
        request_join: Vec<Membership> = list,
        /// What was refused, as the service wrote it; [`BatchMembershipResult::errors`] reads it.
        errors: Option<Value>,
    }
}

model! {
    /// Why an action was refused.
    pub struct MembershipActionError {
        /// Whom it was about.
        identity_id: Option<IdentityId>,
        /// The service's code for it.
        code: Option<String>,
        /// The service's words for it.
        detail: Option<String>,
    }
}

impl BatchMembershipResult {
    /// Each action that was refused, and why. Whatever the service puts there is an error, also where its form is a new one.
    pub fn errors(&self) -> impl Iterator<Item = (MembershipAction, MembershipActionError)> {
        let by_action: Vec<_> = match &self.errors {
            Some(Value::Object(lists)) => {
                lists.iter().map(|(action, list)| (action.as_str(), list)).collect()
            }
            Some(odd) => vec![("errors", odd)],
            None => Vec::new(),
        };
        by_action.into_iter().flat_map(|(action, list)| {
            let errors = match list {
                Value::Null => &[],
                Value::Array(errors) => errors.as_slice(),
                odd => std::slice::from_ref(odd),
            };
            errors.iter().map(move |error| (action.into(), MembershipActionError::read(error)))
        })
    }

    /// Each membership that an action has changed, as it is now.
    pub fn memberships(&self) -> impl Iterator<Item = (MembershipAction, &Membership)> {
        use MembershipAction::{
            Accept, Add, Approve, ChangeRole, Decline, Invite, Join, Leave, Reject, Remove, RequestJoin,
        };
        let lists = [
            (Accept, &self.accept),
            (Add, &self.add),
            (Approve, &self.approve),
            (ChangeRole, &self.change_role),
            (Decline, &self.decline),
            (Invite, &self.invite),
            (Join, &self.join),
            (Leave, &self.leave),
            (Reject, &self.reject),
            (Remove, &self.remove),
            (RequestJoin, &self.request_join),
        ];
        lists.into_iter().flat_map(|(action, list)| list.iter().map(move |each| (action.clone(), each)))
    }

    /// The result, when nothing was refused.
    ///
    /// # Errors
    /// The first action that was refused, when one was. The whole result tells about the others.
    pub fn complete(self) -> Result<Self, MembershipActionError> {
        let first = self.errors().next().map(|(_, error)| error);
        first.map_or(Ok(self), Err)
    }
}

impl MembershipActionError {
    /// One error; what is in no known form becomes its detail.
    fn read(error: &Value) -> Self {
        serde_json::from_value(error.clone()).unwrap_or_else(|_| Self {
            identity_id: None,
            code: None,
            detail: Some(error.as_str().map_or_else(|| error.to_string(), str::to_owned)),
            extra: Extra::default(),
        })
    }
}

impl fmt::Display for MembershipActionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whom = self.identity_id.as_ref().map_or("an identity", IdentityId::as_str);
        write!(f, "the group refused it for {whom}")?;
        match (&self.code, &self.detail) {
            (Some(code), Some(detail)) => write!(f, ": {code}: {detail}"),
            (Some(why), None) | (None, Some(why)) => write!(f, ": {why}"),
            (None, None) => Ok(()),
        }
    }
}

impl std::error::Error for MembershipActionError {}
