use std::time::Duration;

use globus_emulator::Emulator;
use tempfile::TempDir;

use crate::session::Session;

struct World {
    emulator: Emulator,
    home: TempDir,
}

impl World {
    async fn new() -> Self {
        Self { emulator: Emulator::start().await.unwrap(), home: tempfile::tempdir().unwrap() }
    }

    fn start(&self, example: &str) -> Session {
        self.start_with(example, &[])
    }

    fn start_with(&self, example: &str, arguments: &[&str]) -> Session {
        Session::start(example, arguments, &self.emulator, self.home.path())
    }

    async fn log_in_and_run(&self, example: &str) -> String {
        let mut session = self.start(example);
        session.log_in(&self.emulator).await;
        session.output()
    }

    /// How many requests of this method and path have arrived.
    fn count(&self, method: &str, path: &str) -> usize {
        self.emulator.requests().iter().filter(|seen| seen.method == method && seen.path == path).count()
    }

    /// No program prints a token.
    fn assert_no_secret_in(&self, output: &str) {
        let secrets = self.emulator.issued_secrets();
        assert!(!secrets.is_empty());
        assert!(!secrets.iter().any(|secret| output.contains(secret.as_str())), "{output}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tutorial_logs_in_and_finds_the_tutorial_collections() {
    let world = World::new().await;
    let output = world.log_in_and_run("tutorial").await;
    assert!(output.contains("transfer.api.globus.org: Bearer token for"), "{output}");
    assert!(
        output.contains("[6c54cade-bde5-45c1-bdea-f4bd71dba2cc] Globus Tutorial Collection 1"),
        "{output}"
    );
    world.assert_no_secret_in(&output);
}

#[tokio::test(flavor = "multi_thread")]
async fn tutorial_refresh_tokens_lists_my_endpoints() {
    let world = World::new().await;
    let output = world.log_in_and_run("tutorial_refresh_tokens").await;
    assert!(output.contains("Globus Tutorial Collection 2"), "{output}");
    world.assert_no_secret_in(&output);
}

#[tokio::test(flavor = "multi_thread")]
async fn client_credentials_needs_no_person() {
    let world = World::new().await;
    let output = world.start("client_credentials").output();
    assert!(output.contains("Globus Tutorial Collection 1"), "{output}");
    world.assert_no_secret_in(&output);
}

#[tokio::test(flavor = "multi_thread")]
async fn list_groups_prints_csv() {
    let world = World::new().await;
    let output = world.log_in_and_run("list_groups").await;
    let table: Vec<&str> = output.lines().skip_while(|line| !line.contains("ID,Name")).collect();
    assert!(table.len() > 2, "{output}");
    assert!(table[1..].iter().all(|row| row.split(',').count() >= 5), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn list_groups_with_storage_logs_in_once_and_renews_by_itself() {
    let world = World::new().await;
    let table = |output: &str| {
        output.lines().skip_while(|line| !line.starts_with("ID,")).map(str::to_owned).collect::<Vec<_>>()
    };
    let first = table(&world.log_in_and_run("list_groups_with_storage").await);
    assert!(first.len() > 2);
    assert_eq!(world.count("POST", "/v2/oauth2/token"), 1);

    // Again: no login, and no token request either.
    let second = world.start("list_groups_with_storage").output();
    assert_eq!(table(&second), first);
    assert!(!second.contains("log in"), "{second}");
    assert_eq!(world.count("POST", "/v2/oauth2/token"), 1);

    // After the access token has lapsed: one renewal, which is stored.
    world.emulator.advance_clock(Duration::from_secs(49 * 3600));
    assert_eq!(table(&world.start("list_groups_with_storage").output()), first);
    assert_eq!(world.count("POST", "/v2/oauth2/token"), 2);
    assert_eq!(table(&world.start("list_groups_with_storage").output()), first);
    assert_eq!(world.count("POST", "/v2/oauth2/token"), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn list_groups_with_storage_asks_for_a_login_when_the_tokens_were_revoked() {
    let world = World::new().await;
    world.log_in_and_run("list_groups_with_storage").await;
    world.emulator.revoke_all_tokens();
    let output = world.log_in_and_run("list_groups_with_storage").await;
    assert!(output.contains("ID,Name,Roles"), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn authorizers_shows_each_kind() {
    let world = World::new().await;
    let output = world.log_in_and_run("authorizers").await;
    for kind in ["access token", "client credentials", "refresh token"] {
        assert!(
            output.contains(&format!("{kind}: the collection is Globus Tutorial Collection 1")),
            "{output}"
        );
    }
    assert!(output.contains("basic: the token is good: true"), "{output}");
    world.assert_no_secret_in(&output);
}

#[tokio::test(flavor = "multi_thread")]
async fn transfer_copies_the_files_and_tells_what_happened() {
    let world = World::new().await;
    let output = world.log_in_and_run("transfer").await;
    assert!(output.contains("succeeded: 3 files"), "{output}");
    assert!(output.contains("  SUCCEEDED"), "{output}");
    let arrived = world.emulator.collection_b_dir().join("home");
    let user = std::fs::read_dir(arrived).unwrap().next().unwrap().unwrap().path();
    assert!(user.join("godata/file1.txt").is_file());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_code_is_explained() {
    let world = World::new().await;
    let mut session = world.start("tutorial");
    session.type_line("not-the-code");
    let errors = session.failure();
    assert!(errors.contains("invalid_grant"), "{errors}");
}

impl World {
    /// Somebody has logged in to the app of this name before, for what `scopes` name by resource server.
    async fn log_in_to(&self, app: &str, scopes: [(&str, &str); 1]) {
        let login = globus_sdk::app::login::NoLogin;
        let app = globus_sdk::UserApp::builder(app)
            .client_id("61338d24-54d5-408f-a10d-66c06b59f6d2")
            .request_refresh_tokens(true)
            .variables(globus_sdk::transport::Variables::from_pairs(self.emulator.variables()))
            .home(self.home.path().join(".globus"))
            .login_flow_manager(login)
            .build()
            .unwrap();
        for (resource_server, scopes) in scopes {
            app.add_scope_requirements(resource_server, scopes).unwrap();
        }
        let begun = app.begin_login().await.unwrap();
        let code = self.emulator.approve(begun.authorize_url()).await.unwrap();
        let answer = globus_sdk::app::login::LoginAnswer::code(begun.flow().clone(), code);
        app.complete_login(answer).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn list_groups_with_app_uses_the_login_of_the_app_and_renews_by_itself() {
    use globus_sdk::prelude::GroupsClient;
    let world = World::new().await;
    let scopes = GroupsClient::SCOPES.view_my_groups_and_memberships;
    world.log_in_to("list-my-globus-groups", [(GroupsClient::RESOURCE_SERVER, scopes)]).await;
    for exchanges in [1, 2] {
        let output = world.start("list_groups_with_app").output();
        assert!(output.lines().skip_while(|line| !line.starts_with("ID,")).count() > 2, "{output}");
        assert_eq!(world.count("POST", "/v2/oauth2/token"), exchanges);
        world.assert_no_secret_in(&output);
        world.emulator.advance_clock(Duration::from_secs(49 * 3600));
        // The program's clock does not see it: the service refuses the token, and it is renewed.
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn list_groups_with_app_says_at_once_that_somebody_has_to_log_in_where_nobody_can() {
    let world = World::new().await;
    let errors = world.start("list_groups_with_app").failure();
    assert!(errors.contains("somebody has to log in"), "{errors}");
}

#[tokio::test(flavor = "multi_thread")]
async fn transfer_with_app_moves_a_file_with_the_login_of_the_app() {
    use globus_sdk::prelude::TransferClient;
    let world = World::new().await;
    let collection = world.emulator.collection_data_access();
    let scope = TransferClient::data_access_scope(collection).unwrap().to_string();
    world.log_in_to("my-simple-transfer", [(TransferClient::RESOURCE_SERVER, &scope)]).await;
    let source = world.emulator.collection_data_access_dir().join("file.txt");
    std::fs::write(source, "content").unwrap();
    let to = world.emulator.collection_b();
    let arguments = [collection, "/file.txt", to, "/copied.txt"];
    let output = world.start_with("transfer_with_app", &arguments).output();
    assert!(output.contains("/file.txt: 7 bytes") && output.contains("succeeded: 1 files"), "{output}");
    assert_eq!(std::fs::read(world.emulator.collection_b_dir().join("copied.txt")).unwrap(), b"content");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn client_app_daemon_works_with_one_token_and_stops_cleanly() {
    let world = World::new().await;
    let mut session = world.start("client_app_daemon");
    session.wait_for("8 workers have begun");
    while world.count("GET", "/v0.10/task_list") < 20 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    session.terminate();
    let output = session.output();
    assert!(output.contains("stopped after"), "{output}");
    assert_eq!(world.count("POST", "/v2/oauth2/token"), 1);
    world.assert_no_secret_in(&output);
}

/// The answer of a server to a browser with this cookie: status, where it leads, and the cookie that it sets.
#[cfg(unix)]
fn get(origin: &str, path: &str, cookie: &str) -> (u16, String, String) {
    use std::io::{Read, Write};
    let host = origin.trim_start_matches("http://");
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let header = |name: &str| {
        let mut lines = answer.lines().filter_map(|line| line.split_once(": "));
        let value = lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        value.unwrap_or_default().to_owned()
    };
    let cookie = header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    (answer.split(' ').nth(1).unwrap().parse().unwrap(), header("location"), cookie)
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn web_portal_sends_those_whose_login_has_ended_to_log_in_again_and_stops_cleanly() {
    let world = World::new().await;
    let mut session = world.start_with("web_portal_many_users", &["0"]);
    session.wait_for("Open http://localhost:");
    let origin = session.seen().trim().trim_start_matches("Open ").to_owned();
    for _ in 0..2 {
        let (status, address, login) = get(&origin, "/login", "");
        assert_eq!(status, 303);
        let code = world.emulator.approve(&address).await.unwrap();
        let state = login.trim_start_matches("login=");
        let (status, to, person) = get(&origin, &format!("/callback?code={code}&state={state}"), &login);
        assert_eq!((status, to.as_str()), (303, "/"));
        assert_eq!(get(&origin, "/", &person).0, 200);
        world.emulator.revoke_all_tokens();
        let (status, to, cookie) = get(&origin, "/", &person);
        assert_eq!((status, to.as_str(), cookie.as_str()), (303, "/login", "session="));
    }
    session.terminate();
    world.assert_no_secret_in(&session.output());
}
