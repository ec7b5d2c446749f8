//! The walls around a collection when somebody moves them.

use reqwest::StatusCode;
use serde_json::json;

use crate::support::{TRANSFER, World, text};

/// A guest collection at `/share/guest/` of the first collection.
async fn share(world: &World, token: &str) -> String {
    let at = format!("v0.10/operation/endpoint/{}", world.emulator.collection_a());
    let mkdir = json!({ "DATA_TYPE": "mkdir", "path": "/share/guest" });
    assert_eq!(world.post(token, &format!("{at}/mkdir"), &mkdir).await.0, StatusCode::ACCEPTED);
    let share = json!({
        "DATA_TYPE": "shared_endpoint",
        "host_endpoint": world.emulator.collection_a(),
        "host_path": "/share/guest/",
        "display_name": "guest",
    });
    text(&world.post(token, "v0.10/shared_endpoint", &share).await.1["id"])
}

#[tokio::test]
async fn the_root_of_a_guest_collection_is_neither_renamed_nor_deleted() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let guest = share(&world, &token).await;
    let host = world.emulator.collection_a();
    let rename = format!("v0.10/operation/endpoint/{host}/rename");
    for path in ["/share/guest", "/share"] {
        let body = json!({ "DATA_TYPE": "rename", "old_path": path, "new_path": "/moved" });
        let (status, answer) = world.post(&token, &rename, &body).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{answer}");
        let delete = json!({
            "DATA_TYPE": "delete",
            "submission_id": text(&world.get(&token, "v0.10/submission_id").await.1["value"]),
            "endpoint": host,
            "recursive": true,
            "DATA": [{ "DATA_TYPE": "delete_item", "path": path }],
        });
        let task = text(&world.post(&token, "v0.10/delete", &delete).await.1["task_id"]);
        let document = world.until(&token, &task, |task| task["faults"] != 0).await;
        assert_eq!(document["nice_status"], "PERMISSION_DENIED");
        world.post(&token, &format!("v0.10/task/{task}/cancel"), &json!({})).await;
    }
    assert!(world.emulator.collection_a_dir().join("share/guest").is_dir());
    // A mirror that has no such directory does not take it away either.
    let item = json!({
        "DATA_TYPE": "transfer_item",
        "source_path": "/share/",
        "destination_path": "/share/",
        "recursive": true,
    });
    let more = json!({
        "source_endpoint": world.emulator.collection_b(),
        "destination_endpoint": host,
        "delete_destination_extra": true,
        "DATA": [item],
    });
    std::fs::create_dir_all(world.emulator.collection_b_dir().join("share")).unwrap();
    let (status, body) = world.submit(&token, &[], more).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{body}");
    let task = text(&body["task_id"]);
    world.until(&token, &task, |task| task["faults"] != 0).await;
    world.post(&token, &format!("v0.10/task/{task}/cancel"), &json!({})).await;
    assert!(world.emulator.collection_a_dir().join("share/guest").is_dir());
    // Once nobody shares it, it is a directory like any other.
    world.send(reqwest::Method::DELETE, &token, &format!("v0.10/endpoint/{guest}"), &json!({})).await;
    let body = json!({ "DATA_TYPE": "rename", "old_path": "/share/guest", "new_path": "/moved" });
    assert_eq!(world.post(&token, &rename, &body).await.0, StatusCode::ACCEPTED);
}

#[cfg(unix)]
#[tokio::test]
async fn a_guest_collection_whose_root_became_a_link_is_closed() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let guest = share(&world, &token).await;
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("private"), "private").unwrap();
    let root = world.emulator.collection_a_dir().join("share/guest");
    std::fs::remove_dir(&root).unwrap();
    std::os::unix::fs::symlink(outside.path(), &root).unwrap();
    let at = format!("v0.10/operation/endpoint/{guest}");
    assert_eq!(world.get(&token, &format!("{at}/ls?path=/")).await.0, StatusCode::FORBIDDEN);
    assert_eq!(world.get(&token, &format!("{at}/stat?path=/private")).await.0, StatusCode::FORBIDDEN);
    let mkdir = json!({ "DATA_TYPE": "mkdir", "path": "/new" });
    assert_eq!(world.post(&token, &format!("{at}/mkdir"), &mkdir).await.0, StatusCode::FORBIDDEN);
    let more = json!({ "source_endpoint": guest });
    let (_, accepted) = world.submit(&token, &[("/private", "/~/stolen")], more).await;
    let task = text(&accepted["task_id"]);
    let document = world.until(&token, &task, |task| task["faults"] != 0).await;
    assert_eq!(document["nice_status"], "PERMISSION_DENIED");
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 1);
}
