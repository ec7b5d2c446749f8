//! The scopes that exist, and which resource server each belongs to.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ids::{is_uuid, named_uuid};
use crate::store::{Table, tables};

pub(crate) const AUTH: &str = "auth.globus.org";
pub(crate) const TRANSFER: &str = "transfer.api.globus.org";
pub(crate) const GROUPS: &str = "groups.api.globus.org";

pub(crate) const TRANSFER_ALL: &str = "urn:globus:auth:scope:transfer.api.globus.org:all";
pub(crate) const GROUPS_ALL: &str = "urn:globus:auth:scope:groups.api.globus.org:all";
pub(crate) const GROUPS_VIEW: &str =
    "urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships";
pub(crate) const IDENTITY_SET: &str = "urn:globus:auth:scope:auth.globus.org:view_identity_set";
pub(crate) const MANAGE_PROJECTS: &str = "urn:globus:auth:scope:auth.globus.org:manage_projects";
pub(crate) const VIEW_CLIENTS: &str = "urn:globus:auth:scope:auth.globus.org:view_clients";
pub(crate) const VIEW_CLIENTS_AND_SCOPES: &str =
    "urn:globus:auth:scope:auth.globus.org:view_clients_and_scopes";

/// A scope that Auth knows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ScopeRecord {
    pub(crate) id: String,
    pub(crate) resource_server: String,
    /// The client that it belongs to.
    pub(crate) client: String,
    pub(crate) title: String,
    /// What it allows, as the login page says it.
    pub(crate) meaning: String,
    /// Scopes that are consented to along with it.
    pub(crate) dependencies: Vec<Dependency>,
    /// Whether those may look it up who do not administer it.
    pub(crate) advertised: bool,
    pub(crate) allows_refresh_token: bool,
    /// Only identities of these domains may allow it; of any domain when there is none.
    pub(crate) required_domains: Vec<String>,
}

/// A scope that another one brings along.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Dependency {
    /// The name of the scope.
    pub(crate) scope: String,
    pub(crate) optional: bool,
    pub(crate) requires_refresh_token: bool,
}

impl ScopeRecord {
    fn needs(&self, scope: &str) -> bool {
        self.dependencies.iter().any(|dependency| dependency.scope == scope)
    }
}

impl Dependency {
    fn on(scope: &str) -> Self {
        Self { scope: scope.to_owned(), optional: false, requires_refresh_token: false }
    }
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
            client: service_client(resource_server),
            title: name.rsplit([':', '/']).next().unwrap_or(name).to_owned(),
            meaning: meaning.to_owned(),
            dependencies: dependencies.iter().map(|scope| Dependency::on(scope)).collect(),
            advertised: true,
            allows_refresh_token: true,
            required_domains: Vec::new(),
        };
        self.insert(name, record);
    }

    pub(crate) fn insert(&mut self, name: &str, record: ScopeRecord) {
        self.scopes.insert(name.to_owned(), record);
    }

    /// Forgets a scope, also where others depend on it.
    pub(crate) fn remove(&mut self, name: &str) -> Option<ScopeRecord> {
        self.scopes.change_where(
            |record| record.needs(name),
            |record| record.dependencies.retain(|d| d.scope != name),
        );
        self.scopes.remove(name)
    }

    /// Changes the name of a scope, also where others depend on it.
    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        if let Some(record) = self.scopes.remove(from) {
            self.scopes.insert(to.to_owned(), record);
        }
        let rename = |record: &mut ScopeRecord| {
            for dependency in record.dependencies.iter_mut().filter(|dependency| dependency.scope == from) {
                to.clone_into(&mut dependency.scope);
            }
        };
        self.scopes.change_where(|record| record.needs(from), rename);
    }

    /// All scopes with their names, in the order of these.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &ScopeRecord)> {
        self.scopes.iter().map(|(name, record)| (name.as_str(), record))
    }

    /// Name and record of the scope with the id.
    pub(crate) fn with_id(&self, id: &str) -> Option<(&str, &ScopeRecord)> {
        self.all().find(|(_, record)| record.id == id)
    }

    /// The document of a scope.
    pub(crate) fn document(&self, name: &str, record: &ScopeRecord) -> Value {
        let dependencies: Vec<Value> = record
            .dependencies
            .iter()
            .filter_map(|dependency| {
                Some(json!({
                    "scope": self.get(&dependency.scope)?.id,
                    "optional": dependency.optional,
                    "requires_refresh_token": dependency.requires_refresh_token,
                }))
            })
            .collect();
        json!({
            "id": record.id,
            "scope_string": name,
            "name": record.title,
            "description": record.meaning,
            "client": record.client,
            "advertised": record.advertised,
            "allows_refresh_token": record.allows_refresh_token,
            "required_domains": record.required_domains,
            "dependent_scopes": dependencies,
        })
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

/// The client behind a resource server. Those of services that are known to have one keep it.
fn service_client(resource_server: &str) -> String {
    match resource_server {
        TRANSFER => "2fbdda78-a599-4cb5-ac3d-1fbcfbc6a754".to_owned(),
        GROUPS => "04896e9e-b98e-437e-becd-8084b9e234a0".to_owned(),
        id if is_uuid(id) => id.to_owned(),
        name => named_uuid(&format!("client:{name}")),
    }
}

/// The scope that a collection wants consent for.
pub(crate) fn data_access(collection: &str) -> String {
    format!("https://auth.globus.org/scopes/{collection}/data_access")
}
