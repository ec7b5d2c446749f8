//! Transfers and deletions from submission to end.

use std::time::Duration;

use globus_emulator::Emulator;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{TRANSFER, World, text};

#[tokio::test]
async fn a_transfer_moves_every_byte() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let task = world
        .transfer(
            &token,
            &[("/share/climate-run/", "/~/run/"), ("/share/godata/file1.txt", "/~/one.txt")],
            json!({ "label": "all of it" }),
        )
        .await;
    assert_eq!((&task["status"], &task["label"]), (&json!("SUCCEEDED"), &json!("all of it")));
    assert_eq!(
        (&task["files"], &task["files_transferred"], &task["directories"]),
        (&json!(41), &json!(41), &json!(11))
    );
    assert!(task["bytes_transferred"].as_u64().unwrap() > 11_000_000);
    assert_eq!((&task["subtasks_pending"], &task["faults"]), (&json!(0), &json!(0)));
    let (from, to) = (world.emulator.collection_a_dir(), world.emulator.collection_b_dir());
    for file in ["1990/wind.nc", "1995/pressure.nc", "1999/humidity.nc"] {
        let read = |path: std::path::PathBuf| std::fs::read(path).unwrap();
        assert_eq!(
            read(from.join("share/climate-run").join(file)),
            read(to.join("home/researcher/run").join(file))
        );
    }
    let path = format!("v0.10/task/{}", text(&task["task_id"]));
    let (_, events) = world.get(&token, &format!("{path}/event_list")).await;
    let codes: Vec<&Value> = events["DATA"].as_array().unwrap().iter().map(|event| &event["code"]).collect();
    assert_eq!(codes, ["SUCCEEDED", "PROGRESS", "STARTED"]);
    let (_, successes) = world.get(&token, &format!("{path}/successful_transfers")).await;
    assert_eq!(successes["DATA"].as_array().unwrap().len(), 41);
    assert!(successes["next_marker"].is_null());
    let (_, body) = world.post(&token, &format!("{path}/cancel"), &json!({})).await;
    assert_eq!(body["code"], "TaskComplete");
}

#[tokio::test]
async fn the_same_submission_is_one_task() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let submission = text(&world.get(&token, "v0.10/submission_id").await.1["value"]);
    let items = [("/share/godata/file1.txt", "/~/a.txt")];
    let (_, first) = world.submit(&token, &items, json!({ "submission_id": submission })).await;
    let (_, second) = world.submit(&token, &items, json!({ "submission_id": submission })).await;
    assert_eq!((&first["code"], &second["code"]), (&json!("Accepted"), &json!("Duplicate")));
    assert_eq!(first["task_id"], second["task_id"]);
}

#[tokio::test]
async fn bad_submissions_are_refused() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let item = [("/share/godata/file1.txt", "/~/a.txt")];
    let refused = async |items: &[(&str, &str)], more: Value| {
        let (status, body) = world.submit(&token, items, more).await;
        (status.as_u16(), text(&body["code"]))
    };
    let bad = "ClientError.BadRequest".to_owned();
    assert_eq!(refused(&[], json!({})).await, (400, "ClientError.BadRequest.NoTransferItems".to_owned()));
    assert_eq!(refused(&item, json!({ "label": "a/b" })).await, (400, bad.clone()));
    assert_eq!(refused(&item, json!({ "sync_level": 7 })).await, (400, bad.clone()));
    assert_eq!(refused(&item, json!({ "deadline": "soon" })).await, (400, bad.clone()));
    assert_eq!(refused(&item, json!({ "submission_id": "x" })).await, (400, bad));
    assert_eq!(refused(&item, json!({ "source_endpoint": "x" })).await, (404, "EndpointNotFound".to_owned()));
    let guarded = json!({ "destination_endpoint": world.emulator.collection_data_access() });
    assert_eq!(refused(&item, guarded).await, (403, "ConsentRequired".to_owned()));
}

#[tokio::test]
async fn a_missing_source_keeps_the_task_active_and_heals() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let items = [("/late.txt", "/~/late.txt")];
    let (_, accepted) = world.submit(&token, &items, json!({})).await;
    let id = text(&accepted["task_id"]);
    let task = world.until(&token, &id, |task| task["faults"].as_u64() >= Some(2)).await;
    assert_eq!((&task["status"], &task["nice_status"]), (&json!("ACTIVE"), &json!("FILE_NOT_FOUND")));
    assert_eq!((&task["is_ok"], &task["subtasks_retrying"]), (&json!(false), &json!(1)));
    // Meanwhile the same work again is refused.
    assert_eq!(world.submit(&token, &items, json!({})).await.0, StatusCode::CONFLICT);
    let (_, events) = world.get(&token, &format!("v0.10/task/{id}/event_list?filter=is_error:1")).await;
    assert!(events["DATA"].as_array().unwrap().iter().all(|event| event["code"] == "FILE_NOT_FOUND"));
    std::fs::write(world.emulator.collection_a_dir().join("late.txt"), "late").unwrap();
    let task = world.until(&token, &id, |task| task["status"] != "ACTIVE").await;
    assert_eq!((&task["status"], &task["nice_status"]), (&json!("SUCCEEDED"), &json!(null)));
}

#[tokio::test]
async fn a_deadline_ends_a_task_that_cannot_succeed() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let (_, accepted) = world.submit(&token, &[("/missing", "/~/missing")], json!({})).await;
    let id = text(&accepted["task_id"]);
    world.until(&token, &id, |task| task["faults"] != 0).await;
    world.emulator.advance_clock(Duration::from_secs(25 * 3600));
    let token = world.user(TRANSFER).await;
    let task = world.until(&token, &id, |task| task["status"] != "ACTIVE").await;
    assert_eq!((&task["status"], &task["fatal_error"]["code"]), (&json!("FAILED"), &json!("EXPIRED")));
    assert_eq!(task["subtasks_expired"], 1);
}

#[tokio::test]
async fn a_task_is_cancelled_in_the_middle_of_a_file() {
    let world = World::with(Emulator::builder().transfer_rate(200_000)).await;
    let token = world.user(TRANSFER).await;
    let items = [("/share/climate-run/1999/wind.nc", "/~/wind.nc")];
    let (_, accepted) = world.submit(&token, &items, json!({})).await;
    let id = text(&accepted["task_id"]);
    world.until(&token, &id, |task| task["bytes_transferred"] != 0).await;
    let (_, body) = world.post(&token, &format!("v0.10/task/{id}/cancel"), &json!({})).await;
    assert_eq!(body["code"], "Canceled");
    let (_, task) = world.get(&token, &format!("v0.10/task/{id}")).await;
    assert_eq!((&task["status"], &task["files_transferred"]), (&json!("FAILED"), &json!(0)));
    assert_eq!(task["fatal_error"]["code"], "CANCELED");
}

#[tokio::test]
async fn tasks_are_listed_filtered_and_private() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    for label in ["first one", "second one"] {
        let to = format!("/~/{label}");
        world.transfer(&token, &[("/share/godata/file1.txt", &to)], json!({ "label": label })).await;
    }
    let (_, all) = world.get(&token, "v0.10/task_list?limit=1").await;
    assert_eq!((&all["total"], all["DATA"].as_array().unwrap().len()), (&json!(2), 1));
    let filter = "v0.10/task_list?filter=type:TRANSFER/status:SUCCEEDED,FAILED/label:~first*";
    let (_, some) = world.get(&token, filter).await;
    assert_eq!((&some["total"], &some["DATA"][0]["label"]), (&json!(1), &json!("first one")));
    let path = format!("v0.10/task/{}", text(&some["DATA"][0]["task_id"]));
    let (status, _) = world.send(Method::PUT, &token, &path, &json!({ "label": "renamed" })).await;
    assert_eq!(status, StatusCode::OK);
    let other = world.client(TRANSFER).await;
    let (status, body) = world.get(&other, &path).await;
    assert_eq!((status, &body["code"]), (StatusCode::NOT_FOUND, &json!("TaskNotFound")));
}

#[tokio::test]
async fn a_deletion_takes_what_it_names_and_no_more() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let delete = async |path: &str, more: Value| {
        let mut document = json!({
            "DATA_TYPE": "delete",
            "submission_id": text(&world.get(&token, "v0.10/submission_id").await.1["value"]),
            "endpoint": world.emulator.collection_a(),
            "DATA": [{ "DATA_TYPE": "delete_item", "path": path }],
        });
        for (name, value) in more.as_object().unwrap() {
            document[name] = value.clone();
        }
        let (_, accepted) = world.post(&token, "v0.10/delete", &document).await;
        let id = text(&accepted["task_id"]);
        world.until(&token, &id, |task| task["status"] != "ACTIVE" || task["faults"] != 0).await
    };
    let root = world.emulator.collection_a_dir();
    assert_eq!(delete("/share/climate-run", json!({})).await["nice_status"], "IS_A_DIRECTORY");
    assert_eq!(delete("/share/godata/file[12]*", json!({ "interpret_globs": true })).await["files"], 2);
    assert_eq!(std::fs::read_dir(root.join("share/godata")).unwrap().count(), 1);
    assert_eq!(delete("/share/gone", json!({ "ignore_missing": true })).await["status"], "SUCCEEDED");
    assert_eq!(delete("/share/climate-run/", json!({ "recursive": true })).await["status"], "SUCCEEDED");
    assert!(!root.join("share/climate-run").exists());
    assert_eq!(delete("/", json!({ "recursive": true })).await["nice_status"], "PERMISSION_DENIED");
}
