//! Processes that share one store, each with an app and a person; some die on the way.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::{env, process};

use async_trait::async_trait;
use globus_app::UserApp;
use globus_app::login::{LoginFlowError, LoginFlowErrorKind, ScriptedLogin};
use globus_services::groups::GroupsClient;
use globus_services::transfer::TransferClient;
use globus_tokenstorage::{
    JsonTokenStorage, SqliteTokenStorage, StorageError, StorageLock, TokenData, TokenStorage,
};

use crate::world::{NAME, World};

const DIR: &str = "GLOBUS_APP_TEST_DIR";
const PLAN: &str = "GLOBUS_APP_TEST_PLAN";

/// The instants of a login at which a process is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Crash {
    Never,
    /// The person was asked, and has not answered.
    WhileAsked,
    /// The code is there, and has not been traded.
    WithCode,
    /// The tokens are there, and nothing of them is stored.
    BeforeWrite,
    /// They are being written.
    DuringWrite,
    AfterWrite,
}

impl Crash {
    pub(crate) const ALL: [Self; 5] =
        [Self::WhileAsked, Self::WithCode, Self::BeforeWrite, Self::DuringWrite, Self::AfterWrite];

    fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|crash| format!("{crash:?}") == name).unwrap_or(Self::Never)
    }

    /// Kills the process if this is where it is to end.
    fn comes_if(self, planned: Self) {
        if planned == self {
            kill();
        }
    }
}

/// Ends this process as `kill -9` does: nothing of it runs any more.
fn kill() -> ! {
    let _ = Command::new("kill").args(["-9", &process::id().to_string()]).status();
    // Where there is no such program.
    process::abort()
}

/// What the tokens are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Json,
    Sqlite,
}

impl Kept {
    pub(crate) const ALL: [Self; 2] = [Self::Json, Self::Sqlite];

    fn storage(self, dir: &Path) -> Arc<dyn TokenStorage> {
        match self {
            Self::Json => Arc::new(JsonTokenStorage::new(dir.join("tokens.json"))),
            Self::Sqlite => Arc::new(SqliteTokenStorage::new(dir.join("tokens.db"))),
        }
    }
}

/// A store in a directory.
#[derive(Clone, Debug)]
pub(crate) struct Fleet {
    dir: PathBuf,
    kept: Kept,
    variables: Vec<(String, String)>,
    client_id: String,
    /// The collection that is listed; groups otherwise.
    pub(crate) collection: Option<String>,
}

impl Fleet {
    pub(crate) fn new(dir: &Path, world: &World, kept: Kept) -> Self {
        Self {
            dir: dir.to_owned(),
            kept,
            variables: world.emulator.variables(),
            client_id: world.emulator.native_client_id().to_owned(),
            collection: None,
        }
    }

    pub(crate) fn storage(&self) -> Arc<dyn TokenStorage> {
        self.kept.storage(&self.dir)
    }

    /// Runs processes to their end, which all begin at once.
    pub(crate) fn run(&self, processes: usize, crash: Crash) {
        let gate = File::create(self.dir.join("gate")).unwrap();
        gate.lock().unwrap();
        let children: Vec<Child> = (0..processes).map(|_| self.start(crash)).collect();
        drop(gate);
        for mut child in children {
            assert_eq!(child.wait().unwrap().success(), crash == Crash::Never, "{crash:?}");
        }
    }

    fn start(&self, crash: Crash) -> Child {
        let collection = self.collection.as_deref().unwrap_or("none");
        Command::new(env::current_exe().unwrap())
            .args(["--exact", "fleet::a_child_uses_a_service", "--quiet"])
            .envs(self.variables.iter().cloned())
            .env(DIR, &self.dir)
            .env(PLAN, format!("{} {collection} {crash:?} {:?}", self.client_id, self.kept))
            // Should a crash leave a core file, it is tidied up.
            .current_dir(&self.dir)
            .stdout(Stdio::null())
            .stderr(if crash == Crash::Never { Stdio::inherit() } else { Stdio::null() })
            .spawn()
            .unwrap()
    }

    /// How often somebody was asked.
    pub(crate) fn logins(&self) -> usize {
        fs::read_to_string(self.dir.join("logins")).map_or(0, |lines| lines.lines().count())
    }

    fn note_login(&self) {
        let mut file = OpenOptions::new().append(true).create(true).open(self.dir.join("logins")).unwrap();
        file.write_all(format!("{}\n", process::id()).as_bytes()).unwrap();
    }
}

/// Opens the link with the emulator's switch for "yes", and gives the code that the browser would be sent on with.
fn approve(authorize_url: &str) -> Option<String> {
    let (host, path) = authorize_url.strip_prefix("http://")?.split_once('/')?;
    let mut stream = TcpStream::connect(host).ok()?;
    let request =
        format!("GET /{path}&emulator_approve=1 HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let location = answer.lines().find(|line| line.to_ascii_lowercase().starts_with("location:"))?;
    let code = location.split_once("code=")?.1;
    Some(code.split('&').next()?.trim().to_owned())
}

/// A storage whose process dies during, before or after a write.
#[derive(Clone, Debug)]
struct CrashingStorage {
    inner: Arc<dyn TokenStorage>,
    crash: Crash,
}

#[async_trait]
impl TokenStorage for CrashingStorage {
    async fn store_token_data_by_resource_server(
        &self,
        tokens: &BTreeMap<String, TokenData>,
    ) -> Result<(), StorageError> {
        Crash::BeforeWrite.comes_if(self.crash);
        if self.crash == Crash::DuringWrite {
            std::thread::spawn(|| kill());
            // Sooner or later in one of them.
            loop {
                self.inner.store_token_data_by_resource_server(tokens).await?;
            }
        }
        let stored = self.inner.store_token_data_by_resource_server(tokens).await;
        Crash::AfterWrite.comes_if(self.crash);
        stored
    }

    async fn get_token_data_by_resource_server(&self) -> Result<BTreeMap<String, TokenData>, StorageError> {
        self.inner.get_token_data_by_resource_server().await
    }

    async fn get_token_data(&self, resource_server: &str) -> Result<Option<TokenData>, StorageError> {
        self.inner.get_token_data(resource_server).await
    }

    async fn remove_token_data(&self, resource_server: &str) -> Result<bool, StorageError> {
        self.inner.remove_token_data(resource_server).await
    }

    async fn compare_and_swap(
        &self,
        resource_server: &str,
        expected: Option<&TokenData>,
        new: Option<&TokenData>,
    ) -> Result<bool, StorageError> {
        self.inner.compare_and_swap(resource_server, expected, new).await
    }

    async fn lock(&self, resource_server: &str) -> Result<StorageLock, StorageError> {
        self.inner.lock(resource_server).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_child_uses_a_service() {
    let (Ok(dir), Ok(plan)) = (env::var(DIR), env::var(PLAN)) else { return };
    let [client_id, collection, crash, kept] = plan.split(' ').collect::<Vec<_>>().try_into().unwrap();
    let crash = Crash::named(crash);
    let kept = Kept::ALL.into_iter().find(|known| format!("{known:?}") == kept).unwrap();
    let fleet = Arc::new(Fleet {
        dir: dir.into(),
        kept,
        variables: Vec::new(),
        client_id: client_id.into(),
        collection: None,
    });
    let asked = Arc::clone(&fleet);
    let person = ScriptedLogin::pasting(move |url| {
        asked.note_login();
        Crash::WhileAsked.comes_if(crash);
        async move {
            let code = tokio::task::spawn_blocking(move || approve(&url)).await.ok().flatten();
            Crash::WithCode.comes_if(crash);
            code.ok_or_else(|| LoginFlowError::new(LoginFlowErrorKind::Refused, "no code"))
        }
    });
    let app = UserApp::builder(NAME)
        .client_id(client_id)
        .request_refresh_tokens(true)
        .storage(CrashingStorage { inner: fleet.storage(), crash })
        .login_flow_manager(person)
        .build()
        .unwrap();
    let (groups, transfer) = (GroupsClient::from_app(&app).unwrap(), TransferClient::from_app(&app).unwrap());
    File::open(fleet.dir.join("gate")).unwrap().lock_shared().unwrap();
    match collection {
        "none" => drop(groups.get_my_groups().await.unwrap()),
        collection => drop(transfer.operation_ls(collection).path("/").await.unwrap()),
    }
    app.settle().await;
}
