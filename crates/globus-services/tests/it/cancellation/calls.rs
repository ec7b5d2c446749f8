//! Calls of every kind. Dropped anywhere, a call has sent each of its requests once or not at all, sends nothing more, and leaves a
//! client that works.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};

use globus_auth_core::{Grant, OAuthToken, OAuthTokenResponse, Secret, TokenExchange, UnixTime};
use globus_authorizers::AccessTokenAuthorizer;
use globus_services::auth::{AuthClient, ConfidentialAppAuthClient, NativeAppAuthClient};
use globus_services::groups::GroupsClient;
use globus_services::transfer::{DeleteData, TransferClient, TransferData};
use globus_services::{Error, ErrorKind};
use globus_transport::Method;
use serde_json::{Value, json};

use super::{MOMENTS, MOST, cut};
use crate::scripted::{Arrival, Scripted, settle, transport};
use crate::support::TOKEN;

#[derive(Clone)]
struct Clients {
    transfer: TransferClient,
    groups: GroupsClient,
    auth: AuthClient,
    native: NativeAppAuthClient,
    confidential: ConfidentialAppAuthClient,
}

impl Clients {
    /// Of one server and one connection pool.
    fn of(server: &Scripted) -> Self {
        let (url, transport, token) = (server.url(), transport(), AccessTokenAuthorizer::new(TOKEN));
        macro_rules! client {
            ($builder:expr) => {
                $builder.base_url(url).transport(transport.clone()).build().unwrap()
            };
        }
        Self {
            transfer: client!(TransferClient::builder().authorizer(token.clone())),
            groups: client!(GroupsClient::builder().authorizer(token.clone())),
            auth: client!(AuthClient::builder().authorizer(token.clone())),
            native: client!(NativeAppAuthClient::builder("id")),
            confidential: client!(ConfidentialAppAuthClient::builder("id", "a-secret")),
        }
    }
}

/// A call, and the requests that it makes when nobody drops it.
struct Kind {
    name: &'static str,
    sends: &'static [&'static str],
    start: fn(Clients) -> Pin<Box<dyn Future<Output = bool> + Send>>,
}

macro_rules! kinds {
    ($($name:literal sends [$($line:literal),+]: |$clients:ident| $call:expr;)+) => {
        [$(Kind {
            name: $name,
            sends: &[$($line),+],
            start: |$clients| Box::pin(async move { $call.await.is_ok() }),
        }),+]
    };
}

fn kinds() -> impl IntoIterator<Item = Kind> {
    kinds! {
        "get_endpoint" sends ["GET /v0.10/endpoint/e"]: |clients| clients.transfer.get_endpoint("e");
        "endpoint_search" sends ["GET /v0.10/endpoint_search?limit=1"]: |clients| clients.transfer.endpoint_search().limit(1);
        "operation_ls" sends ["GET /v0.10/operation/endpoint/e/ls"]: |clients| clients.transfer.operation_ls("e");
        "operation_stat" sends ["GET /v0.10/operation/endpoint/e/stat"]: |clients| clients.transfer.operation_stat("e");
        "operation_mkdir" sends ["POST /v0.10/operation/endpoint/e/mkdir"]: |clients| clients.transfer.operation_mkdir("e", "/x");
        "get_task" sends ["GET /v0.10/task/t"]: |clients| clients.transfer.get_task("t");
        "task_list" sends ["GET /v0.10/task_list"]: |clients| clients.transfer.task_list();
        "task_event_list" sends ["GET /v0.10/task/t/event_list"]: |clients| clients.transfer.task_event_list("t");
        "cancel_task" sends ["POST /v0.10/task/t/cancel"]: |clients| clients.transfer.cancel_task("t");
        "task_wait" sends ["GET /v0.10/task/t"]: |clients| clients.transfer.task_wait("t");
        "get_submission_id" sends ["GET /v0.10/submission_id"]: |clients| clients.transfer.get_submission_id();
        "submit_transfer" sends ["GET /v0.10/submission_id", "POST /v0.10/transfer"]:
            |clients| clients.transfer.submit_transfer(TransferData::new("a", "b").item("/x", "/y"));
        "submit_delete" sends ["POST /v0.10/delete"]:
            |clients| clients.transfer.submit_delete(DeleteData::new("a").item("/x").submission_id("s"));
        "items" sends ["GET /v0.10/task_list?limit=1000"]: |clients| clients.transfer.task_list().items().try_collect();
        "raw GET" sends ["GET /v0.10/anything"]: |clients| clients.transfer.request(Method::Get, "v0.10/anything");
        "raw POST" sends ["POST /v0.10/anything"]: |clients| clients.transfer.request(Method::Post, "v0.10/anything").json(&json!({}));
        "get_my_groups" sends ["GET /v2/groups/my_groups"]: |clients| clients.groups.get_my_groups();
        "get_group" sends ["GET /v2/groups/g"]: |clients| clients.groups.get_group("g");
        "create_group" sends ["POST /v2/groups"]: |clients| clients.groups.create_group("g").description("d");
        "delete_group" sends ["DELETE /v2/groups/g"]: |clients| clients.groups.delete_group("g");
        "userinfo" sends ["GET /v2/oauth2/userinfo"]: |clients| clients.auth.userinfo();
        "get_identities" sends ["GET /v2/api/identities?ids=i"]: |clients| clients.auth.get_identities().ids("i");
        "get_jwk" sends ["GET /.well-known/openid-configuration", "GET /jwk.json"]: |clients| clients.auth.get_jwk();
        "decode_id_token" sends ["GET /.well-known/openid-configuration", "GET /jwk.json"]: |clients| refused(&clients.native);
        "login" sends ["POST /v2/oauth2/token"]: |clients| login(&clients.native);
        "exchange" sends ["POST /v2/oauth2/token"]: |clients| clients.confidential.exchange(Grant::client_credentials("s"));
        "oauth2_refresh_token" sends ["POST /v2/oauth2/token"]: |clients| clients.native.oauth2_refresh_token("AgRefresh");
        "oauth2_revoke_token" sends ["POST /v2/oauth2/token/revoke"]: |clients| clients.native.oauth2_revoke_token("AgRefresh");
        "oauth2_client_credentials_tokens" sends ["POST /v2/oauth2/token"]:
            |clients| clients.confidential.oauth2_client_credentials_tokens("s");
        "oauth2_get_dependent_tokens" sends ["POST /v2/oauth2/token"]:
            |clients| clients.confidential.oauth2_get_dependent_tokens("AgAccess");
        "oauth2_token_introspect" sends ["POST /v2/oauth2/token/introspect"]:
            |clients| clients.confidential.oauth2_token_introspect("AgAccess");
    }
}

/// A token that nobody signed is refused, but not before the keys are there.
async fn refused(client: &NativeAppAuthClient) -> Result<(), Option<Error>> {
    let token = OAuthToken::new("auth.globus.org", "openid", "A", UnixTime::from_seconds(0));
    let tokens = OAuthTokenResponse::from_tokens(vec![token], Some(Secret::from("e30.e30.e30")));
    match client.decode_id_token(&tokens, None).await {
        Err(error) if error.kind() == ErrorKind::Decode => Ok(()),
        other => Err(other.err()),
    }
}

async fn login(client: &NativeAppAuthClient) -> Result<(), globus_auth_core::login::LoginError> {
    let flow = client.oauth2_start_flow("openid").state("s").start()?;
    flow.exchange_callback("code=c&state=s").await.map(drop)
}

/// One document that has what any of the answers must have.
fn answer(arrival: &Arrival) -> (u16, String) {
    if arrival.line.ends_with("/my_groups") {
        return (200, "[]".to_owned());
    }
    let item = json!({"id": "1", "name": "a", "task_id": "t", "code": "c"});
    let keys_at = format!("http://{}/jwk.json", arrival.host);
    let document = json!({
        "id": "1", "name": "a", "value": "s", "task_id": "t", "submission_id": "s", "code": "Accepted",
        "status": "SUCCEEDED", "DATA": [item], "total": 1, "has_next_page": false, "sub": "i", "active": true,
        "identities": [], "keys": [], "issuer": "https://auth.globus.org", "jwks_uri": keys_at,
        "access_token": "AgNew", "resource_server": "rs", "expires_in": 100, "scope": "s",
    });
    (200, document.to_string())
}

#[tokio::test(start_paused = true)]
async fn a_call_of_any_kind_dropped_anywhere_sends_nothing_twice_and_leaves_a_client_that_works() {
    for kind in kinds() {
        for (moment, warm) in MOMENTS.into_iter().flat_map(|moment| [(moment, false), (moment, true)]) {
            let mut polls = 0;
            while dropped(&kind, moment, polls, warm).await {
                polls += 1;
            }
            assert!(polls > 1 && polls < MOST, "{} took {polls} looks", kind.name);
        }
    }
}

/// Drops a call after `polls` looks, and makes another. `false` when the first came to its end before that.
async fn dropped(kind: &Kind, moment: super::Moment, polls: usize, warm: bool) -> bool {
    let server = Scripted::start(answer).await;
    let clients = Clients::of(&server);
    if warm {
        assert!((kind.start)(clients.clone()).await);
    }
    let before = server.lines().len();
    let result = cut((kind.start)(clients.clone()), polls, moment).await;
    settle().await;
    let what = format!("{} dropped after {polls} looks, {moment:?}", kind.name);
    let sent = server.lines().split_off(before);
    assert!(kind.sends.starts_with(&sent.iter().map(String::as_str).collect::<Vec<_>>()), "{what}: {sent:?}");
    assert!(result.is_none() || sent.len() == kind.sends.len());

    assert!((kind.start)(clients).await, "{what}: the next call fails");
    settle().await;
    assert_eq!(server.lines()[before + sent.len()..], *kind.sends, "{what}: the next call");
    result.is_none()
}

#[tokio::test(start_paused = true)]
async fn the_answer_to_a_dropped_call_reaches_no_other() {
    for moment in MOMENTS {
        for polls in 0..20 {
            let count = AtomicUsize::new(0);
            let server = Scripted::start(move |arrival| {
                let number = count.fetch_add(1, Ordering::SeqCst);
                (200, json!({"line": arrival.line, "number": number}).to_string())
            })
            .await;
            let client = Clients::of(&server).transfer;
            let _ = cut(
                std::future::IntoFuture::into_future(client.request(Method::Get, "dropped")),
                polls,
                moment,
            )
            .await;
            for number in 0..3 {
                let path = format!("next/{number}");
                let answer: Value = client.request(Method::Get, &*path).await.unwrap().json().unwrap();
                assert_eq!(answer["line"], format!("GET /{path}"), "dropped after {polls} looks, {moment:?}");
            }
        }
    }
}
