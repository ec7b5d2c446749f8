//! What is there when the emulator starts. It mirrors Globus' own tutorial, so that programs written after that run
//! unchanged.

mod configured;
mod content;
mod endpoints;
pub(crate) mod people;

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub(crate) use self::configured::Configured;
use crate::auth::{AuthState, Client, ClientKind, Credential, Identity, Project, Registry};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::groups::GroupsState;
use crate::ids::{Ids, named_uuid};
use crate::transfer::{Collection, TransferState};

/// The client of the tutorial for native applications.
const NATIVE_CLIENT: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";
/// The template that the Globus CLI makes its clients from.
const CLI_TEMPLATE: &str = "95fdeba8-fac2-42bd-a357-e068d82ff78e";
const SERVICE_NAME: &str = "Demonstration Service";
/// "Globus Tutorial Collection 1".
const COLLECTION_A: &str = "6c54cade-bde5-45c1-bdea-f4bd71dba2cc";
/// "Globus Tutorial Collection 2".
const COLLECTION_B: &str = "31ce9ba0-176d-45a5-add3-f37d233ba47d";

/// The names of the things that programs are pointed at.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct World {
    pub(crate) user_id: String,
    pub(crate) username: String,
    pub(crate) native_client_id: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) collection_a: String,
    pub(crate) collection_b: String,
    pub(crate) collection_data_access: String,
    pub(crate) collection_high_assurance: String,
    /// The directory in which everything is.
    #[serde(skip)]
    pub(crate) base: PathBuf,
    #[serde(skip)]
    pub(crate) collection_a_dir: PathBuf,
    #[serde(skip)]
    pub(crate) collection_b_dir: PathBuf,
    #[serde(skip)]
    pub(crate) collection_data_access_dir: PathBuf,
    #[serde(skip)]
    pub(crate) collection_high_assurance_dir: PathBuf,
    credential_id: String,
    /// What a configuration file names.
    pub(crate) configured: Option<Configured>,
}

impl World {
    /// Names everything and fills the directories, which are made below `base`.
    pub(crate) fn create(
        ids: &Ids,
        seed: Option<u64>,
        base: &Path,
        config: Option<&Config>,
    ) -> io::Result<Self> {
        let user = people::user();
        let client = seed.map_or_else(|| named_uuid("client"), |seed| named_uuid(&format!("client:{seed}")));
        let mut world = Self {
            user_id: user.id,
            username: user.username,
            native_client_id: NATIVE_CLIENT.to_owned(),
            client_id: client,
            client_secret: ids.client_secret(),
            credential_id: ids.uuid(),
            collection_a: COLLECTION_A.to_owned(),
            collection_b: COLLECTION_B.to_owned(),
            collection_data_access: named_uuid("collection:data-access"),
            collection_high_assurance: named_uuid("collection:high-assurance"),
            base: PathBuf::new(),
            collection_a_dir: PathBuf::new(),
            collection_b_dir: PathBuf::new(),
            collection_data_access_dir: PathBuf::new(),
            collection_high_assurance_dir: PathBuf::new(),
            configured: config.and_then(|config| Configured::new(config, ids)),
        };
        world.place(base, config)?;
        world.fill()?;
        Ok(world)
    }

    /// Finds the directories below `base`, and makes those that are not there.
    pub(crate) fn place(&mut self, base: &Path, config: Option<&Config>) -> io::Result<()> {
        self.base = base.canonicalize()?;
        if let (Some(configured), Some(config)) = (&mut self.configured, config) {
            configured.place(config, base)?;
        }
        if self.has_tutorial() {
            let dir = |name: &str| -> io::Result<PathBuf> {
                let path = base.join(name);
                std::fs::create_dir_all(&path)?;
                path.canonicalize()
            };
            self.collection_a_dir = dir("collection-a")?;
            self.collection_b_dir = dir("collection-b")?;
            self.collection_data_access_dir = dir("collection-data-access")?;
            self.collection_high_assurance_dir = dir("collection-high-assurance")?;
        }
        self.point();
        Ok(())
    }

    /// Points programs at what a file names in place of what there is without one, as far as it names it.
    fn point(&mut self) {
        let Some(configured) = self.configured.take() else { return };
        let contents = configured.contents();
        if let Some((id, username)) = &contents.login {
            self.user_id.clone_from(id);
            self.username.clone_from(username);
        }
        if let Some(client) = contents.clients.iter().find(|client| client.public) {
            self.native_client_id.clone_from(&client.id);
        }
        if let Some((client, Some(secret))) = configured.clients().find(|(_, secret)| secret.is_some()) {
            self.client_id.clone_from(&client.id);
            secret.clone_into(&mut self.client_secret);
        }
        if !contents.tutorial {
            let mut plain = configured.placed().filter(|(collection, _)| collection.host.is_none());
            let take = |found: Option<(&config::Collection, &Path)>| {
                found.map(|(collection, dir)| (collection.id.clone(), dir.to_owned())).unwrap_or_default()
            };
            let (a, b) = (take(plain.next()), take(plain.next()));
            let guarded = take(configured.placed().find(|(collection, _)| collection.data_access));
            let assured = take(configured.placed().find(|(collection, _)| collection.high_assurance));
            (self.collection_a, self.collection_a_dir) = a;
            (self.collection_b, self.collection_b_dir) = b;
            (self.collection_data_access, self.collection_data_access_dir) = guarded;
            (self.collection_high_assurance, self.collection_high_assurance_dir) = assured;
        }
        self.configured = Some(configured);
    }

    /// What tells the world of a configuration file from others; `None` for the usual one.
    pub(crate) fn digest(&self) -> Option<String> {
        self.configured.as_ref().map(|configured| configured.digest.clone())
    }

    /// Whether there is what there is without a configuration file.
    fn has_tutorial(&self) -> bool {
        self.configured.as_ref().is_none_or(|configured| configured.contents().tutorial)
    }

    fn fill(&self) -> io::Result<()> {
        if !self.has_tutorial() {
            return Ok(());
        }
        content::tutorial(&self.collection_a_dir)?;
        content::climate_run(&self.collection_a_dir.join("share/climate-run"))?;
        content::tutorial(&self.collection_data_access_dir)?;
        content::tutorial(&self.collection_high_assurance_dir)
    }

    /// Empties the directories, which must be those that were made by [`create`](Self::create), and fills them again.
    pub(crate) fn refill(&self) -> io::Result<()> {
        if let Some(configured) = &self.configured {
            configured.refill()?;
        }
        if !self.has_tutorial() {
            return Ok(());
        }
        for dir in [
            &self.collection_a_dir,
            &self.collection_b_dir,
            &self.collection_data_access_dir,
            &self.collection_high_assurance_dir,
        ] {
            content::empty(dir)?;
        }
        self.fill()
    }

    pub(crate) fn auth(&self, clock: &Clock) -> AuthState {
        let mut auth = AuthState { registry: Registry::globus(), ..AuthState::default() };
        if self.has_tutorial() {
            auth.registry.add_collection(&self.collection_data_access, people::DATA_ACCESS_NAME);
            for identity in people::everybody() {
                auth.identities.insert(identity.id.clone(), identity);
            }
        }
        let project = Project {
            id: named_uuid("project"),
            display_name: "Tutorial Project".to_owned(),
            contact_email: self.username.clone(),
            admin_ids: vec![self.user_id.clone()],
            admin_group_ids: Vec::new(),
        };
        let client = |id: &str, name: &str, kind: ClientKind| Client {
            project: Some(project.id.clone()),
            ..Client::new(id, name, kind)
        };
        let native = client(NATIVE_CLIENT, "Native App Tutorial", ClientKind::PublicInstalledClient);
        auth.add_client(Client { template: true, ..native });
        auth.add_client(Client { template: true, ..Client::public(CLI_TEMPLATE, "Globus CLI") });
        // A confidential client of a configuration file takes its place.
        let is_ours = |configured: &Configured| {
            configured.contents().clients.iter().any(|client| client.id == self.client_id)
        };
        if !self.configured.as_ref().is_some_and(is_ours) {
            auth.registry.add_resource_server(&self.client_id, "the demonstration service");
            let service = ClientKind::HybridConfidentialClientResourceServer;
            let mut service = client(&self.client_id, SERVICE_NAME, service);
            service.credentials.push(Credential {
                id: self.credential_id.clone(),
                name: "default".to_owned(),
                secret: self.client_secret.clone(),
                created: clock.millis(),
            });
            auth.add_client(service);
        }
        if let Some(configured) = &self.configured {
            configured.add_to_auth(&mut auth, &project.id, clock.millis());
        }
        auth.projects.insert(project.id.clone(), project);
        auth
    }

    pub(crate) fn groups(&self, clock: &Clock) -> GroupsState {
        let mut groups = if self.has_tutorial() {
            people::groups(&Identity::client(&self.client_id, SERVICE_NAME), clock.millis())
        } else {
            GroupsState::default()
        };
        if let Some(configured) = &self.configured {
            configured.add_to_groups(&mut groups, clock.millis());
        }
        groups
    }

    pub(crate) fn transfer(&self, clock: &Clock) -> TransferState {
        let mut transfer =
            if self.has_tutorial() { self.tutorial_transfer() } else { TransferState::default() };
        if let Some(configured) = &self.configured {
            configured.add_to_transfer(&mut transfer, clock.millis());
        }
        transfer
    }

    fn tutorial_transfer(&self) -> TransferState {
        let owner = people::user();
        let owner = (owner.id.as_str(), owner.username.as_str());
        let mut transfer = TransferState::default();
        let mut add = |mut collection: Collection, dir: &Path| {
            collection.root = Some(dir.to_path_buf());
            transfer.collections.insert(collection.id.clone(), collection);
        };
        let personal = "GCP_mapped_collection";
        let tutorial = |id, number| {
            let name = format!("Globus Tutorial Collection {number}");
            endpoints::described(Collection::new(id, &name, personal, owner), "Tutorial", "Globus")
        };
        add(tutorial(&self.collection_a, 1), &self.collection_a_dir);
        add(tutorial(&self.collection_b, 2), &self.collection_b_dir);
        let guarded = Collection::new(
            &self.collection_data_access,
            people::DATA_ACCESS_NAME,
            "GCSv5_mapped_collection",
            owner,
        );
        let mut guarded = endpoints::described(guarded, "Asks for consent", "Globus");
        guarded.needs_data_access = true;
        add(guarded, &self.collection_data_access_dir);
        let assured = endpoints::high_assurance(&self.collection_high_assurance);
        add(assured, &self.collection_high_assurance_dir);
        for collection in endpoints::searchable(owner) {
            transfer.collections.insert(collection.id.clone(), collection);
        }
        let (site, points) = endpoints::streaming();
        transfer.collections.insert(site.id.clone(), site);
        for point in points {
            transfer.access_points.insert(point.id.clone(), point);
        }
        transfer
    }
}
