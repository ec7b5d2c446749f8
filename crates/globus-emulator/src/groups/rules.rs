//! Which membership actions there are, and who may do which to whom.

use super::me::Me;
use super::model::{Group, Membership, Preferences, Role, Status};

/// What can be done to a membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Accept,
    Add,
    Approve,
    ChangeRole,
    Decline,
    Invite,
    Join,
    Leave,
    Reject,
    Remove,
    RequestJoin,
}

pub(crate) const ACTIONS: &[Action] = &[
    Action::Accept,
    Action::Add,
    Action::Approve,
    Action::ChangeRole,
    Action::Decline,
    Action::Invite,
    Action::Join,
    Action::Leave,
    Action::Reject,
    Action::Remove,
    Action::RequestJoin,
];

impl Action {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Add => "add",
            Self::Approve => "approve",
            Self::ChangeRole => "change_role",
            Self::Decline => "decline",
            Self::Invite => "invite",
            Self::Join => "join",
            Self::Leave => "leave",
            Self::Reject => "reject",
            Self::Remove => "remove",
            Self::RequestJoin => "request_join",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        ACTIONS.iter().copied().find(|action| action.name() == name)
    }

    /// The least role that may do it to others; `None` for what everybody does for themselves.
    pub(crate) fn needs(self) -> Option<Role> {
        match self {
            Self::ChangeRole => Some(Role::Admin),
            Self::Add | Self::Approve | Self::Invite | Self::Reject | Self::Remove => Some(Role::Manager),
            Self::Accept | Self::Decline | Self::Join | Self::Leave | Self::RequestJoin => None,
        }
    }

    /// Whether the request says which role the member gets.
    pub(crate) fn sets_role(self) -> bool {
        matches!(self, Self::Add | Self::ChangeRole | Self::Invite)
    }

    /// The status after it.
    pub(crate) fn leads_to(self) -> Status {
        match self {
            Self::Accept | Self::Add | Self::Approve | Self::ChangeRole | Self::Join => Status::Active,
            Self::Decline => Status::Declined,
            Self::Invite => Status::Invited,
            Self::Leave => Status::Left,
            Self::Reject => Status::Rejected,
            Self::Remove => Status::Removed,
            Self::RequestJoin => Status::Pending,
        }
    }
}

/// Why one change is refused: a code and a sentence.
pub(crate) type Refused = (&'static str, String);

/// One change, and all that matters for it.
pub(crate) struct Attempt<'a> {
    pub(crate) action: Action,
    pub(crate) group: &'a Group,
    pub(crate) me: &'a Me,
    pub(crate) identity: &'a str,
    /// The role that is asked for.
    pub(crate) role: Role,
    /// What the one who is named wants.
    pub(crate) preferences: &'a Preferences,
}

impl Attempt<'_> {
    fn theirs(&self) -> Option<&Membership> {
        self.group.membership(self.identity)
    }

    /// Whether the change may be made.
    pub(crate) fn check(&self) -> Result<(), Refused> {
        let status = self.theirs().map(|membership| membership.status);
        if self.action.needs().is_some() {
            self.check_role()?;
        } else if !self.me.is(self.identity) {
            return Err(forbidden("This can only be done for oneself"));
        }
        match self.action {
            Action::Accept | Action::Decline => need(status, Status::Invited),
            Action::Approve | Action::Reject => need(status, Status::Pending),
            Action::Add => self.check_add(status),
            Action::Invite => self.not_active(status),
            Action::ChangeRole => {
                need(status, Status::Active)?;
                if self.role == Role::Admin { Ok(()) } else { self.not_the_last_admin() }
            }
            Action::Leave => {
                need(status, Status::Active)?;
                self.not_the_last_admin()
            }
            Action::Remove => self.check_remove(status),
            Action::Join | Action::RequestJoin => self.check_join(status),
        }
    }

    /// Who changes others needs a role, and a greater one where these or the wanted role are greater.
    fn check_role(&self) -> Result<(), Refused> {
        let mine = self.group.greatest_role(&self.me.identities);
        let their_role = self.theirs().map(|membership| membership.role);
        let over_admin = their_role == Some(Role::Admin);
        let promotes = self.action.sets_role() && self.role > Role::Member;
        let needed = if over_admin || promotes { Some(Role::Admin) } else { self.action.needs() };
        if mine < needed { Err(forbidden("Your role in the group does not allow this")) } else { Ok(()) }
    }

    fn check_add(&self, status: Option<Status>) -> Result<(), Refused> {
        self.not_active(status)?;
        if status == Some(Status::Left) {
            return Err(forbidden("Who has left the group must be invited"));
        }
        if !self.preferences.allow_add && !self.me.is(self.identity) {
            return Err(forbidden("This identity does not want to be added; it can be invited"));
        }
        Ok(())
    }

    fn check_remove(&self, status: Option<Status>) -> Result<(), Refused> {
        if self.me.is(self.identity) {
            return Err(forbidden("Nobody can remove themselves; they can leave"));
        }
        match status {
            Some(Status::Active) => self.not_the_last_admin(),
            Some(Status::Invited) => Ok(()),
            _ => need(status, Status::Active),
        }
    }

    fn check_join(&self, status: Option<Status>) -> Result<(), Refused> {
        let policies = &self.group.policies;
        if !policies.join_requests || !policies.visible_to_all {
            return Err(forbidden("The group does not take requests to join"));
        }
        if self.action == Action::Join && policies.is_high_assurance {
            return Err(forbidden("A high-assurance group can be joined by request only"));
        }
        self.not_active(status)?;
        if status == Some(Status::Pending) && self.action == Action::RequestJoin {
            return Err(("ALREADY_PENDING", "There is a request to join already".to_owned()));
        }
        let told = self.group.fields.get(self.identity);
        let missing = policies.signup_fields.iter().find(|field| {
            told.and_then(|told| told.get(*field)).and_then(|value| value.as_str()).is_none_or(str::is_empty)
        });
        match missing {
            Some(field) => {
                Err(("MISSING_SIGNUP_FIELD", format!("The group wants to know your {field} before you join")))
            }
            None => Ok(()),
        }
    }

    fn not_active(&self, status: Option<Status>) -> Result<(), Refused> {
        if status == Some(Status::Active) {
            Err(("ALREADY_ACTIVE", "The identity is a member of the group already".to_owned()))
        } else {
            Ok(())
        }
    }

    fn not_the_last_admin(&self) -> Result<(), Refused> {
        if self.group.role(self.identity) == Some(Role::Admin) && self.group.admins() == 1 {
            Err(("LAST_ADMIN", "The group must keep an administrator".to_owned()))
        } else {
            Ok(())
        }
    }
}

fn forbidden(detail: &str) -> Refused {
    ("FORBIDDEN", detail.to_owned())
}

fn need(have: Option<Status>, wanted: Status) -> Result<(), Refused> {
    if have == Some(wanted) {
        Ok(())
    } else {
        let told = format!("There is no {} membership of this identity", wanted.as_str());
        Err(("MEMBERSHIP_NOT_FOUND", told))
    }
}

/// The identities of the caller that may do it to somebody.
pub(crate) fn identities_that_may(action: Action, group: &Group, me: &Me) -> Vec<String> {
    let may = |identity: &&String| match action.needs() {
        Some(role) => group.role(identity) >= Some(role),
        None => {
            let preferences = Preferences::default();
            let role = Role::Member;
            Attempt { action, group, me, identity, role, preferences: &preferences }.check().is_ok()
        }
    };
    me.identities.iter().filter(may).cloned().collect()
}
