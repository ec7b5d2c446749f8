//! The scopes that exist, and which resource server each belongs to.

use serde::{Deserialize, Serialize};

use crate::ids::named_uuid;
use crate::store::{Table, tables};

pub(crate) const AUTH: &str = "auth.globus.org";
pub(crate) const TRANSFER: &str = "transfer.api.globus.org";
pub(crate) const GROUPS: &str = "groups.api.globus.org";

pub(crate) const TRANSFER_ALL: &str = "urn:globus:auth:scope:transfer.api.globus.org:all";
pub(crate) const GROUPS_ALL: &str = "urn:globus:auth:scope:groups.api.globus.org:all";
pub(crate) const GROUPS_VIEW: &str =
    "urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships";
pub(crate) const IDENTITY_SET: &str = "urn:globus:auth:scope:auth.globus.org:view_identity_set";

/// A scope that Auth knows.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct ScopeRecord {
    pub(crate) id: String,
    pub(crate) resource_server: String,
    /// What it allows, as the login page says it.
    pub(crate) meaning: String,
    /// Scopes that are consented to along with it.
    pub(crate) dependencies: Vec<String>,
}

tables! {
    /// All scopes by name.
    pub(crate) struct Registry {
        scopes: Table<ScopeRecord>,
    }
}

impl Registry {
    pub(crate) fn globus() -> Self {
        let mut registry = Self::default();
        for (name, meaning) in [
            ("openid", "Know who you are"),
            ("profile", "View your name, username and organization"),
            ("email", "View your email address"),
        ] {
            registry.add(name, AUTH, meaning, &[]);
        }
        for (name, meaning) in [
            ("view_identity_set", "View all of your linked identities"),
            ("view_identities", "View identity information"),
            ("view_consents", "View the consents you have given"),
            ("view_authentications", "View your recent logins"),
            ("view_clients", "View your clients"),
            ("view_clients_and_scopes", "View your clients and scopes"),
            ("manage_projects", "Manage your projects, clients and scopes"),
        ] {
            registry.add(&format!("urn:globus:auth:scope:{AUTH}:{name}"), AUTH, meaning, &[]);
        }
        registry.add(TRANSFER_ALL, TRANSFER, "Manage data: list, move and delete your files", &[]);
        let install = format!("urn:globus:auth:scope:{TRANSFER}:gcp_install");
        registry.add(&install, TRANSFER, "Install Globus Connect Personal", &[]);
        registry.add(GROUPS_ALL, GROUPS, "View and manage your groups", &[]);
        registry.add(GROUPS_VIEW, GROUPS, "View your groups and your memberships", &[]);
        registry.add_other_services();
        registry
    }

    /// Services that are not emulated, but whose scopes programs ask for along with the others.
    fn add_other_services(&mut self) {
        let search = "search.api.globus.org";
        for name in ["all", "search", "ingest", "create_index", "globus_ingest"] {
            let scope = format!("urn:globus:auth:scope:{search}:{name}");
            self.add(&scope, search, "Use Globus Search", &[]);
        }
        let flows = "eec9b274-0c81-4334-bdc2-54e90e689b9a";
        for name in ["all", "manage_flows", "view_flows", "run", "run_status", "run_manage"] {
            let scope = format!("https://auth.globus.org/scopes/{flows}/{name}");
            self.add(&scope, "flows.globus.org", "Use Globus Flows", &[]);
        }
        let timers = "524230d7-ea86-4a52-8312-86065a9e0417";
        self.add(
            &format!("https://auth.globus.org/scopes/{timers}/timer"),
            timers,
            "Schedule actions with Globus Timers",
            &[],
        );
        self.add(
            "https://auth.globus.org/scopes/facd7ccc-c5f4-42aa-916b-a0e270e2c2a9/all",
            "funcx_service",
            "Use Globus Compute",
            &[],
        );
    }

    pub(crate) fn add(&mut self, name: &str, resource_server: &str, meaning: &str, dependencies: &[&str]) {
        let record = ScopeRecord {
            id: named_uuid(&format!("scope:{name}")),
            resource_server: resource_server.to_owned(),
            meaning: meaning.to_owned(),
            dependencies: dependencies.iter().map(|&scope| scope.to_owned()).collect(),
        };
        self.scopes.insert(name.to_owned(), record);
    }

    /// The scopes of a client that is a resource server: everything it offers, passed on to Transfer and Groups.
    pub(crate) fn add_resource_server(&mut self, client_id: &str, title: &str) {
        let name = format!("https://auth.globus.org/scopes/{client_id}/all");
        self.add(&name, client_id, &format!("Use {title}"), &[TRANSFER_ALL, GROUPS_VIEW]);
    }

    /// The scopes of a mapped collection that asks for consent before others may use it.
    pub(crate) fn add_collection(&mut self, id: &str, title: &str) {
        let data_access = format!("https://auth.globus.org/scopes/{id}/data_access");
        self.add(&data_access, id, &format!("Access your data on {title}"), &[]);
        let https = format!("https://auth.globus.org/scopes/{id}/https");
        self.add(&https, id, &format!("Read and write files on {title} over HTTPS"), &[]);
    }

    pub(crate) fn get(&self, name: &str) -> Option<&ScopeRecord> {
        self.scopes.get(name)
    }

    /// The first scope in the tree that does not exist.
    pub(crate) fn unknown<'a>(&self, scopes: &'a [super::scope::Scope]) -> Option<&'a str> {
        scopes.iter().find_map(|scope| {
            if self.get(&scope.name).is_none() {
                return Some(scope.name.as_str());
            }
            self.unknown(&scope.dependencies)
        })
    }
}

/// The scope that a collection wants consent for.
pub(crate) fn data_access(collection: &str) -> String {
    format!("https://auth.globus.org/scopes/{collection}/data_access")
}
