//! Many processes with one expired token. The processes are this test binary, told by a variable to be a child.

use std::process::{self, Command, Stdio};
use std::time::Duration;
use std::{env, fmt};

use async_trait::async_trait;
use globus_auth_core::{
    Clock, ExchangeError, Grant, OAuthToken, OAuthTokenResponse, SystemClock, TokenExchange, UnixTime,
};
use globus_authorizers::{Authorizer, RefreshTokenAuthorizer};
use globus_tokenstorage::{TokenData, TokenStorage};
use tokio::task::JoinSet;

use crate::support::{RS, admin, database, storage};

const URL: &str = "POSTGRES_TEST_PROCESSES";
const PROCESSES: usize = 8;
const TASKS: usize = 50;

/// An Auth that notes each exchange in a table, so that all processes together can be counted.
struct NotedAuth(tokio_postgres::Client);

impl fmt::Debug for NotedAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NotedAuth")
    }
}

#[async_trait]
impl TokenExchange for NotedAuth {
    fn client_id(&self) -> &str {
        "client"
    }

    async fn exchange(&self, grant: Grant) -> Result<OAuthTokenResponse, ExchangeError> {
        let Grant::RefreshToken { refresh_token, .. } = grant else { panic!("no refresh token") };
        self.0.execute("INSERT INTO exchanges VALUES ($1)", &[&refresh_token.expose()]).await.unwrap();
        let token = format!("AgFromProcess{}", process::id());
        let token =
            OAuthToken::new(RS, "all", token, SystemClock.now().saturating_add(Duration::from_secs(3600)))
                .with_refresh_token(Some("AgRotated".into()));
        Ok(OAuthTokenResponse::from_tokens(vec![token], None))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_child_asks_for_headers_in_many_tasks() {
    let Ok(url) = env::var(URL) else { return };
    let authorizer = RefreshTokenAuthorizer::from_storage(NotedAuth(admin(&url).await), storage(&url), RS);
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        let authorizer = authorizer.clone();
        tasks.spawn(async move { authorizer.authorization_header().await.unwrap().unwrap() });
    }
    let headers = tasks.join_all().await;
    assert!(headers.iter().all(|header| header == &headers[0]));
    assert!(headers[0].value().expose().starts_with("Bearer AgFromProcess"));
}

#[tokio::test]
async fn eight_processes_with_one_expired_token_cost_one_exchange_through_postgresql() {
    let url = database().await;
    let admin = admin(&url).await;
    admin.batch_execute("CREATE TABLE exchanges (refresh_token text)").await.unwrap();
    let expired = TokenData::new(RS, "all", "AgExpired", UnixTime::from_seconds(0))
        .with_refresh_token(Some("AgFirst".into()));
    let storage = storage(&url);
    storage.store_token_data(&expired).await.unwrap();
    let children: Vec<process::Child> = (0..PROCESSES)
        .map(|_| {
            Command::new(env::current_exe().unwrap())
                .args(["--exact", "processes::a_child_asks_for_headers_in_many_tasks", "--quiet"])
                .env(URL, &url)
                .stdout(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let exchanges = admin.query("SELECT refresh_token FROM exchanges", &[]).await.unwrap();
    assert_eq!(exchanges.iter().map(|row| row.get(0)).collect::<Vec<String>>(), ["AgFirst"]);
    let stored = storage.get_token_data(RS).await.unwrap().unwrap();
    assert_eq!(stored.refresh_token.unwrap().expose(), "AgRotated");
}
