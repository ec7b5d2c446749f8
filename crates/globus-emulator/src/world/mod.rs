//! What is there when the emulator starts. It mirrors Globus' own tutorial, so that programs written after that run
//! unchanged.

mod content;
mod endpoints;
mod people;

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::auth::{AuthState, Client, ClientKind, Credential, Identity, Project, Registry};
use crate::clock::Clock;
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
    #[serde(skip)]
    pub(crate) collection_a_dir: PathBuf,
    #[serde(skip)]
    pub(crate) collection_b_dir: PathBuf,
    #[serde(skip)]
    pub(crate) collection_data_access_dir: PathBuf,
    #[serde(skip)]
    pub(crate) collection_high_assurance_dir: PathBuf,
    credential_id: String,
}

impl World {
    /// Names everything and fills the directories, which are made below `base`.
    pub(crate) fn create(ids: &Ids, seed: Option<u64>, base: &Path) -> io::Result<Self> {
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
            collection_a_dir: PathBuf::new(),
            collection_b_dir: PathBuf::new(),
            collection_data_access_dir: PathBuf::new(),
            collection_high_assurance_dir: PathBuf::new(),
        };
        world.place(base)?;
        world.fill()?;
        Ok(world)
    }

    /// Finds the directories below `base`, and makes those that are not there.
    pub(crate) fn place(&mut self, base: &Path) -> io::Result<()> {
        let dir = |name: &str| -> io::Result<PathBuf> {
            let path = base.join(name);
            std::fs::create_dir_all(&path)?;
            path.canonicalize()
        };
        self.collection_a_dir = dir("collection-a")?;
        self.collection_b_dir = dir("collection-b")?;
        self.collection_data_access_dir = dir("collection-data-access")?;
        self.collection_high_assurance_dir = dir("collection-high-assurance")?;
        Ok(())
    }

    fn fill(&self) -> io::Result<()> {
        content::tutorial(&self.collection_a_dir)?;
        content::climate_run(&self.collection_a_dir.join("share/climate-run"))?;
        content::tutorial(&self.collection_data_access_dir)?;
        content::tutorial(&self.collection_high_assurance_dir)
    }

    /// Empties the directories, which must be those that were made by [`create`](Self::create), and fills them again.
    pub(crate) fn refill(&self) -> io::Result<()> {
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
        auth.registry.add_resource_server(&self.client_id, "the demonstration service");
        auth.registry.add_collection(&self.collection_data_access, people::DATA_ACCESS_NAME);
        for identity in people::everybody() {
            auth.identities.insert(identity.id.clone(), identity);
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
        let native = client(&self.native_client_id, "Native App Tutorial", ClientKind::PublicInstalledClient);
        auth.add_client(Client { template: true, ..native });
        auth.add_client(Client { template: true, ..Client::public(CLI_TEMPLATE, "Globus CLI") });
        let service = ClientKind::HybridConfidentialClientResourceServer;
        let mut service = client(&self.client_id, SERVICE_NAME, service);
        service.credentials.push(Credential {
            id: self.credential_id.clone(),
            name: "default".to_owned(),
            secret: self.client_secret.clone(),
            created: clock.millis(),
        });
        auth.add_client(service);
        auth.projects.insert(project.id.clone(), project);
        auth
    }

    pub(crate) fn groups(&self, clock: &Clock) -> GroupsState {
        people::groups(&Identity::client(&self.client_id, SERVICE_NAME), clock.millis())
    }

    pub(crate) fn transfer(&self) -> TransferState {
        let owner = (self.user_id.as_str(), self.username.as_str());
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
