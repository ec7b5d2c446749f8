//! Processes that share a directory: the token storage, and a fake Auth that keeps what it issued there. The processes
//! are this test binary, told by variables to be a child.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::{env, fs, process};

use async_trait::async_trait;
use globus_auth_core::{
    Clock, ExchangeError, ExchangeErrorKind, Grant, OAuthToken, OAuthTokenResponse, SystemClock,
    TokenExchange, UnixTime,
};
use globus_authorizers::{Authorizer, RefreshTokenAuthorizer};
use globus_tokenstorage::{JsonTokenStorage, SqliteTokenStorage, TokenData, TokenStorage};
use tokio::task::JoinSet;

use crate::crash::{Crash, CrashingStorage};
use crate::support::{RS, put, seconds};

const DIR: &str = "AUTHORIZERS_TEST_DIR";
const PLAN: &str = "AUTHORIZERS_TEST_PLAN";

/// What the processes of a test have in common.
#[derive(Clone, Debug)]
pub(crate) struct Fleet {
    pub(crate) dir: PathBuf,
    pub(crate) plan: Plan,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) sqlite: bool,
    /// Whether Auth gives a new refresh token for each, and takes none twice.
    pub(crate) rotating: bool,
    pub(crate) tasks: usize,
    /// How long Auth takes to answer, in milliseconds.
    pub(crate) latency: u64,
}

/// One exchange, as Auth noted it.
#[derive(Debug)]
pub(crate) struct Note {
    pub(crate) process: u32,
    pub(crate) refresh_token: String,
    /// The refresh token that is good from then on; `None`: refused.
    pub(crate) next: Option<String>,
}

impl Fleet {
    pub(crate) fn new(dir: &Path, plan: Plan) -> Self {
        Self { dir: dir.to_owned(), plan }
    }

    pub(crate) fn storage(&self) -> Arc<dyn TokenStorage> {
        if self.plan.sqlite {
            Arc::new(SqliteTokenStorage::new(self.dir.join("tokens.db")))
        } else {
            Arc::new(JsonTokenStorage::new(self.dir.join("tokens.json")))
        }
    }

    /// Somebody logs in. The access token has ended before it is stored.
    pub(crate) async fn log_in(&self, refresh_token: &str) {
        self.append("exchanges", &format!("0 login {refresh_token}"));
        let data = TokenData::new(RS, "all", "AgExpired", UnixTime::from_seconds(0))
            .with_refresh_token(Some(refresh_token.into()));
        put(&self.storage(), data).await;
    }

    /// The access token that is stored ends.
    pub(crate) async fn expire(&self) {
        let storage = self.storage();
        let mut data = storage.get_token_data(RS).await.unwrap().unwrap();
        data.expires_at = UnixTime::from_seconds(0);
        put(&storage, data).await;
    }

    pub(crate) async fn stored_refresh_token(&self) -> String {
        let stored = self.storage().get_token_data(RS).await.unwrap().unwrap();
        stored.refresh_token.unwrap().expose().to_owned()
    }

    /// The exchanges after the last login.
    pub(crate) fn notes(&self) -> Vec<Note> {
        let notes = fs::read_to_string(self.dir.join("exchanges")).unwrap();
        let mut found = Vec::new();
        for line in notes.lines() {
            let [process, refresh_token, next] = line.split(' ').collect::<Vec<_>>().try_into().unwrap();
            if refresh_token == "login" {
                found.clear();
                continue;
            }
            let (process, refresh_token) = (process.parse().unwrap(), refresh_token.to_owned());
            let next = (next != "refused").then(|| next.to_owned());
            found.push(Note { process, refresh_token, next });
        }
        found
    }

    /// What became of each process that lived: its number, and the token it got or why it got none.
    pub(crate) fn results(&self) -> Vec<(u32, Result<String, String>)> {
        let results = fs::read_to_string(self.dir.join("results")).unwrap_or_default();
        let result = |line: &str| {
            let [process, kind, text] = line.splitn(3, ' ').collect::<Vec<_>>().try_into().unwrap();
            let text = text.to_owned();
            (process.parse().unwrap(), if kind == "token" { Ok(text) } else { Err(text) })
        };
        results.lines().map(result).collect()
    }

    /// Starts processes that ask for headers at once when the returned gate is dropped.
    pub(crate) fn start(&self, processes: usize, crash: Option<Crash>) -> (Vec<Child>, File) {
        let _ = fs::remove_file(self.dir.join("results"));
        let gate = File::create(self.dir.join("gate")).unwrap();
        gate.lock().unwrap();
        let Plan { sqlite, rotating, tasks, latency } = self.plan;
        let crash = crash.map_or("none", Crash::name);
        let start = |_| {
            Command::new(env::current_exe().unwrap())
                .args(["--exact", "fleet::a_child_asks_for_headers", "--quiet"])
                .env(DIR, &self.dir)
                // Should a crash leave a core file, it is tidied up.
                .current_dir(&self.dir)
                .env(PLAN, format!("{sqlite} {rotating} {tasks} {latency} {crash}"))
                .stdout(Stdio::null())
                .spawn()
                .unwrap()
        };
        ((0..processes).map(start).collect(), gate)
    }

    /// Runs processes to their end.
    pub(crate) fn run(&self, processes: usize, crash: Option<Crash>) {
        let (children, gate) = self.start(processes, crash);
        drop(gate);
        for mut child in children {
            assert_eq!(child.wait().unwrap().success(), crash.is_none());
        }
    }

    /// One write, which is there whole or not at all, whenever the process is killed.
    fn append(&self, file: &str, line: &str) {
        let mut file = OpenOptions::new().append(true).create(true).open(self.dir.join(file)).unwrap();
        file.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// Trades a refresh token. All processes meet here.
    fn trade(&self, refresh_token: &str) -> Option<String> {
        let lock = File::create(self.dir.join("auth")).unwrap();
        lock.lock().unwrap();
        let notes = fs::read_to_string(self.dir.join("exchanges")).unwrap();
        let good =
            notes.lines().map(|line| line.rsplit(' ').next().unwrap()).rfind(|last| *last != "refused");
        let next = (good == Some(refresh_token)).then(|| match self.plan.rotating {
            true => format!("AgRefresh{}", notes.lines().count()),
            false => refresh_token.to_owned(),
        });
        let said = next.as_deref().unwrap_or("refused");
        self.append("exchanges", &format!("{} {refresh_token} {said}", process::id()));
        next
    }
}

/// An Auth of many processes.
#[derive(Debug)]
struct SharedAuth(Fleet, Option<Crash>);

#[async_trait]
impl TokenExchange for SharedAuth {
    fn client_id(&self) -> &str {
        "client"
    }

    async fn exchange(&self, grant: Grant) -> Result<OAuthTokenResponse, ExchangeError> {
        let Grant::RefreshToken { refresh_token, .. } = grant else { panic!("no refresh token") };
        Crash::BeforeExchange.comes_if(self.1);
        tokio::time::sleep(seconds(1) / 1000 * u32::try_from(self.0.plan.latency).unwrap()).await;
        let Some(next) = self.0.trade(refresh_token.expose()) else {
            return Err(ExchangeError::new(ExchangeErrorKind::InvalidGrant, "it is spent"));
        };
        Crash::AfterAnswer.comes_if(self.1);
        let token = format!("AgFromProcess{}", process::id());
        let token = OAuthToken::new(RS, "all", token, SystemClock.now().saturating_add(seconds(3600)))
            .with_refresh_token((next != refresh_token.expose()).then(|| next.into()));
        Ok(OAuthTokenResponse::from_tokens(vec![token], None))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_child_asks_for_headers() {
    let (Ok(dir), Ok(plan)) = (env::var(DIR), env::var(PLAN)) else { return };
    let [sqlite, rotating, tasks, latency, crash] = plan.split(' ').collect::<Vec<_>>().try_into().unwrap();
    let plan = Plan {
        sqlite: sqlite.parse().unwrap(),
        rotating: rotating.parse().unwrap(),
        tasks: tasks.parse().unwrap(),
        latency: latency.parse().unwrap(),
    };
    let (fleet, crash) = (Fleet::new(Path::new(&dir), plan), Crash::named(crash));
    File::open(fleet.dir.join("gate")).unwrap().lock_shared().unwrap();
    let storage = CrashingStorage { inner: fleet.storage(), crash };
    let authorizer = RefreshTokenAuthorizer::from_storage(SharedAuth(fleet.clone(), crash), storage, RS);
    let mut tasks = JoinSet::new();
    for _ in 0..plan.tasks {
        let authorizer = authorizer.clone();
        tasks.spawn(async move { authorizer.authorization_header().await });
    }
    let mut results: Vec<String> = Vec::new();
    for result in tasks.join_all().await {
        results.push(match result {
            Ok(header) => format!("token {}", header.unwrap().value().expose()),
            Err(err) if err.needs_login() => format!("login {err}"),
            Err(err) => format!("error {err}"),
        });
    }
    assert!(results.iter().all(|result| *result == results[0]), "{results:?}");
    authorizer.settle().await;
    fleet.append("results", &format!("{} {}", process::id(), results[0]));
}
