//! One login with renewals and failures, with everything logged: a program of its own, since what is logged is a matter of the
//! whole process.

// Helpers count as tests then, and may panic.
#![cfg(test)]

#[expect(dead_code, reason = "shared with the other tests")]
#[path = "it/world.rs"]
mod world;

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use globus_emulator::{Fault, FaultAction};
use globus_sdk::prelude::*;
use tracing_subscriber::fmt::MakeWriter;

use world::World;

/// Everything that was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// A login, renewals and failures, with everything logged that the libraries have to say.
#[tokio::test]
async fn no_secret_is_logged_shown_or_told_in_an_error() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone());
    tracing::subscriber::set_global_default(subscriber.finish()).unwrap();
    let mut shown = String::new();

    let world = World::new().await;
    let flow = world
        .native()
        .oauth2_start_flow(["openid", GroupsClient::SCOPES.all])
        .refresh_tokens(true)
        .start()
        .unwrap();
    let code = world.emulator.approve(flow.authorize_url()).await.unwrap();
    let tokens = flow.exchange_code_for_tokens(&code).await.unwrap();
    shown += &format!("{flow:?} {tokens:?} {tokens}");
    shown += &format!("{:?}", flow.exchange_code_for_tokens(&code).await.unwrap_err());

    let storage = MemoryTokenStorage::new();
    storage.store_token_response(&tokens).await.unwrap();
    let authorizer =
        RefreshTokenAuthorizer::from_storage(world.native(), storage.clone(), GroupsClient::RESOURCE_SERVER);
    let groups: GroupsClient = world.client(authorizer);
    groups.get_my_groups().await.unwrap();
    world.emulator.advance_clock(Duration::from_secs(49 * 3600));
    groups.get_my_groups().await.unwrap();
    world.emulator.inject(Fault::new("/v2/groups", FaultAction::Truncate).times(9));
    let request = groups.get_my_groups().with_max_retries(0);
    shown += &format!("{groups:?} {storage:?} {request:?} {:?}", request.wire().unwrap());
    let error = request.await.unwrap_err();
    shown += &format!("{error:?} {error}");

    world.emulator.clear_faults();
    world.emulator.revoke_all_tokens();
    let error = groups.get_my_groups().await.unwrap_err();
    shown += &format!("{error:?} {error}");
    let service = world.confidential();
    shown += &format!(
        "{service:?} {:?}",
        service.oauth2_client_credentials_tokens("no_such_scope").await.unwrap_err()
    );

    let logged = log.text();
    assert!(
        logged.contains("get_my_groups") && logged.len() > 2000,
        "too little is logged to prove anything: {logged}"
    );
    let secrets = world.emulator.issued_secrets();
    assert!(secrets.len() > 5 && secrets.contains(&code));
    for secret in secrets.iter().map(String::as_str).chain([world.emulator.client_secret(), flow.state()]) {
        assert!(!logged.contains(secret), "{secret} was logged");
    }
    // The address to open holds the state, which is its purpose.
    for secret in secrets.iter().map(String::as_str).chain([world.emulator.client_secret()]) {
        assert!(!shown.contains(secret), "{secret} was shown");
    }
}
