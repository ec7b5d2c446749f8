//! What a transfer takes along, and what it leaves.

use std::fs;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::support::{TRANSFER, World, text};

async fn copied(world: &World, token: &str, more: Value) -> (u64, u64) {
    let task = world.transfer(token, &[("/s/", "/d/")], more).await;
    assert_eq!(task["status"], "SUCCEEDED", "{task}");
    (task["files_transferred"].as_u64().unwrap(), task["files_skipped"].as_u64().unwrap())
}

#[tokio::test]
async fn sync_levels_copy_what_differs_in_their_sense() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let (source, target) =
        (world.emulator.collection_a_dir().join("s"), world.emulator.collection_b_dir().join("d"));
    fs::create_dir(&source).unwrap();
    fs::write(source.join("f"), "four").unwrap();
    assert_eq!(copied(&world, &token, json!({ "sync_level": 0 })).await, (1, 0));
    assert_eq!(copied(&world, &token, json!({})).await, (1, 0), "without a level everything is copied");
    fs::write(target.join("f"), "five!").unwrap();
    assert_eq!(copied(&world, &token, json!({ "sync_level": 0 })).await, (0, 1));
    assert_eq!(copied(&world, &token, json!({ "sync_level": 1 })).await, (1, 0));
    fs::write(target.join("f"), "five").unwrap();
    assert_eq!(copied(&world, &token, json!({ "sync_level": 1 })).await, (0, 1));
    assert_eq!(copied(&world, &token, json!({ "sync_level": 2 })).await, (0, 1));
    assert_eq!(copied(&world, &token, json!({ "sync_level": 3 })).await, (1, 0));
    assert_eq!(copied(&world, &token, json!({ "sync_level": 3 })).await, (0, 1));
    let later = SystemTime::now() + Duration::from_secs(10);
    fs::File::options().write(true).open(source.join("f")).unwrap().set_modified(later).unwrap();
    let keep = json!({ "sync_level": 2, "preserve_timestamp": true });
    assert_eq!(copied(&world, &token, keep.clone()).await, (1, 0));
    assert_eq!(copied(&world, &token, keep).await, (0, 1), "the time was kept");
}

#[tokio::test]
async fn rules_choose_and_extra_files_go() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let (source, target) =
        (world.emulator.collection_a_dir().join("s"), world.emulator.collection_b_dir().join("d"));
    fs::create_dir_all(source.join("sub")).unwrap();
    for name in ["a.txt", "b.log", "sub/c.txt"] {
        fs::write(source.join(name), name).unwrap();
    }
    fs::create_dir_all(target.join("old")).unwrap();
    fs::write(target.join("old/x"), "x").unwrap();
    let more = json!({
        "delete_destination_extra": true,
        "filter_rules": [{ "DATA_TYPE": "filter_rule", "method": "exclude", "name": "*.log", "type": "file" }],
    });
    assert_eq!(copied(&world, &token, more).await, (2, 0));
    assert!(
        target.join("sub/c.txt").exists() && !target.join("b.log").exists() && !target.join("old").exists()
    );
}

#[tokio::test]
async fn recursive_has_three_values() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let item = |from: &str, recursive: bool| {
        json!({ "DATA": [{
            "DATA_TYPE": "transfer_item", "source_path": from, "destination_path": "/~/x", "recursive": recursive,
        }]})
    };
    for (document, code) in [
        (item("/share/godata", false), "IS_A_DIRECTORY"),
        (item("/share/godata/file1.txt", true), "NOT_A_DIRECTORY"),
    ] {
        let (_, accepted) = world.submit(&token, &[], document).await;
        let id = text(&accepted["task_id"]);
        let task = world.until(&token, &id, |task| task["faults"] != 0).await;
        assert_eq!(task["nice_status"], code);
    }
    let task = world.transfer(&token, &[], item("/share/godata", true)).await;
    assert_eq!(task["files_transferred"], 3);
}

#[tokio::test]
async fn a_file_needs_the_full_name_of_its_target() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    for to in ["/~/", "/~/not-there-yet/"] {
        let (_, accepted) = world.submit(&token, &[("/share/godata/file1.txt", to)], json!({})).await;
        let task = world.until(&token, &text(&accepted["task_id"]), |task| task["faults"] != 0).await;
        assert_eq!(task["nice_status"], "IS_A_DIRECTORY");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn unreadable_files_are_faults_or_skipped_on_request() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let source = world.emulator.collection_a_dir().join("s");
    fs::create_dir(&source).unwrap();
    fs::write(source.join("open"), "o").unwrap();
    fs::write(source.join("closed"), "c").unwrap();
    fs::set_permissions(source.join("closed"), fs::Permissions::from_mode(0o000)).unwrap();
    let (_, accepted) = world.submit(&token, &[("/s", "/d1")], json!({})).await;
    let id = text(&accepted["task_id"]);
    let task = world.until(&token, &id, |task| task["faults"] != 0 && task["files_transferred"] == 1).await;
    assert_eq!((&task["status"], &task["nice_status"]), (&json!("ACTIVE"), &json!("PERMISSION_DENIED")));
    let task = world.transfer(&token, &[("/s", "/d2")], json!({ "skip_source_errors": true })).await;
    assert_eq!((&task["status"], &task["subtasks_skipped_errors"]), (&json!("SUCCEEDED"), &json!(1)));
    let (_, skipped) =
        world.get(&token, &format!("v0.10/task/{}/skipped_errors", text(&task["task_id"]))).await;
    assert_eq!(skipped["DATA"][0]["source_path"], "/s/closed");
    assert_eq!(skipped["DATA"][0]["error_code"], "PERMISSION_DENIED");
}

#[tokio::test]
async fn a_file_is_not_copied_onto_itself_nor_a_directory_into_itself() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    for (from, to) in
        [("/share/godata/file1.txt", "/share/godata/file1.txt"), ("/share", "/share/godata/inside")]
    {
        let more = json!({ "destination_endpoint": world.emulator.collection_a() });
        let (_, accepted) = world.submit(&token, &[(from, to)], more).await;
        let id = text(&accepted["task_id"]);
        let task = world.until(&token, &id, |task| task["faults"] != 0).await;
        assert_eq!(task["nice_status"], "INVALID_PATH_NAME");
    }
    let kept = fs::read(world.emulator.collection_a_dir().join("share/godata/file1.txt")).unwrap();
    assert_eq!(kept, b"one\n");
}
