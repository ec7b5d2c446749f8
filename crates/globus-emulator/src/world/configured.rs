//! The part of the world that a configuration file names.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::content;
use crate::auth::{AuthState, Client, ClientKind, Credential, Identity};
use crate::config::{self, Config, Contents};
use crate::groups::{Group, GroupsState, Membership, Role, Status};
use crate::ids::{Ids, named_uuid};
use crate::transfer::{Collection, TransferState};

/// What a file says, and what was made for it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Configured {
    /// What tells it from others: once the world is made, it stays as it is.
    pub(crate) digest: String,
    #[serde(skip)]
    contents: Arc<Contents>,
    /// The directories of the collections, by their ids.
    #[serde(skip)]
    places: BTreeMap<String, PathBuf>,
    /// Secrets of confidential clients, by the clients' ids.
    secrets: BTreeMap<String, Secret>,
}

/// A secret, and the id of the credential that it is.
#[derive(Clone, Deserialize, Serialize)]
struct Secret {
    credential: String,
    secret: String,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secret").field("credential", &self.credential).finish_non_exhaustive()
    }
}

impl Configured {
    /// Makes secrets where none are given; `None` when the file names nothing.
    pub(super) fn new(config: &Config, ids: &Ids) -> Option<Self> {
        let digest = config.digest()?;
        let contents = Arc::clone(&config.contents);
        let confidential = contents.clients.iter().filter(|client| !client.public);
        let secrets = confidential.map(|client| {
            let secret = client.secret.clone().unwrap_or_else(|| ids.client_secret());
            (client.id.clone(), Secret { credential: ids.uuid(), secret })
        });
        Some(Self { digest, secrets: secrets.collect(), places: BTreeMap::new(), contents })
    }

    /// Finds the directories, and makes those that are not there; those of guest collections last, which are in others.
    pub(super) fn place(&mut self, config: &Config, base: &Path) -> io::Result<()> {
        self.contents = Arc::clone(&config.contents);
        let (guests, hosts): (Vec<_>, Vec<_>) =
            self.contents.collections.iter().partition(|collection| collection.host.is_some());
        for collection in hosts.into_iter().chain(guests) {
            let below = |(host, path): &(String, String)| {
                self.places.get(host).map(|place| place.join(path.trim_start_matches('/')))
            };
            let given = collection.directory.clone().or_else(|| collection.host.as_ref().and_then(below));
            let path = given.unwrap_or_else(|| base.join("collections").join(&collection.id));
            let doing = |error: io::Error| {
                io::Error::new(
                    error.kind(),
                    format!("{} (for `{}`): {error}", path.display(), collection.name),
                )
            };
            std::fs::create_dir_all(&path).map_err(doing)?;
            self.places.insert(collection.id.clone(), path.canonicalize().map_err(doing)?);
        }
        Ok(())
    }

    /// Empties the directories that were made here. Those that the user gave stay as they are.
    pub(super) fn refill(&self) -> io::Result<()> {
        let mut made = self
            .contents
            .collections
            .iter()
            .filter(|collection| collection.directory.is_none() && collection.host.is_none());
        made.try_for_each(|collection| {
            self.places.get(&collection.id).map_or(Ok(()), |place| content::empty(place))
        })?;
        // Guest collections are in them.
        self.places.values().try_for_each(std::fs::create_dir_all)
    }

    pub(crate) fn contents(&self) -> &Contents {
        &self.contents
    }

    /// The collections with a directory, in the order of the file.
    pub(crate) fn placed(&self) -> impl Iterator<Item = (&config::Collection, &Path)> {
        self.contents.collections.iter().filter_map(|collection| {
            self.places.get(&collection.id).map(|place| (collection, place.as_path()))
        })
    }

    /// The clients with their secrets, in the order of the file; public ones have none.
    pub(crate) fn clients(&self) -> impl Iterator<Item = (&config::Client, Option<&str>)> {
        self.contents
            .clients
            .iter()
            .map(|client| (client, self.secrets.get(&client.id).map(|secret| secret.secret.as_str())))
    }

    pub(super) fn add_to_auth(&self, auth: &mut AuthState, project: &str, now: i64) {
        for user in &self.contents.users {
            let mut identity = Identity::person(&user.username, "", "");
            identity.id.clone_from(&user.id);
            identity.name.clone_from(&user.name);
            identity.email.clone_from(&user.email);
            identity.organization.clone_from(&user.organization);
            identity.linked_to.clone_from(&user.linked_to);
            auth.identities.insert(identity.id.clone(), identity);
        }
        for client in &self.contents.clients {
            let mut registered = match self.secrets.get(&client.id) {
                None => Client::public(&client.id, &client.name),
                Some(secret) => {
                    let credential = Credential {
                        id: secret.credential.clone(),
                        name: "default".to_owned(),
                        secret: secret.secret.clone(),
                        created: now,
                    };
                    let kind = ClientKind::HybridConfidentialClientResourceServer;
                    let mut confidential = Client::new(&client.id, &client.name, kind);
                    confidential.credentials.push(credential);
                    confidential
                }
            };
            registered.project = Some(project.to_owned());
            registered.redirect_uris.clone_from(&client.redirect_uris);
            auth.add_client(registered);
            for scope in &client.scopes {
                let dependencies: Vec<&str> = scope.dependencies.iter().map(String::as_str).collect();
                auth.registry.add(&scope.scope, &client.id, &scope.description, &dependencies);
            }
        }
        for collection in self.contents.collections.iter().filter(|collection| collection.data_access) {
            auth.registry.add_collection(&collection.id, &collection.name);
        }
    }

    pub(super) fn add_to_groups(&self, state: &mut GroupsState, now: i64) {
        for group in &self.contents.groups {
            let mut made = Group::new(group.id.clone(), &group.name, group.description.as_deref());
            // They are looked up already: nothing in them can be refused.
            let _ = made.policies.change(&group.policies);
            for member in &group.members {
                let role = Role::parse(member.role).unwrap_or(Role::Member);
                let status = Status::parse(member.status).unwrap_or(Status::Active);
                made.set(Membership::new(&member.id, &member.username, role, status, now));
            }
            state.groups.insert(made.id.clone(), made);
        }
    }

    pub(super) fn add_to_transfer(&self, transfer: &mut TransferState, now: i64) {
        for (collection, place) in self.placed() {
            let owner = (collection.owner.0.as_str(), collection.owner.1.as_str());
            let mut made = Collection::new(&collection.id, &collection.name, collection.entity_type, owner);
            made.root = Some(place.to_owned());
            made.host.clone_from(&collection.host);
            made.needs_data_access = collection.data_access;
            made.more.extend(collection.more.clone());
            made.acl = collection.access.iter().map(|rule| self::rule(&collection.id, rule, now)).collect();
            made.roles = collection.roles.iter().map(|role| self::role(&collection.id, role)).collect();
            transfer.collections.insert(made.id.clone(), made);
        }
    }
}

fn rule(collection: &str, rule: &config::Access, now: i64) -> Value {
    let config::Principal { kind, id } = &rule.principal;
    json!({
        "DATA_TYPE": "access",
        "id": named_uuid(&format!("access:{collection}:{kind}:{id}:{}", rule.path)),
        "principal_type": kind,
        "principal": id,
        "path": rule.path,
        "permissions": rule.permissions,
        "role_id": null,
        "role_type": null,
        "create_time": crate::clock::rfc3339(now),
        "expiration_date": null,
    })
}

fn role(collection: &str, role: &config::Role) -> Value {
    let config::Principal { kind, id } = &role.principal;
    json!({
        "DATA_TYPE": "role",
        "id": named_uuid(&format!("role:{collection}:{kind}:{id}:{}", role.role)),
        "principal_type": kind,
        "principal": id,
        "role": role.role,
    })
}
