//! Every request goes the way that the environment says: for tokens, for keys, to services. A program of its own with an
//! environment of its own makes them.

use std::process::Command;

use globus_sdk::prelude::*;
use globus_sdk::{Method, NullAuthorizer};

mod globus;
mod proxy;

use globus::Globus;
use proxy::Proxy;

/// Set in the program, to what shall become of each request.
const EXPECTED: &str = "TEST_NETWORK_EXPECTED";

/// Which requests there are: the paths of them.
const EVERY: [&str; 7] = [
    "POST /v2/oauth2/token",
    "POST /v2/oauth2/token/revoke",
    "GET /.well-known/openid-configuration",
    "GET /jwk.json",
    "GET /v2/groups/my_groups",
    "GET /v0.10/task_list",
    "GET /v0.10/odd",
];

/// What the program does. In an ordinary test run there is nothing to do.
#[tokio::test]
async fn the_program_makes_every_request_as_its_environment_says() {
    let Ok(expected) = std::env::var(EXPECTED) else { return };
    let auth = ConfidentialAppAuthClient::new("11111111-2222-4333-8444-555555555555", "secret").unwrap();
    let native = NativeAppAuthClient::new("11111111-2222-4333-8444-555555555555").unwrap();
    let renewing = ClientCredentialsAuthorizer::new(auth.clone(), [TransferClient::SCOPES.all]);
    let transfer = TransferClient::new(AccessTokenAuthorizer::new("AgExample")).unwrap();
    let groups = GroupsClient::new(AccessTokenAuthorizer::new("AgExample")).unwrap();
    let renewed = TransferClient::new(renewing).unwrap();
    let anybody = TransferClient::new(NullAuthorizer).unwrap();
    let outcomes = [
        ("a token", of(auth.oauth2_client_credentials_tokens([TransferClient::SCOPES.all]).await)),
        ("a refreshed token", of(native.oauth2_refresh_token("AgExample").await)),
        ("a revocation", of(auth.oauth2_revoke_token("AgExample").await)),
        ("the configuration", of(native.get_openid_configuration().await)),
        ("the keys", of(native.get_jwk().await)),
        ("groups", of(groups.get_my_groups().await)),
        ("tasks", of(transfer.task_list().await)),
        ("tasks, with a token that must be had first", of(renewed.task_list().await)),
        ("a route of one's own", of(anybody.request(Method::Get, "/v0.10/odd").await)),
    ];
    for (what, outcome) in outcomes {
        assert!(outcome.contains(&expected), "{what}: {outcome}");
    }
}

fn of<T>(result: Result<T, Error>) -> String {
    match result {
        Ok(_) => "well".to_owned(),
        Err(error) => format!("{:?}: {error}", error.kind()),
    }
}

/// Runs the program with these variables, and none of those that say where requests go.
async fn program(expected: &str, base: &str, variables: &[(&str, &str)]) {
    let mut program = Command::new(std::env::current_exe().unwrap());
    program.args([
        "--exact",
        "network::the_program_makes_every_request_as_its_environment_says",
        "--nocapture",
    ]);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "GLOBUS_SDK_VERIFY_SSL"] {
        program.env_remove(name).env_remove(name.to_lowercase());
    }
    for service in ["AUTH", "TRANSFER", "GROUPS"] {
        program.env(format!("GLOBUS_SDK_SERVICE_URL_{service}"), base);
    }
    program.env("RUST_BACKTRACE", "0").env(EXPECTED, expected).envs(variables.iter().copied());
    let output = tokio::task::spawn_blocking(move || program.output()).await.unwrap().unwrap();
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

fn assert_every_request_arrived(globus: &Globus) {
    let seen = globus.requests();
    for request in EVERY {
        assert!(seen.iter().any(|line| line.starts_with(&format!("{request} "))), "{request}: {seen:?}");
    }
    assert_eq!(seen.len(), 11, "{seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_ca_is_trusted_by_every_request_when_it_is_named_and_by_none_else() {
    let globus = Globus::start().await;
    let base = format!("https://localhost:{}", globus.port);
    program("well", &base, &[("GLOBUS_SDK_VERIFY_SSL", globus.ca_file())]).await;
    assert_every_request_arrived(&globus);

    let (globus, other) = (Globus::start().await, Globus::start().await);
    let base = format!("https://localhost:{}", globus.port);
    program(
        "the certificate of localhost is not trusted",
        &base,
        &[("GLOBUS_SDK_VERIFY_SSL", other.ca_file())],
    )
    .await;
    assert!(globus.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_request_goes_through_the_proxy_when_there_is_one() {
    let globus = Globus::start().await;
    let proxy = Proxy::start(globus.port).await;
    program(
        "well",
        "https://globus.invalid",
        &[("GLOBUS_SDK_VERIFY_SSL", globus.ca_file()), ("HTTPS_PROXY", &proxy.url)],
    )
    .await;
    assert_every_request_arrived(&globus);
    assert!(!proxy.seen().is_empty());
    assert!(
        proxy.seen().iter().all(|line| line == "CONNECT globus.invalid:443 HTTP/1.1"),
        "{:?}",
        proxy.seen()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_goes_through_the_proxy_to_a_host_that_is_excepted() {
    let globus = Globus::start().await;
    let proxy = Proxy::start(globus.port).await;
    let variables = [
        ("GLOBUS_SDK_VERIFY_SSL", globus.ca_file()),
        ("ALL_PROXY", &*proxy.url),
        ("NO_PROXY", "other.example, .invalid"),
    ];
    // The proxy knows the name, and this machine does not.
    program("the host globus.invalid was not found", "https://globus.invalid", &variables).await;
    // Connecting to this address works nowhere but here.
    #[cfg(target_os = "linux")]
    {
        let base = format!("https://0.0.0.0:{}", globus.port);
        let variables = [
            ("GLOBUS_SDK_VERIFY_SSL", globus.ca_file()),
            ("ALL_PROXY", &*proxy.url),
            ("NO_PROXY", "0.0.0.0"),
        ];
        program("well", &base, &variables).await;
        assert_every_request_arrived(&globus);
    }
    assert!(proxy.seen().is_empty(), "{:?}", proxy.seen());
}

#[tokio::test(flavor = "multi_thread")]
async fn this_machine_is_never_reached_through_a_proxy() {
    let globus = Globus::start().await;
    let proxy = Proxy::start(globus.port).await;
    let base = format!("https://localhost:{}", globus.port);
    program("well", &base, &[("GLOBUS_SDK_VERIFY_SSL", globus.ca_file()), ("ALL_PROXY", &proxy.url)]).await;
    assert_every_request_arrived(&globus);
    assert!(proxy.seen().is_empty());
}
