//! Trees with links in them, and links that tasks make.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::{Value, json};

use super::ground::{Ground, item};
use crate::support::text;

/// A tree with files, and with links that stay inside, lead out, lead nowhere, and lead in circles.
fn farm(ground: &Ground) {
    let farm = ground.root.join("farm");
    fs::create_dir_all(farm.join("sub")).unwrap();
    fs::write(farm.join("file"), "file").unwrap();
    fs::write(farm.join("sub/file"), "below").unwrap();
    for (name, target) in [
        ("inside", "sub"),
        ("inside-file", "sub/file"),
        ("circle", "."),
        ("sub/circle", ".."),
        ("out", "../../outside"),
        ("out-file", "../../outside/secret"),
        ("nowhere", "nothing"),
        ("loop", "loop"),
    ] {
        symlink(target, farm.join(name)).unwrap();
    }
    symlink(ground.root.join("farm/sub"), farm.join("absolute")).unwrap();
}

async fn transfer(ground: &Ground, symlinks: &str) -> Value {
    let more = json!({ "recursive_symlinks": symlinks, "skip_source_errors": true });
    let task = ground.transfer(false, json!([item("/farm", &format!("/{symlinks}"))]), more).await;
    assert_eq!(task["status"], "SUCCEEDED", "{symlinks}: {task}");
    ground.check(symlinks);
    task
}

#[tokio::test]
async fn links_are_ignored_kept_or_copied_and_lead_nobody_out() {
    let ground = Ground::mapped().await;
    farm(&ground);
    let root = ground.world.emulator.collection_b_dir().to_owned();
    let task = transfer(&ground, "ignore").await;
    assert_eq!((&task["files"], &task["symlinks"], &task["directories"]), (&json!(2), &json!(0), &json!(2)));
    assert_eq!(fs::read_dir(root.join("ignore")).unwrap().count(), 2);
    let task = transfer(&ground, "keep").await;
    assert_eq!((&task["files"], &task["symlinks"]), (&json!(2), &json!(9)));
    for name in ["inside", "out", "nowhere", "sub/circle"] {
        let link = |root: &std::path::Path, top: &str| fs::read_link(root.join(top).join(name)).unwrap();
        assert_eq!(link(&root, "keep"), link(&ground.root, "farm"), "{name}");
    }
    let task = transfer(&ground, "copy").await;
    assert_eq!(fs::read(root.join("copy/inside/file")).unwrap(), b"below");
    assert_eq!(fs::read(root.join("copy/inside-file")).unwrap(), b"below");
    assert_eq!(fs::read(root.join("copy/absolute/file")).unwrap(), b"below");
    let path = format!("v0.10/task/{}/skipped_errors", text(&task["task_id"]));
    let (_, skipped) = ground.world.get(&ground.token, &path).await;
    let mut skipped: Vec<_> =
        skipped["DATA"].as_array().unwrap().iter().map(|e| text(&e["source_path"])).collect();
    skipped.sort();
    assert_eq!(skipped, ["/farm/loop", "/farm/nowhere", "/farm/out", "/farm/out-file"]);
}

#[tokio::test]
async fn a_link_that_a_task_made_leads_nobody_out() {
    let ground = Ground::mapped().await;
    farm(&ground);
    let link = |from: &str, to: &str| json!({ "DATA_TYPE": "transfer_symlink_item", "source_path": from, "destination_path": to });
    // It says the same as the one it was made from, which is of no use to anybody.
    let items = json!([link("/farm/out", "/made"), link("/farm/out", "/plain/made")]);
    let task = ground.transfer(true, items, json!({})).await;
    assert_eq!(task["status"], "SUCCEEDED", "{task}");
    assert_eq!(fs::read_link(ground.root.join("made")).unwrap(), std::path::Path::new("../../outside"));
    for path in ["/made/secret", "/plain/made/secret"] {
        assert_eq!(ground.look("stat", path).await, 403);
    }
    let task = ground.transfer(true, json!([item("/farm/file", "/plain/made/new")]), json!({})).await;
    assert_eq!(task["nice_status"], "PERMISSION_DENIED");
    // Only links are taken for links, and no directory gives way to one.
    for (from, to, code) in [
        ("/farm/file", "/new", "NOT_A_SYMLINK"),
        ("/farm/none", "/new", "FILE_NOT_FOUND"),
        ("/farm/out", "/farm/sub", "IS_A_DIRECTORY"),
    ] {
        let task = ground.transfer(true, json!([link(from, to)]), json!({})).await;
        assert_eq!(task["nice_status"], code, "{from}");
    }
    ground.check("a link of a task");
}

#[tokio::test]
async fn links_at_the_destination_are_written_through_only_inside() {
    let ground = Ground::mapped().await;
    farm(&ground);
    let root = &ground.root;
    fs::create_dir_all(root.join("goal/real")).unwrap();
    symlink("real", root.join("goal/sub")).unwrap();
    symlink("real/written", root.join("goal/file")).unwrap();
    let task = ground.transfer(true, json!([item("/farm", "/goal")]), json!({})).await;
    assert_eq!(task["status"], "SUCCEEDED", "{task}");
    assert_eq!(fs::read(root.join("goal/real/file")).unwrap(), b"below");
    assert_eq!(fs::read(root.join("goal/real/written")).unwrap(), b"file");
    assert!(root.join("goal/file").is_symlink());
    symlink(&ground.outside, root.join("goal/trap")).unwrap();
    symlink(ground.outside.join("victim/file"), root.join("goal/wet")).unwrap();
    let extra = json!({ "delete_destination_extra": true });
    let task = ground.transfer(true, json!([item("/farm", "/goal")]), extra).await;
    assert_eq!(task["status"], "SUCCEEDED", "{task}");
    assert!(root.join("goal/trap").symlink_metadata().is_err(), "an extra link goes, and it alone");
    ground.check("a destination with links");
}

#[tokio::test]
async fn a_rule_holds_for_where_a_link_leads() {
    let ground = Ground::guest().await;
    let world = &ground.world;
    for dir in ["open", "closed"] {
        fs::create_dir(ground.root.join(dir)).unwrap();
        fs::write(ground.root.join(dir).join("file"), dir).unwrap();
    }
    symlink("../closed", ground.root.join("open/way")).unwrap();
    let rule = json!({ "principal_type": "all_authenticated_users", "principal": "", "path": "/open/", "permissions": "rw" });
    world.post(&ground.token, &format!("v0.10/endpoint/{}/access", ground.collection), &rule).await;
    let stranger = world.client(crate::support::TRANSFER).await;
    let at = format!("v0.10/operation/endpoint/{}", ground.collection);
    let ls = async |path: &str| world.get(&stranger, &format!("{at}/ls?path={path}")).await.0.as_u16();
    assert_eq!((ls("/open/").await, ls("/closed/").await, ls("/open/way/").await), (200, 403, 403));
    let mkdir = json!({ "DATA_TYPE": "mkdir", "path": "/open/way/made" });
    assert_eq!(world.post(&stranger, &format!("{at}/mkdir"), &mkdir).await.0.as_u16(), 403);
    assert!(!ground.root.join("closed/made").exists());
}
