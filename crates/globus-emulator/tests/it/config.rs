//! A world from a file, as programs meet it.

use std::fs;

use globus_emulator::{Config, Emulator, ErrorKind};
use reqwest::StatusCode;
use serde_json::json;
use tempfile::TempDir;

use crate::support::{GROUPS, TRANSFER, World, text};

const LAB: &str = include_str!("../../examples/lab.toml");

/// The example, and the directory that it is in.
fn lab() -> (Config, TempDir) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("lab.toml");
    let text = LAB.replace("# directory = ", "directory = ");
    fs::write(&file, text).unwrap();
    (Config::from_file(file).unwrap(), folder)
}

fn variable(emulator: &Emulator, name: &str) -> Option<String> {
    emulator.variables().into_iter().find(|(variable, _)| variable == name).map(|(_, value)| value)
}

#[tokio::test]
async fn the_world_is_that_of_the_file() {
    let (config, folder) = lab();
    let world = World::with(Emulator::builder().config(config)).await;
    world.emulator.clear_faults();
    assert_eq!(world.emulator.username(), "ada@example.org");
    let token = world.user(TRANSFER).await;
    let (_, found) = world.get(&token, "v0.10/endpoint_search?filter_scope=all&filter_fulltext=a").await;
    let mut names: Vec<String> =
        found["DATA"].as_array().unwrap().iter().map(|one| text(&one["display_name"])).collect();
    names.sort();
    assert_eq!(names, ["Instrument", "Lab Storage", "Results"]);
    let instrument = variable(&world.emulator, "GLOBUS_EMULATOR_COLLECTION_INSTRUMENT").unwrap();
    assert_eq!(instrument, world.emulator.collection_a());
    fs::write(folder.path().join("data/instrument/run.h5"), "42").unwrap();
    let (status, listed) =
        world.get(&token, &format!("v0.10/operation/endpoint/{instrument}/ls?path=/")).await;
    assert_eq!(status, StatusCode::OK, "{listed}");
    assert!(listed["DATA"].as_array().unwrap().iter().any(|entry| entry["name"] == "run.h5"), "{listed}");
    let groups = world.user(GROUPS).await;
    let (_, groups) = world.get(&groups, "v2/groups/my_groups").await;
    assert_eq!(groups[0]["name"], "Lab Members");
}

#[tokio::test]
async fn rules_consents_and_faults_of_the_file_count() {
    let (config, _folder) = lab();
    let world = World::with(Emulator::builder().config(config)).await;
    let token = world.user(TRANSFER).await;
    let ls = async |name: &str, path: &str| {
        let id = variable(&world.emulator, name).unwrap();
        world.get(&token, &format!("v0.10/operation/endpoint/{id}/ls?path={path}")).await
    };
    assert_eq!(ls("GLOBUS_EMULATOR_COLLECTION_INSTRUMENT", "/").await.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ls("GLOBUS_EMULATOR_COLLECTION_INSTRUMENT", "/").await.0, StatusCode::OK);
    let (status, refused) = ls("GLOBUS_EMULATOR_COLLECTION_LAB_STORAGE", "/").await;
    assert_eq!((status, &refused["code"]), (StatusCode::FORBIDDEN, &json!("ConsentRequired")));
    let results = variable(&world.emulator, "GLOBUS_EMULATOR_COLLECTION_RESULTS").unwrap();
    let (_, rules) = world.get(&token, &format!("v0.10/endpoint/{results}/access_list")).await;
    let rules = rules["DATA"].as_array().unwrap();
    let paths: Vec<_> =
        rules.iter().filter(|rule| rule["id"].is_string()).map(|rule| text(&rule["path"])).collect();
    assert_eq!(paths, ["/", "/incoming/", "/published/"]);
}

#[tokio::test]
async fn the_clients_of_the_file_get_tokens() {
    let (config, _folder) = lab();
    let world = World::with(Emulator::builder().config(config)).await;
    let portal = "3f7f1f0e-2b0a-4f5e-8a53-9b1f0d1f7c20";
    assert_eq!(world.secret(), Some((portal, "not-a-secret-outside-of-tests")));
    assert_eq!(variable(&world.emulator, "GLOBUS_CLIENT_ID").as_deref(), Some(portal));
    assert_eq!(variable(&world.emulator, "GLOBUS_EMULATOR_CLIENT_LAB_PORTAL_ID").as_deref(), Some(portal));
    let token = world.client(GROUPS).await;
    let (_, groups) = world.get(&token, "v2/groups/my_groups").await;
    assert_eq!(groups[0]["my_memberships"][0]["role"], "manager");
    let native = variable(&world.emulator, "GLOBUS_EMULATOR_CLIENT_LAB_CLI_ID").unwrap();
    assert_eq!(native, world.emulator.native_client_id());
    let scope = format!("https://auth.globus.org/scopes/{portal}/results");
    let body = world.login(&scope).await;
    assert_eq!((&body["resource_server"], &body["expires_in"]), (&json!(portal), &json!(3600)));
}

#[tokio::test]
async fn what_is_set_after_the_file_counts_more() {
    let (config, _folder) = lab();
    let hour = std::time::Duration::from_secs(60);
    let world = World::with(Emulator::builder().config(config).token_lifetime(hour)).await;
    assert_eq!(world.login("openid").await["expires_in"], 60);
}

#[tokio::test]
async fn the_data_of_a_world_stay_with_its_file() {
    let (config, folder) = lab();
    let data = folder.path().join("kept");
    let start = |config: Option<Config>| {
        let builder = Emulator::builder().data(&data);
        config.map_or_else(|| builder.clone(), |config| builder.clone().config(config)).start()
    };
    let emulator = start(Some(config.clone())).await.unwrap();
    let results = emulator.variables();
    emulator.stop().await;
    let again = start(Some(config)).await.unwrap();
    let names = |all: Vec<(String, String)>| -> Vec<_> {
        all.into_iter().filter(|(name, _)| !name.contains("_URL_")).collect()
    };
    assert_eq!(names(again.variables()), names(results));
    again.stop().await;
    let other = Config::parse("other.toml", "[[users]]\nusername = \"eve@example.org\"").unwrap();
    for config in [None, Some(other)] {
        assert_eq!(start(config).await.unwrap_err().kind(), ErrorKind::DataConfigured);
    }
    fs::write(folder.path().join("x.toml"), "[settings]\nport = 0").unwrap();
    let usual = Emulator::builder().data(folder.path().join("usual"));
    usual.clone().start().await.unwrap().stop().await;
    usual
        .config(Config::from_file(folder.path().join("x.toml")).unwrap())
        .start()
        .await
        .unwrap()
        .stop()
        .await;
}

#[tokio::test]
async fn a_reset_leaves_the_directories_that_were_given() {
    let (config, folder) = lab();
    let world = World::with(Emulator::builder().config(config)).await;
    fs::write(folder.path().join("data/instrument/mine.txt"), "mine").unwrap();
    let made = variable(&world.emulator, "GLOBUS_EMULATOR_COLLECTION_LAB_STORAGE_DIR").unwrap();
    fs::write(format!("{made}/passing.txt"), "x").unwrap();
    world.emulator.reset().await.unwrap();
    assert!(folder.path().join("data/instrument/mine.txt").is_file());
    assert!(
        !fs::exists(format!("{made}/passing.txt")).unwrap() && fs::exists(format!("{made}/results")).unwrap()
    );
}
