//! Listings and small changes, and the walls around a collection.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{TRANSFER, World, text};

fn names(listing: &Value) -> Vec<String> {
    listing["DATA"].as_array().unwrap().iter().map(|file| text(&file["name"])).collect()
}

#[tokio::test]
async fn a_listing_is_filtered_sorted_and_cut() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let ls = format!("v0.10/operation/endpoint/{}/ls", world.emulator.collection_a());
    let (_, all) = world.get(&token, &format!("{ls}?path=/share/godata")).await;
    assert_eq!((&all["path"], &all["absolute_path"]), (&json!("/share/godata/"), &json!("/share/godata/")));
    assert_eq!(names(&all), ["file1.txt", "file2.txt", "file3.txt"]);
    assert_eq!((&all["DATA"][0]["size"], &all["DATA"][0]["type"]), (&json!(4), &json!("file")));
    let (_, page) =
        world.get(&token, &format!("{ls}?path=/share/godata/&orderby=name%20DESC&limit=1&offset=1")).await;
    assert_eq!((names(&page), &page["total"]), (vec!["file2.txt".to_owned()], &json!(3)));
    // Repeated filters are alternatives; one filter is a conjunction.
    let (_, some) =
        world.get(&token, &format!("{ls}?path=/share/godata/&filter=name:~*1*&filter=name:~*3*")).await;
    assert_eq!(names(&some), ["file1.txt", "file3.txt"]);
    let (_, none) = world.get(&token, &format!("{ls}?path=/share/godata/&filter=type:dir/name:~*1*")).await;
    assert_eq!(names(&none).len(), 0);
    let (_, home) = world.get(&token, &ls).await;
    assert_eq!((&home["path"], &home["absolute_path"]), (&json!("/~/"), &json!("/home/researcher/")));
}

#[tokio::test]
async fn directories_are_made_renamed_and_described() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let at = format!("v0.10/operation/endpoint/{}", world.emulator.collection_a());
    let mkdir = json!({ "DATA_TYPE": "mkdir", "path": "/~/d/" });
    let (status, body) = world.post(&token, &format!("{at}/mkdir"), &mkdir).await;
    assert_eq!((status, &body["code"]), (StatusCode::ACCEPTED, &json!("DirectoryCreated")));
    let (status, body) = world.post(&token, &format!("{at}/mkdir"), &mkdir).await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::BAD_GATEWAY, &json!("ExternalError.MkdirFailed.Exists"))
    );
    let rename = json!({ "DATA_TYPE": "rename", "old_path": "/~/d", "new_path": "/~/e" });
    assert_eq!(world.post(&token, &format!("{at}/rename"), &rename).await.1["code"], "FileRenamed");
    assert!(world.emulator.collection_a_dir().join("home/researcher/e").is_dir());
    assert_eq!(world.get(&token, &format!("{at}/stat?path=/~/e")).await.1["type"], "dir");
    let (status, body) = world.get(&token, &format!("{at}/stat?path=/~/d")).await;
    assert_eq!((status, &body["code"]), (StatusCode::NOT_FOUND, &json!("NotFound")));
    let (status, body) = world.get(&token, &format!("{at}/ls?path=/~/d")).await;
    assert_eq!((status, &body["code"]), (StatusCode::NOT_FOUND, &json!("ClientError.NotFound")));
}

#[tokio::test]
async fn no_path_leads_out_of_a_collection() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let at = format!("v0.10/operation/endpoint/{}", world.emulator.collection_a());
    for path in ["/../", "/share/../../", "/~/../../..", "..", "/share/%2e%2e/%2e%2e/etc"] {
        let (status, body) = world.get(&token, &format!("{at}/ls?path={path}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path}: {body}");
    }
    // The root of the collection is the root of every path in it.
    let (status, _) = world.get(&token, &format!("{at}/ls?path=/etc/")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _) = world.submit(&token, &[("/share/../../x", "/~/x")], json!({})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[cfg(unix)]
#[tokio::test]
async fn no_link_leads_out_of_a_collection() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let root = world.emulator.collection_a_dir();
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("private"), "private").unwrap();
    std::os::unix::fs::symlink(outside.path(), root.join("out")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("new"), root.join("nowhere")).unwrap();
    let at = format!("v0.10/operation/endpoint/{}", world.emulator.collection_a());
    assert_eq!(world.get(&token, &format!("{at}/ls?path=/out/")).await.0, StatusCode::FORBIDDEN);
    assert_eq!(world.get(&token, &format!("{at}/stat?path=/out/private")).await.0, StatusCode::FORBIDDEN);
    let (_, listing) = world.get(&token, &format!("{at}/ls?path=/&filter=name:out")).await;
    assert_eq!(listing["DATA"][0]["type"], "invalid_symlink");
    assert!(listing["DATA"][0]["link_target"].is_null());
    let mkdir = json!({ "DATA_TYPE": "mkdir", "path": "/nowhere/x" });
    assert_eq!(world.post(&token, &format!("{at}/mkdir"), &mkdir).await.0, StatusCode::FORBIDDEN);
    // A task meets the same wall: reading and writing through the links are faults.
    for (from, to) in [("/out/private", "/~/stolen"), ("/share/godata/file1.txt", "/nowhere")] {
        let more = json!({ "destination_endpoint": world.emulator.collection_a() });
        let (_, accepted) = world.submit(&token, &[(from, to)], more).await;
        let task = text(&accepted["task_id"]);
        let document = world.until(&token, &task, |task| task["faults"] != 0).await;
        assert_eq!(document["nice_status"], "PERMISSION_DENIED");
        world.post(&token, &format!("v0.10/task/{task}/cancel"), &json!({})).await;
    }
    assert!(!outside.path().join("new").exists());
    // Deleting a link deletes the link.
    let delete = json!({
        "DATA_TYPE": "delete",
        "submission_id": text(&world.get(&token, "v0.10/submission_id").await.1["value"]),
        "endpoint": world.emulator.collection_a(),
        "recursive": true,
        "DATA": [{ "DATA_TYPE": "delete_item", "path": "/out" }],
    });
    let (_, accepted) = world.post(&token, "v0.10/delete", &delete).await;
    world.until(&token, &text(&accepted["task_id"]), |task| task["status"] == "SUCCEEDED").await;
    assert!(outside.path().join("private").exists() && root.join("out").symlink_metadata().is_err());
}

#[tokio::test]
async fn a_listing_begins_where_its_owner_says() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let collection = world.emulator.collection_a();
    let ls = format!("v0.10/operation/endpoint/{collection}/ls");
    assert_eq!(world.get(&token, &ls).await.1["path"], "/~/");
    let change = json!({ "DATA_TYPE": "endpoint", "default_directory": "/share/godata/" });
    let endpoint = format!("v0.10/endpoint/{collection}");
    assert_eq!(world.send(Method::PUT, &token, &endpoint, &change).await.0, StatusCode::OK);
    let (_, listing) = world.get(&token, &ls).await;
    assert_eq!((&listing["path"], &listing["total"]), (&json!("/share/godata/"), &json!(3)));
}

#[tokio::test]
async fn a_mistyped_field_is_not_taken_for_a_condition_that_nothing_meets() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let ls = format!("v0.10/operation/endpoint/{}/ls?path=/share/godata/", world.emulator.collection_a());
    for path in [
        format!("{ls}&filter=nmae:x"),
        format!("{ls}&orderby=sise"),
        format!("{ls}&orderby=size%20UP"),
        "v0.10/task_list?filter=state:ACTIVE".to_owned(),
        "v0.10/task_list?orderby=time".to_owned(),
    ] {
        let (status, body) = world.get(&token, &path).await;
        assert_eq!(
            (status, &body["code"]),
            (StatusCode::BAD_REQUEST, &json!("ClientError.BadRequest")),
            "{path}"
        );
    }
}
