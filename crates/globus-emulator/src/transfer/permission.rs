//! Who asks, and what roles on a collection allow.

use std::collections::BTreeSet;

use serde_json::Value;

use super::collection::Collection;
use super::error::TransferError;
use super::state::TransferState;
use crate::app::App;
use crate::lock::lock;

/// An identity, and the groups that it is an active member of.
#[derive(Clone, Debug)]
pub(crate) struct Viewer {
    pub(crate) identity: String,
    groups: BTreeSet<String>,
}

impl Viewer {
    /// Looks at the groups, so nobody may hold them, or Transfer's state, meanwhile.
    pub(crate) fn of(app: &App, identity: &str) -> Self {
        let groups = lock(&app.groups);
        let mine = groups.groups.values().filter(|group| group.role(identity).is_some());
        Self { identity: identity.to_owned(), groups: mine.map(|group| group.id.clone()).collect() }
    }

    /// Whether a rule or role for this principal is one for the viewer.
    pub(crate) fn is(&self, entry: &Value) -> bool {
        match entry["principal_type"].as_str() {
            Some("all_authenticated_users" | "anonymous") => true,
            _ => self.is_named_by(entry),
        }
    }

    /// The same, but what is for everybody does not count.
    pub(crate) fn is_named_by(&self, entry: &Value) -> bool {
        let Some(principal) = entry["principal"].as_str() else { return false };
        match entry["principal_type"].as_str() {
            Some("group") => self.groups.contains(principal),
            Some("all_authenticated_users" | "anonymous") => false,
            _ => principal == self.identity,
        }
    }
}

/// What somebody may do for a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Change the collection, and all that the others may.
    Administrator,
    /// Say who uses it.
    AccessManager,
    /// See, pause and cancel everybody's tasks.
    ActivityManager,
    /// See everybody's tasks.
    ActivityMonitor,
}

impl Role {
    const ALL: [Self; 4] =
        [Self::Administrator, Self::AccessManager, Self::ActivityManager, Self::ActivityMonitor];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::AccessManager => "access_manager",
            Self::ActivityManager => "activity_manager",
            Self::ActivityMonitor => "activity_monitor",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    fn includes(self, other: Self) -> bool {
        match self {
            Self::Administrator => true,
            Self::ActivityManager => matches!(other, Self::ActivityManager | Self::ActivityMonitor),
            _ => self == other,
        }
    }

    /// Whether who has it on a host has it on the guest collections there, too.
    fn is_inherited(self) -> bool {
        matches!(self, Self::ActivityManager | Self::ActivityMonitor)
    }
}

impl Collection {
    /// Whether the viewer has the role on the collection itself.
    pub(crate) fn grants(&self, viewer: &Viewer, wanted: Role) -> bool {
        let held = |entry: &Value| entry["role"].as_str().and_then(Role::parse);
        self.owner_id == viewer.identity
            || self.roles.iter().any(|entry| {
                viewer.is_named_by(entry) && held(entry).is_some_and(|role| role.includes(wanted))
            })
    }

    /// Whether the viewer has the role, on the collection or by way of its host.
    pub(crate) fn allows(&self, transfer: &TransferState, viewer: &Viewer, role: Role) -> bool {
        self.grants(viewer, role)
            || (role.is_inherited() && self.host(transfer).is_some_and(|host| host.grants(viewer, role)))
    }

    pub(crate) fn host<'a>(&self, transfer: &'a TransferState) -> Option<&'a Self> {
        self.host.as_ref().and_then(|(id, _)| transfer.collections.get(id))
    }

    /// The roles of the viewer, those that others include among them.
    pub(crate) fn effective_roles(&self, transfer: &TransferState, viewer: &Viewer) -> Vec<&'static str> {
        let mine = Role::ALL.into_iter().filter(|role| self.allows(transfer, viewer, *role));
        mine.map(Role::as_str).collect()
    }

    /// Whether the viewer may know of it: a private collection is there for those who look after it or may use it.
    pub(crate) fn is_visible_to(&self, transfer: &TransferState, viewer: &Viewer) -> bool {
        self.more.get("public") != Some(&Value::Bool(false))
            || !self.effective_roles(transfer, viewer).is_empty()
            || self.acl.iter().any(|rule| viewer.is(rule))
    }
}

impl TransferState {
    /// The collection, if the viewer may know of it.
    pub(crate) fn visible(&self, id: &str, viewer: &Viewer) -> Result<&Collection, TransferError> {
        let collection = self.collections.get(id).ok_or_else(|| TransferError::no_endpoint(id))?;
        if collection.is_visible_to(self, viewer) {
            Ok(collection)
        } else {
            Err(TransferError::forbidden("The endpoint is private"))
        }
    }

    /// The collection, if the viewer has the role there.
    pub(crate) fn with_role(
        &self,
        id: &str,
        viewer: &Viewer,
        role: Role,
    ) -> Result<&Collection, TransferError> {
        let collection = self.collections.get(id).ok_or_else(|| TransferError::no_endpoint(id))?;
        if collection.allows(self, viewer, role) {
            Ok(collection)
        } else {
            let message = format!("This needs the role {} on the endpoint", role.as_str());
            Err(TransferError::forbidden(message))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn viewer(identity: &str, groups: &[&str]) -> Viewer {
        let groups = groups.iter().map(|&group| group.to_owned()).collect();
        Viewer { identity: identity.to_owned(), groups }
    }

    fn collection(id: &str, roles: &[(&str, &str, &str)]) -> Collection {
        let mut collection = Collection::new(id, id, "GCP_mapped_collection", ("owner", "owner@x"));
        for (kind, principal, role) in roles {
            let entry = json!({ "principal_type": kind, "principal": principal, "role": role });
            collection.roles.push(entry);
        }
        collection
    }

    #[test]
    fn a_role_includes_what_the_documentation_says() {
        let held = |role: Role| Role::ALL.map(|other| role.includes(other));
        assert_eq!(held(Role::Administrator), [true; 4]);
        assert_eq!(held(Role::AccessManager), [false, true, false, false]);
        assert_eq!(held(Role::ActivityManager), [false, false, true, true]);
        assert_eq!(held(Role::ActivityMonitor), [false, false, false, true]);
    }

    #[test]
    fn roles_are_held_by_owners_identities_and_active_members_of_groups() {
        let roles = [("identity", "a", "activity_monitor"), ("group", "g", "access_manager")];
        let shared = collection("c", &roles);
        let mine = |viewer: &Viewer| shared.effective_roles(&TransferState::default(), viewer);
        assert_eq!(mine(&viewer("owner", &[])).len(), 4);
        assert_eq!(mine(&viewer("a", &[])), ["activity_monitor"]);
        assert_eq!(mine(&viewer("b", &["g"])), ["access_manager"]);
        assert!(mine(&viewer("g", &["h"])).is_empty());
    }

    #[test]
    fn roles_for_activity_come_down_from_the_host_and_others_do_not() {
        let roles = [("identity", "a", "administrator"), ("identity", "b", "activity_manager")];
        let mut transfer = TransferState::default();
        transfer.collections.insert("host".to_owned(), collection("host", &roles));
        let mut guest = collection("guest", &[]);
        guest.host = Some(("host".to_owned(), "/".to_owned()));
        let of = |identity| guest.effective_roles(&transfer, &viewer(identity, &[]));
        assert_eq!(of("a"), ["activity_manager", "activity_monitor"]);
        assert_eq!(of("b"), ["activity_manager", "activity_monitor"]);
        assert!(of("c").is_empty());
    }
}
