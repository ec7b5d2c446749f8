//! Projects: who administers which clients, scopes and policies.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::caller::Caller;
use super::client::Client;
use super::identity::Identity;
use super::state::AuthState;

/// A project with its administrators.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Project {
    pub(crate) id: String,
    pub(crate) display_name: String,
    pub(crate) contact_email: String,
    /// Identities that administer it.
    pub(crate) admin_ids: Vec<String>,
    /// Groups whose active members administer it.
    pub(crate) admin_group_ids: Vec<String>,
}

impl Project {
    pub(crate) fn is_administered_by(&self, caller: &Caller) -> bool {
        self.admin_ids.iter().any(|admin| caller.identities.contains(admin))
            || self.admin_group_ids.iter().any(|group| caller.groups.contains(group))
    }

    /// The document; `groups` are the names of groups by their ids.
    pub(crate) fn document(&self, auth: &AuthState, groups: &[(String, String)]) -> Value {
        let identities: Vec<Value> =
            self.admin_ids.iter().filter_map(|id| auth.identities.get(id)).map(Identity::document).collect();
        let admin_groups: Vec<Value> = self
            .admin_group_ids
            .iter()
            .map(|id| {
                let name = groups.iter().find(|(group, _)| group == id).map(|(_, name)| name);
                json!({ "id": id, "name": name })
            })
            .collect();
        json!({
            "id": self.id,
            "display_name": self.display_name,
            "project_name": self.display_name,
            "contact_email": self.contact_email,
            "admin_ids": some(&self.admin_ids),
            "admin_group_ids": some(&self.admin_group_ids),
            "admins": { "identities": identities, "groups": admin_groups },
        })
    }
}

/// A list, or null where it is empty.
fn some(ids: &[String]) -> Option<&[String]> {
    (!ids.is_empty()).then_some(ids)
}

impl AuthState {
    /// Whether the caller administers the project.
    pub(crate) fn administers_project(&self, caller: &Caller, project: &str) -> bool {
        self.projects.get(project).is_some_and(|project| project.is_administered_by(caller))
    }

    /// Whether the caller is the client, its parent, or an administrator of its project.
    pub(crate) fn administers_client(&self, caller: &Caller, client: &Client) -> bool {
        let itself = caller
            .client
            .as_ref()
            .is_some_and(|caller| *caller == client.id || client.parent.as_ref() == Some(caller));
        itself || client.project.as_ref().is_some_and(|project| self.administers_project(caller, project))
    }
}
