//! Many processes with one storage. The processes are this test binary, told by a variable to be a child.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, process};

use async_trait::async_trait;
use globus_auth_core::{
    Clock, ExchangeError, Grant, OAuthToken, OAuthTokenResponse, SystemClock, TokenExchange, UnixTime,
};
use globus_authorizers::RefreshTokenAuthorizer;
use globus_tokenstorage::{JsonTokenStorage, TokenData};
use tokio::task::JoinSet;

use crate::support::{RS, put, seconds, token_of};

const DIR: &str = "AUTHORIZERS_TEST_DIR";
const PROCESSES: usize = 8;
const TASKS: usize = 125;

/// An Auth that notes each exchange in a file, so that all processes together can be counted.
#[derive(Debug)]
struct NotedAuth(PathBuf);

#[async_trait]
impl TokenExchange for NotedAuth {
    fn client_id(&self) -> &str {
        "client"
    }

    async fn exchange(&self, grant: Grant) -> Result<OAuthTokenResponse, ExchangeError> {
        let Grant::RefreshToken { refresh_token, .. } = grant else { panic!("no refresh token") };
        let mut notes = OpenOptions::new().append(true).create(true).open(&self.0).unwrap();
        notes.write_all(format!("{}\n", refresh_token.expose()).as_bytes()).unwrap();
        let token = format!("AgFromProcess{}", process::id());
        let token = OAuthToken::new(RS, "all", token, SystemClock.now().saturating_add(seconds(3600)))
            .with_refresh_token(Some("AgRotated".into()));
        Ok(OAuthTokenResponse::from_tokens(vec![token], None))
    }
}

fn notes(dir: &Path) -> PathBuf {
    dir.join("exchanges")
}

fn storage(dir: &Path) -> JsonTokenStorage {
    JsonTokenStorage::new(dir.join("tokens.json"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_child_asks_for_headers_in_many_tasks() {
    let Some(dir) = env::var_os(DIR).map(PathBuf::from) else { return };
    let authorizer = RefreshTokenAuthorizer::from_storage(NotedAuth(notes(&dir)), storage(&dir), RS);
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        let authorizer = authorizer.clone();
        tasks.spawn(async move { token_of(&authorizer).await });
    }
    let tokens = tasks.join_all().await;
    assert!(tokens.iter().all(|token| token == &tokens[0] && token.starts_with("AgFromProcess")));
}

#[tokio::test]
async fn eight_processes_of_many_tasks_cost_one_exchange() {
    let dir = tempfile::tempdir().unwrap();
    let expired = TokenData::new(RS, "all", "AgExpired", UnixTime::from_seconds(0))
        .with_refresh_token(Some("AgFirst".into()));
    put(&storage(dir.path()), expired).await;
    let children: Vec<process::Child> = (0..PROCESSES)
        .map(|_| {
            Command::new(env::current_exe().unwrap())
                .args(["--exact", "processes::a_child_asks_for_headers_in_many_tasks", "--quiet"])
                .env(DIR, dir.path())
                .stdout(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(fs::read_to_string(notes(dir.path())).unwrap(), "AgFirst\n");
}
