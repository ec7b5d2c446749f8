//! The way back to the start, and the same run twice.

use std::time::Duration;

use globus_emulator::{Emulator, Fault, FaultAction};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{GROUPS, TRANSFER, World, answer, text};

async fn reset(world: &World) {
    let request = world.http.post(world.at("__emulator/reset")).header("content-type", "application/json");
    assert_eq!(answer(request).await, (StatusCode::OK, json!({ "ok": true })));
}

/// What a test leaves behind; everything it was told, without what follows from the time.
async fn use_it(world: &World) -> Vec<Value> {
    let token = world.user(TRANSFER).await;
    let groups = world.client(GROUPS).await;
    let fault = Fault::on("/v0.10/**", FaultAction::error(503)).rate(0.3);
    let mut told = vec![json!([token, groups, world.emulator.inject(fault).unwrap()])];
    for _ in 0..20 {
        told.push(world.get(&token, "v0.10/submission_id").await.1);
    }
    world.emulator.clear_faults();
    let (_, group) = world.post(&groups, "v2/groups", &json!({ "name": "left behind" })).await;
    told.push(group["id"].clone());
    let mkdir = json!({ "DATA_TYPE": "mkdir", "path": "/left-behind" });
    let at = format!("v0.10/operation/endpoint/{}/mkdir", world.emulator.collection_b());
    told.push(world.post(&token, &at, &mkdir).await.1);
    let task = world.transfer(&token, &[("/share/godata/file1.txt", "/copied.txt")], json!({})).await;
    told.extend([task["task_id"].clone(), task["status"].clone()]);
    // Nothing ends this one.
    told.push(world.submit(&token, &[("/no/such/file", "/x")], json!({})).await.1);
    world.emulator.advance_clock(Duration::from_secs(1000));
    let requests = world.emulator.requests();
    // How often the task was looked at depends on how fast it was.
    let requests = requests.iter().filter(|request| !request.path.starts_with("/v0.10/task/"));
    told.extend(
        requests.map(|request| {
            json!([request.method, request.path, request.status, request.faults, request.body])
        }),
    );
    told
}

#[tokio::test]
async fn a_reset_leaves_nothing_of_what_happened() {
    let world = World::new().await;
    let state = async || {
        let mut state = answer(world.http.get(world.at("__emulator/state"))).await.1;
        state["now"] = Value::Null;
        state
    };
    let before = state().await;
    let told = use_it(&world).await;
    let token = text(&told[0][0]);
    assert_ne!(state().await, before);
    reset(&world).await;
    assert_eq!(state().await, before);
    assert_eq!(world.get(&token, "v0.10/task_list").await.0, StatusCode::UNAUTHORIZED);
    let (a, b) = (world.emulator.collection_a_dir(), world.emulator.collection_b_dir());
    assert!(std::fs::read_dir(b).unwrap().next().is_none());
    assert_eq!(std::fs::read(a.join("share/godata/file1.txt")).unwrap(), b"one\n");
    assert!(a.join("share/climate-run/1999/wind.nc").exists());
    // What programs were pointed at stays, and others follow: without a seed nothing comes twice.
    assert_ne!(use_it(&world).await[0], told[0]);
}

#[tokio::test]
async fn a_reset_repairs_the_files_of_the_collections_and_follows_no_link() {
    let world = World::new().await;
    let a = world.emulator.collection_a_dir();
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("mine"), "mine").unwrap();
    std::fs::write(a.join("share/godata/file1.txt"), "changed").unwrap();
    std::fs::remove_dir_all(a.join("home")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(outside.path(), a.join("link")).unwrap();
    world.emulator.reset().await.unwrap();
    assert_eq!(std::fs::read(a.join("share/godata/file1.txt")).unwrap(), b"one\n");
    assert!(a.join("home/share/godata/file1.txt").exists() && !a.join("link").exists());
    assert!(outside.path().join("mine").exists());
}

#[tokio::test]
async fn a_task_in_the_middle_of_a_file_does_not_outlive_a_reset() {
    let world = World::with(Emulator::builder().transfer_rate(1000)).await;
    let token = world.user(TRANSFER).await;
    let item = [("/share/climate-run/1999/wind.nc", "/wind.nc")];
    let (_, task) = world.submit(&token, &item, json!({})).await;
    world.until(&token, &text(&task["task_id"]), |task| task["bytes_transferred"] != 0).await;
    reset(&world).await;
    let b = world.emulator.collection_b_dir();
    assert!(std::fs::read_dir(b).unwrap().next().is_none());
}

#[tokio::test]
async fn with_a_seed_the_same_script_is_told_the_same_again() {
    let start = async || World::with(Emulator::builder().seed(11)).await;
    let world = start().await;
    let first = use_it(&world).await;
    reset(&world).await;
    assert_eq!(use_it(&world).await, first, "after a reset");
    let again = start().await;
    // Their addresses differ, and are in the bodies of logins.
    let told = json!(use_it(&again).await).to_string();
    let port =
        |world: &World| world.emulator.url().rsplit_once(':').unwrap().1.trim_end_matches('/').to_owned();
    assert_eq!(told.replace(&port(&again), &port(&world)), json!(first).to_string(), "in another run");
    let other = World::with(Emulator::builder().seed(12)).await;
    assert_ne!(use_it(&other).await[0], first[0], "with another seed");
}

#[tokio::test]
async fn faults_and_the_clock_of_the_start_are_back_after_a_reset() {
    let fault = Fault::on("/jwk.json", FaultAction::error(500)).id("first").once();
    let world = World::with(Emulator::builder().fault(fault).clock_offset_seconds(5000)).await;
    for _ in 0..2 {
        assert_eq!(world.get("", "jwk.json").await.0, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(world.get("", "jwk.json").await.0, StatusCode::OK);
        world.emulator.set_clock_offset_seconds(0);
        reset(&world).await;
        let (_, clock) = answer(world.http.request(Method::GET, world.at("__emulator/clock"))).await;
        assert_eq!(clock["offset_seconds"], 5000.0);
    }
}
