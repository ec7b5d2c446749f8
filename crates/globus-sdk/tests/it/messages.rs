//! What a user reads, letter for letter: what was being done, to what, why it failed, what to do next.

use std::error::Error as _;
use std::time::Duration;

use globus_emulator::{Fault, FaultAction};
use globus_sdk::prelude::*;
use globus_sdk::{NullAuthorizer, Transport};

use crate::world::World;

/// Compares the one line, with `…` for the request id and `http://globus/` for the emulator, after a look at the whole chain.
#[track_caller]
fn assert_reads(world: &World, error: &Error, expected: &str) {
    let mut texts = vec![error.to_string()];
    let mut below = error.source();
    while let Some(source) = below {
        texts.push(source.to_string());
        below = source.source();
    }
    for (index, text) in texts.iter().enumerate() {
        assert!(!text.contains(['\n', '\r']), "more than a line: {text}");
        let twice = texts[index + 1..].iter().find(|lower| text.contains(lower.as_str()));
        assert_eq!(twice, None, "said twice: {texts:?}");
    }
    let line = texts[0].replace(world.emulator.url(), "http://globus/");
    let line = match (error.request_id(), line.rsplit_once("request id ")) {
        (Some(id), Some((before, after))) => format!("{before}request id {}", after.replace(id, "…")),
        _ => line,
    };
    assert_eq!(line, expected);
}

fn transfer(world: &World) -> TransferClient {
    world.client(ClientCredentialsAuthorizer::new(world.confidential(), [TransferClient::SCOPES.all]))
}

#[tokio::test]
async fn a_missing_consent() {
    let world = World::new().await;
    let collection = world.emulator.collection_data_access();
    let error = transfer(&world).operation_ls(collection).await.unwrap_err();
    let expected = format!(
        "transfer operation_ls (GET http://globus/v0.10/operation/endpoint/{collection}/ls): ConsentRequired: Missing required \
         data_access consent; log in again with consent to urn:globus:auth:scope:transfer.api.globus.org:all\
         [*https://auth.globus.org/scopes/{collection}/data_access] [403, request id …]"
    );
    assert_reads(&world, &error, &expected);
}

#[tokio::test]
async fn a_login_that_is_needed() {
    let world = World::new().await;
    let storage = MemoryTokenStorage::new();
    let stored = || {
        RefreshTokenAuthorizer::from_storage(world.native(), storage.clone(), GroupsClient::RESOURCE_SERVER)
    };
    let call = "groups get_my_groups (GET http://globus/v2/groups/my_groups): ";
    let expect = async |groups: &GroupsClient, expected: &str| {
        let error = groups.get_my_groups().await.unwrap_err();
        assert!(error.needs_login(), "{error}");
        assert_reads(&world, &error, &format!("{call}{expected}"));
    };
    expect(&world.client(stored()), "no tokens for groups.api.globus.org are stored; log in again").await;

    storage.store_token_response(&world.log_in([GroupsClient::SCOPES.all]).await).await.unwrap();
    let groups = world.client(stored());
    world.emulator.revoke_all_tokens();
    let revoked = "Auth no longer accepts the refresh token for groups.api.globus.org: it is expired, revoked, another client's, \
                   or spent, perhaps by a program that was killed while it renewed; log in again";
    // It is remembered, and reads the same.
    expect(&groups, revoked).await;
    expect(&groups, revoked).await;

    let unknown = world.client(AccessTokenAuthorizer::new("AgUnknown"));
    let refused = "UNAUTHORIZED: Call must be authenticated; the token was not accepted: it has expired or is for another \
                   service; log in again [401]";
    expect(&unknown, refused).await;
    let nobody = world.client(NullAuthorizer::new());
    expect(&nobody, "UNAUTHORIZED: Call must be authenticated; log in first [401]").await;
}

#[tokio::test]
async fn a_wrong_client_secret() {
    let world = World::new().await;
    let wrong = ConfidentialAppAuthClient::builder(world.emulator.client_id(), "AgWrong");
    let wrong = wrong.base_url(world.emulator.url()).transport(world.transport.clone()).build().unwrap();
    let transfer: TransferClient = world.client(ClientCredentialsAuthorizer::new(wrong, "x"));
    let error = transfer.task_list().await.unwrap_err();
    let expected = "transfer task_list (GET http://globus/v0.10/task_list): no new access token for the scopes asked for: auth \
                    oauth2_token (POST http://globus/v2/oauth2/token): invalid_client: The client is unknown, or did not \
                    authenticate as it must; the id or secret of the client is wrong [401]";
    assert_reads(&world, &error, expected);
}

#[tokio::test]
async fn answers_of_a_service() {
    let world = World::new().await;
    let transfer = transfer(&world);
    let collection = world.emulator.collection_a();
    let error = transfer.operation_stat(collection).path("/no/such").await.unwrap_err();
    let expected = format!(
        "transfer operation_stat (GET http://globus/v0.10/operation/endpoint/{collection}/stat): NotFound: Path '/no/such' not \
         found [404, request id …]"
    );
    assert_reads(&world, &error, &expected);
    let json_api = r#"{"errors": [{"status": "409", "code": "E", "title": "Conflict", "detail": "it exists\nalready"}]}"#;
    let page = "<html><body><h1>502 Bad Gateway</h1></body></html>";
    for (answer, expected) in [
        (FaultAction::status(409).json(json_api), "E: it exists already [409]"),
        (
            FaultAction::status(502).body("text/html", page),
            "Bad Gateway, with an HTML page instead of an error of the service; try again later [502]",
        ),
        (FaultAction::status(500), "Internal Server Error, without a body; try again later [500]"),
        (
            FaultAction::status(200).body("text/html", "<html>Welcome to the hotel</html>"),
            "the answer cannot be read as Task: it is an HTML page and no JSON; a proxy or a login page may have answered \
             instead of the service",
        ),
        (FaultAction::status(200), "the answer is empty where JSON for Task was expected"),
        (FaultAction::Drop, "the connection to 127.0.0.1 broke off before the answer; try again later"),
    ] {
        world.emulator.inject(Fault::on("/v0.10/task/*", answer).once()).unwrap();
        let error = transfer.get_task("1").with_max_retries(0).await.unwrap_err();
        assert_reads(
            &world,
            &error,
            &format!("transfer get_task (GET http://globus/v0.10/task/1): {expected}"),
        );
    }
}

#[tokio::test]
async fn services_that_cannot_be_reached() {
    let world = World::new().await;
    let call = async |url: &str| {
        let transport = Transport::builder().max_retries(0).build().unwrap();
        let groups = GroupsClient::builder().base_url(url).transport(transport).build().unwrap();
        groups.get_my_groups().await.unwrap_err()
    };
    assert_reads(
        &world,
        &call("http://127.0.0.1:1").await,
        "groups get_my_groups (GET http://127.0.0.1:1/v2/groups/my_groups): 127.0.0.1 refused the connection; nothing listens \
         there, or a firewall is in the way",
    );
    // Without a network, the system says otherwise than with one.
    let unknown = call("http://no-such-host.invalid").await.to_string();
    let begins = "groups get_my_groups (GET http://no-such-host.invalid/v2/groups/my_groups): the ";
    assert!(unknown.starts_with(begins) && unknown.contains("network connection"), "{unknown}");
    #[cfg(feature = "rustls")]
    {
        let url = world.emulator.url().replace("http:", "https:");
        let expected = format!(
            "groups get_my_groups (GET {url}v2/groups/my_groups): no secure connection to 127.0.0.1 could be made; does it \
             speak TLS?"
        );
        assert_reads(&world, &call(&url).await, &expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_is_silent() {
    let world = World::new().await;
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let transport = Transport::builder().max_retries(0).build().unwrap();
    let groups = GroupsClient::builder().base_url(&url).transport(transport).build().unwrap();
    let error = groups.get_my_groups().await.unwrap_err();
    let call = format!("groups get_my_groups (GET {url}v2/groups/my_groups): 127.0.0.1 ");
    let expected = format!("{call}was silent for 60 s; try again later, or raise GLOBUS_SDK_HTTP_TIMEOUT");
    assert_reads(&world, &error, &expected);
    let error = groups.get_my_groups().with_timeout(Duration::from_secs(5)).await.unwrap_err();
    let expected = format!(
        "{call}did not answer within the time of the call; try again later, or give the call more time"
    );
    assert_reads(&world, &error, &expected);
}

#[cfg(feature = "json")]
#[tokio::test]
async fn token_files_that_cannot_be_used() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.json");
    let name = path.display();
    let left = "it was left as it is: restore it, or move it away and log in again";
    let groups = || {
        let storage = JsonTokenStorage::new(&path);
        let authorizer =
            RefreshTokenAuthorizer::from_storage(world.native(), storage, GroupsClient::RESOURCE_SERVER);
        world.client::<GroupsClient>(authorizer)
    };
    let call = "groups get_my_groups (GET http://globus/v2/groups/my_groups): no access token for groups.api.globus.org: ";
    for (content, expected) in [
        (
            "",
            format!(
                "cannot understand the token file {name}: it is empty or cut off (line 1, column 0); {left}"
            ),
        ),
        (
            r#"{"data": {"#,
            format!(
                "cannot understand the token file {name}: it is empty or cut off (line 1, column 10); {left}"
            ),
        ),
        (
            r#"{"format_version": "9.0"}"#,
            format!(
                "cannot use the token file {name}: its `format_version` is neither 1.0 nor 2.0; it was left as it is: use the \
                 program that wrote it, or another file"
            ),
        ),
    ] {
        std::fs::write(&path, content).unwrap();
        let error = groups().get_my_groups().await.unwrap_err();
        assert_reads(&world, &error, &format!("{call}{expected}"));
    }
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    let error = groups().get_my_groups().await.unwrap_err();
    let expected =
        format!("{call}cannot read the token file {name}: a directory is in the way; name a file in it");
    assert_reads(&world, &error, &expected);
}
