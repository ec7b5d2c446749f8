//! That nothing gets between looking at a path and opening it.

#![expect(
    clippy::await_holding_lock,
    reason = "the test holds the lock to see others wait for it; they are on other threads"
)]

use std::sync::Arc;

use serde_json::{Value, json};

use super::{blocking, blocking_alone};
use crate::app::App;
use crate::auth::TRANSFER_ALL;
use crate::emulator::Emulator;
use crate::lock::shared;

struct Client {
    emulator: Emulator,
    http: reqwest::Client,
    token: String,
}

impl Client {
    async fn new() -> Self {
        let emulator = Emulator::start().await.unwrap();
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::new();
        let answer = http
            .post(format!("{}v2/oauth2/token", emulator.url()))
            .basic_auth(emulator.client_id(), Some(emulator.client_secret()))
            .form(&[("grant_type", "client_credentials"), ("scope", TRANSFER_ALL)]);
        let answer: Value = answer.send().await.unwrap().json().await.unwrap();
        let token = answer["access_token"].as_str().unwrap().to_owned();
        Self { emulator, http, token }
    }

    fn app(&self) -> &Arc<App> {
        &self.emulator.app
    }

    fn post(&self, path: &str, body: &Value) -> reqwest::RequestBuilder {
        let url = format!("{}v0.10/{path}", self.emulator.url());
        self.http.post(url).bearer_auth(&self.token).json(body)
    }

    /// Waits until somebody waits to have the paths alone; `false` when `done` comes first.
    async fn somebody_waits(&self, done: impl Fn() -> bool) -> bool {
        while !done() {
            // Not even readers get in once a writer stands in line.
            if self.app().tree.try_read().is_err() {
                return true;
            }
            tokio::task::yield_now().await;
        }
        false
    }
}

#[tokio::test]
async fn what_looks_at_paths_keeps_them_still_and_what_changes_them_is_alone() {
    let client = Client::new().await;
    let app = client.app();
    let looking = Arc::clone(app);
    let looking =
        blocking(app, move || Ok((looking.tree.try_write().is_err(), looking.tree.try_read().is_ok())));
    assert_eq!(looking.await.unwrap(), (true, true));
    let changing = Arc::clone(app);
    assert!(blocking_alone(app, move || Ok(changing.tree.try_read().is_err())).await.unwrap());
}

#[tokio::test]
async fn a_rename_waits_for_those_who_rely_on_a_path() {
    let client = Client::new().await;
    let root = client.emulator.collection_a_dir();
    std::fs::create_dir(root.join("old")).unwrap();
    let looking = shared(&client.app().tree);
    let rename = json!({ "DATA_TYPE": "rename", "old_path": "/old", "new_path": "/new" });
    let path = format!("operation/endpoint/{}/rename", client.emulator.collection_a());
    let renaming = tokio::spawn(client.post(&path, &rename).send());
    assert!(client.somebody_waits(|| renaming.is_finished()).await);
    assert!(root.join("old").exists());
    drop(looking);
    assert!(renaming.await.unwrap().unwrap().status().is_success());
    assert!(root.join("new").exists());
}

#[cfg(unix)]
#[tokio::test]
async fn a_task_that_makes_a_link_waits_for_those_who_rely_on_a_path() {
    let client = Client::new().await;
    let root = client.emulator.collection_a_dir();
    std::os::unix::fs::symlink("share", root.join("link")).unwrap();
    let a = client.emulator.collection_a();
    let id = client.app().ids.uuid();
    let submission = json!({
        "DATA_TYPE": "transfer",
        "submission_id": id,
        "source_endpoint": a,
        "destination_endpoint": a,
        "DATA": [{
            "DATA_TYPE": "transfer_symlink_item",
            "source_path": "/link",
            "destination_path": "/second",
        }],
    });
    let looking = shared(&client.app().tree);
    let answer = client.post("transfer", &submission).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    let made = root.join("second");
    assert!(client.somebody_waits(|| made.is_symlink()).await);
    assert!(!made.is_symlink());
    drop(looking);
    while !made.is_symlink() {
        tokio::task::yield_now().await;
    }
}
