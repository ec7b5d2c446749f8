//! Pauses by managers, and pause rules.

use std::time::Duration;

use globus_emulator::Emulator;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{TRANSFER, World, text};

const EM: &str = "v0.10/endpoint_manager";
/// Large enough to be caught in the middle at 200 000 bytes a second.
const LARGE: [(&str, &str); 1] = [("/share/climate-run/1999/wind.nc", "/~/wind.nc")];

async fn slow() -> World {
    World::with(Emulator::builder().transfer_rate(200_000).retry_interval(Duration::from_millis(20))).await
}

async fn started(world: &World, token: &str, items: &[(&str, &str)]) -> String {
    let (status, accepted) = world.submit(token, items, json!({})).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{accepted}");
    text(&accepted["task_id"])
}

async fn rule(world: &World, token: &str, more: Value) -> Value {
    let mut rule = json!({
        "DATA_TYPE": "pause_rule",
        "endpoint_id": world.emulator.collection_b(),
        "message": "new disks",
    });
    rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let (status, made) = world.post(token, &format!("{EM}/pause_rule"), &rule).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    made
}

async fn codes(world: &World, token: &str, task: &str) -> Vec<String> {
    let (_, events) = world.get(token, &format!("v0.10/task/{task}/event_list?limit=1000")).await;
    events["DATA"].as_array().unwrap().iter().map(|event| text(&event["code"])).collect()
}

async fn pause(world: &World, token: &str, task: &str, message: &str) -> StatusCode {
    let body = json!({ "task_id_list": [task], "message": message });
    world.post(token, &format!("{EM}/admin_pause"), &body).await.0
}

#[tokio::test]
async fn a_paused_task_stands_still_until_it_is_resumed() {
    let world = World::new().await;
    let (manager, owner) = (world.user(TRANSFER).await, world.client(TRANSFER).await);
    let task = started(&world, &owner, &[("/late.txt", "/~/late.txt")]).await;
    world.until(&owner, &task, |task| task["faults"] != 0).await;
    assert_eq!(pause(&world, &owner, &task, "m").await, StatusCode::FORBIDDEN);
    assert_eq!(pause(&world, &manager, &task, "stop for a moment").await, StatusCode::OK);
    let (_, paused) = world.get(&owner, &format!("v0.10/task/{task}")).await;
    assert_eq!((&paused["status"], &paused["is_paused"]), (&json!("ACTIVE"), &json!(true)));
    let (_, info) = world.get(&owner, &format!("v0.10/task/{task}/pause_info")).await;
    assert_eq!(info["source_pause_message"], "stop for a moment");
    assert_eq!((&info["pause_rules"], &info["source_pause_message_share"]), (&json!([]), &json!(null)));
    let (_, seen) = world.get(&manager, &format!("{EM}/task/{task}/pause_info")).await;
    assert_eq!(seen, info);
    // It could go on now, and is woken, but does not.
    std::fs::write(world.emulator.collection_a_dir().join("late.txt"), "late").unwrap();
    for _ in 0..5 {
        world.emulator.advance_clock(Duration::from_secs(60));
        let (_, still) = world.get(&owner, &format!("v0.10/task/{task}")).await;
        assert_eq!((&still["status"], &still["is_paused"]), (&json!("ACTIVE"), &json!(true)));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let resume = json!({ "task_id_list": [task] });
    let (_, body) = world.post(&manager, &format!("{EM}/admin_resume"), &resume).await;
    assert_eq!(body["code"], "ResumeAccepted");
    let done = world.until(&owner, &task, |task| task["status"] != "ACTIVE").await;
    assert_eq!((&done["status"], &done["is_paused"]), (&json!("SUCCEEDED"), &json!(false)));
    let codes = codes(&world, &owner, &task).await;
    let at = |code: &str| codes.iter().position(|other| other == code).unwrap();
    assert!(at("UNPAUSED") < at("PAUSED"), "the latest first: {codes:?}");
}

#[tokio::test]
async fn a_task_is_paused_in_the_middle_of_a_file_and_can_be_cancelled_then() {
    let world = slow().await;
    let manager = world.user(TRANSFER).await;
    let task = started(&world, &manager, &LARGE).await;
    world.until(&manager, &task, |task| task["bytes_transferred"] != 0).await;
    assert_eq!(pause(&world, &manager, &task, "m").await, StatusCode::OK);
    let (_, body) = world.post(&manager, &format!("v0.10/task/{task}/cancel"), &json!({})).await;
    assert_eq!(body["code"], "Canceled");
    let (_, document) = world.get(&manager, &format!("v0.10/task/{task}")).await;
    assert_eq!((&document["status"], &document["files_transferred"]), (&json!("FAILED"), &json!(0)));
}

#[tokio::test]
async fn the_deadline_of_a_paused_task_passes() {
    let world = World::new().await;
    let manager = world.user(TRANSFER).await;
    let task = started(&world, &manager, &[("/late.txt", "/~/late.txt")]).await;
    assert_eq!(pause(&world, &manager, &task, "m").await, StatusCode::OK);
    world.emulator.advance_clock(Duration::from_secs(25 * 3600));
    let token = world.user(TRANSFER).await;
    let task = world.until(&token, &task, |task| task["status"] != "ACTIVE").await;
    assert_eq!(task["fatal_error"]["code"], "EXPIRED");
}

#[tokio::test]
async fn a_rule_holds_new_tasks_until_it_is_gone() {
    let world = World::new().await;
    let (manager, owner) = (world.user(TRANSFER).await, world.client(TRANSFER).await);
    let made = rule(&world, &manager, json!({})).await;
    assert_eq!((&made["editable"], &made["created_by_host_manager"]), (&json!(true), &json!(false)));
    let task = started(&world, &owner, &[("/share/godata/file1.txt", "/~/one.txt")]).await;
    let (_, document) = world.get(&owner, &format!("v0.10/task/{task}")).await;
    assert_eq!((&document["status"], &document["is_paused"]), (&json!("ACTIVE"), &json!(true)));
    let (_, info) = world.get(&owner, &format!("v0.10/task/{task}/pause_info")).await;
    let told = &info["pause_rules"][0];
    assert_eq!((&told["DATA_TYPE"], &told["id"]), (&json!("pause_rule_limited"), &made["id"]));
    assert!(told.get("modified_by_id").is_none());
    let b = world.emulator.collection_b();
    let (_, mine) = world.get(&owner, &format!("v0.10/endpoint/{b}/my_effective_pause_rule_list")).await;
    assert_eq!(mine["DATA"][0]["message"], "new disks");
    // It is about the other collection only.
    let a = world.emulator.collection_a();
    let (_, none) = world.get(&owner, &format!("v0.10/endpoint/{a}/my_effective_pause_rule_list")).await;
    assert_eq!(none["DATA"], json!([]));
    let path = format!("{EM}/pause_rule/{}", text(&made["id"]));
    assert_eq!(world.send(Method::DELETE, &owner, &path, &json!({})).await.0, StatusCode::FORBIDDEN);
    let (_, body) = world.send(Method::DELETE, &manager, &path, &json!({})).await;
    assert_eq!(body["code"], "Deleted");
    let done = world.until(&owner, &task, |task| task["status"] != "ACTIVE").await;
    assert_eq!(done["status"], "SUCCEEDED");
    let (status, body) = world.get(&manager, &path).await;
    assert_eq!((status, &body["code"]), (StatusCode::NOT_FOUND, &json!("PauseRuleNotFound")));
}

#[tokio::test]
async fn a_rule_holds_what_it_names_and_whom_it_names() {
    let world = World::new().await;
    let (manager, client) = (world.user(TRANSFER).await, world.client(TRANSFER).await);
    let only = json!({
        "identity_id": world.emulator.client_id(),
        "pause_task_transfer_write": false,
        "pause_mkdir": false,
    });
    let made = rule(&world, &manager, only).await;
    let at = format!("v0.10/operation/endpoint/{}", world.emulator.collection_b());
    let (status, body) = world.get(&client, &format!("{at}/ls?path=/~/")).await;
    assert_eq!((status, &body["code"]), (StatusCode::CONFLICT, &json!("Paused")));
    assert!(text(&body["message"]).ends_with("new disks"));
    assert_eq!(world.get(&manager, &format!("{at}/ls?path=/~/")).await.0, StatusCode::OK);
    let mkdir = json!({ "DATA_TYPE": "mkdir", "path": "/~/made" });
    assert_eq!(world.post(&client, &format!("{at}/mkdir"), &mkdir).await.0, StatusCode::ACCEPTED);
    let rename = json!({ "DATA_TYPE": "rename", "old_path": "/~/made", "new_path": "/~/named" });
    assert_eq!(world.post(&client, &format!("{at}/rename"), &rename).await.0, StatusCode::CONFLICT);
    let items = [("/share/godata/file1.txt", "/~/one.txt")];
    assert_eq!(world.transfer(&client, &items, json!({})).await["status"], "SUCCEEDED");
    // A change takes effect at once.
    let path = format!("{EM}/pause_rule/{}", text(&made["id"]));
    let change = json!({ "pause_ls": false, "message": "only renames" });
    let (_, changed) = world.send(Method::PUT, &manager, &path, &change).await;
    assert_eq!((&changed["pause_ls"], &changed["pause_rename"]), (&json!(false), &json!(true)));
    assert_eq!(world.get(&client, &format!("{at}/ls?path=/~/")).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_change_of_a_rule_reaches_running_tasks() {
    let world = slow().await;
    let manager = world.user(TRANSFER).await;
    let task = started(&world, &manager, &LARGE).await;
    world.until(&manager, &task, |task| task["bytes_transferred"] != 0).await;
    let made = rule(&world, &manager, json!({ "start_time": "2099-01-01T00:00:00Z" })).await;
    let is_paused = async || world.get(&manager, &format!("v0.10/task/{task}")).await.1["is_paused"].clone();
    assert_eq!(is_paused().await, false);
    let path = format!("{EM}/pause_rule/{}", text(&made["id"]));
    world.send(Method::PUT, &manager, &path, &json!({ "start_time": null })).await;
    assert_eq!(is_paused().await, true);
    world.send(Method::PUT, &manager, &path, &json!({ "pause_task_transfer_write": false })).await;
    assert_eq!(is_paused().await, false);
    world.post(&manager, &format!("v0.10/task/{task}/cancel"), &json!({})).await;
}

#[tokio::test]
async fn a_rule_with_a_time_of_its_own_begins_then() {
    let world = World::new().await;
    let manager = world.user(TRANSFER).await;
    let (_, document) =
        world.get(&manager, &format!("v0.10/endpoint/{}", world.emulator.collection_b())).await;
    assert_eq!(document["in_use"], false);
    // The source is missing, so that the task is still there when the hour is over.
    let task = started(&world, &manager, &[("/late.txt", "/~/late.txt")]).await;
    let (_, document) =
        world.get(&manager, &format!("v0.10/endpoint/{}", world.emulator.collection_b())).await;
    assert_eq!(document["in_use"], true);
    let (_, document) = world.get(&manager, &format!("v0.10/task/{task}")).await;
    // One hour later: the same time, in a zone that is one hour behind.
    let later = text(&document["request_time"]).replace("+00:00", "-01:00");
    rule(&world, &manager, json!({ "start_time": later })).await;
    assert_eq!(world.get(&manager, &format!("v0.10/task/{task}")).await.1["is_paused"], false);
    world.emulator.advance_clock(Duration::from_secs(2 * 3600));
    world.until(&manager, &task, |task| task["is_paused"] == true).await;
}
