//! An emulator, apps that use it, and a person who approves.

use std::path::Path;
use std::sync::Arc;

use globus_app::login::{LoginFlowError, LoginFlowErrorKind, ScriptedLogin};
use globus_app::{AppBuilder, ClientApp, UserApp};
use globus_emulator::Emulator;
use globus_transport::Variables;

#[derive(Clone)]
pub(crate) struct World {
    pub(crate) emulator: Arc<Emulator>,
}

pub(crate) const NAME: &str = "An App";

impl World {
    pub(crate) async fn new() -> Self {
        Self::on(Emulator::start().await.unwrap())
    }

    pub(crate) fn on(emulator: Emulator) -> Self {
        globus_test_support::record_log();
        Self { emulator: Arc::new(emulator) }
    }

    /// Where the services are, and nothing else: no client, no home.
    pub(crate) fn variables(&self) -> Variables {
        Variables::from_pairs(self.places())
    }

    pub(crate) fn places(&self) -> impl Iterator<Item = (String, String)> {
        let is_place = |name: &str| name.starts_with("GLOBUS_SDK_") && name != "GLOBUS_SDK_HOME";
        self.emulator.variables().into_iter().filter(move |(name, _)| is_place(name))
    }

    /// A person who approves whatever is asked for.
    pub(crate) fn person(&self) -> ScriptedLogin {
        let emulator = Arc::clone(&self.emulator);
        ScriptedLogin::pasting(move |url| {
            let emulator = Arc::clone(&emulator);
            async move { approve(&emulator, &url).await }
        })
    }

    /// An app in memory, for a person.
    pub(crate) fn user(&self, person: &ScriptedLogin) -> AppBuilder<UserApp> {
        UserApp::builder(NAME)
            .client_id(self.emulator.native_client_id())
            .variables(self.variables())
            .memory_storage()
            .login_flow_manager(person.clone())
    }

    /// An app in memory, for the service account.
    pub(crate) fn client(&self) -> AppBuilder<ClientApp> {
        ClientApp::builder(NAME)
            .client_id(self.emulator.client_id())
            .client_secret(self.emulator.client_secret())
            .variables(self.variables())
            .memory_storage()
    }

    /// How many requests with this method and path have arrived.
    pub(crate) fn count(&self, method: &str, path: &str) -> usize {
        self.emulator.requests().iter().filter(|seen| seen.method == method && seen.path == path).count()
    }

    /// How many requests the token endpoint got.
    pub(crate) fn exchanges(&self) -> usize {
        self.count("POST", "/v2/oauth2/token")
    }
}

pub(crate) async fn approve(emulator: &Emulator, url: &str) -> Result<String, LoginFlowError> {
    emulator
        .approve(url)
        .await
        .map_err(|err| LoginFlowError::new(LoginFlowErrorKind::Refused, err.to_string()))
}

/// Everything below a directory, by its path in it.
pub(crate) fn files(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![directory.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(next).into_iter().flatten().flatten() {
            let path = entry.path();
            found.push(path.strip_prefix(directory).unwrap().display().to_string());
            if path.is_dir() {
                waiting.push(path);
            }
        }
    }
    found.sort();
    found
}
