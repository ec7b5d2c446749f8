//! Each way to write a path that might lead out, in each place where a path can be written.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::ground::{Ground, item};

/// Links that lead out, each in its own way, and some that only look as if they did.
fn lay(root: &Path, outside: &Path) {
    for dir in ["share", "plain/sub"] {
        fs::create_dir_all(root.join(dir)).unwrap();
    }
    fs::write(root.join("plain/file"), "plain").unwrap();
    let links: [(&str, PathBuf); 16] = [
        ("up", "../outside".into()),
        ("parent", "..".into()),
        ("absolute", outside.into()),
        ("file", outside.join("secret")),
        ("around", root.join("../outside")),
        ("slash", "/".into()),
        ("self-root", "/proc/self/root".into()),
        ("self-cwd", "/proc/self/cwd".into()),
        ("chain", "chain-1".into()),
        ("chain-1", "share/chain-2".into()),
        ("share/chain-2", "../chain-3".into()),
        ("chain-3", "./plain/../../outside".into()),
        ("loop", "loop".into()),
        ("new", outside.join("made-by-a-link")),
        ("share/dots", "../share/../../outside/.".into()),
        ("here", ".".into()),
    ];
    for (name, target) in links {
        // A link, or what an attempt has put into its place.
        let at = root.join(name);
        if at.symlink_metadata().is_ok_and(|meta| meta.is_dir()) {
            fs::remove_dir_all(&at).unwrap();
        } else if at.symlink_metadata().is_ok() {
            fs::remove_file(&at).unwrap();
        }
        symlink(target, at).unwrap();
    }
}

/// As clients might write them.
fn texts(outside: &Path) -> Vec<String> {
    let beside = outside.display();
    let mut texts: Vec<String> = [
        "..",
        "../",
        "/..",
        "/../",
        "/../outside",
        "/../outside/secret",
        "../outside/secret",
        "~/../../outside",
        "/~/../../outside/secret",
        "/share/../../outside/secret",
        "/./../outside/secret",
        "//../outside",
        "/plain/./../../outside",
        "/plain/file/../../../outside/secret",
        "/%2e%2e/outside/secret",
        "/%2E%2E%2Foutside%2Fsecret",
        "/..%2foutside/secret",
        "/.%2e/outside",
        "/%252e%252e/outside/secret",
        "/..%00/outside",
        "/..\\outside\\secret",
        "\\..\\outside\\secret",
        "..\\..\\outside",
        "/..;/outside/secret",
        "/.../outside",
        "/ ../outside",
        "/.. /outside",
        "/\u{ff0e}\u{ff0e}/outside/secret",
        "/..\u{2215}outside",
        "/\u{202e}../outside",
        "/%c0%ae%c0%ae/outside/secret",
        "~root/",
        "/~root/",
        "~nobody/../outside",
        "/plain/\0/../../outside",
        "/../outside\0.txt",
        "/\u{1}../outside",
        "/..\n/outside",
        "C:\\outside",
        "\\\\?\\outside",
        "/$HOME/../outside",
        "/*/../../outside",
        "/{up,x}/secret",
        "/.",
        "/",
        "//",
        "/~/..",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.extend([
        format!("{beside}/secret"),
        format!("/{beside}/secret"),
        format!("file://{beside}/secret"),
        format!("/{}", "a".repeat(300)),
        format!("/{}", "deep/".repeat(2000)),
        format!("/{}outside", "../".repeat(60)),
        format!("/self-root{beside}/secret"),
        format!("/slash{beside}/secret"),
    ]);
    let links = [
        "up",
        "parent/outside",
        "absolute",
        "file",
        "around",
        "slash",
        "self-root",
        "self-cwd",
        "chain",
        "loop",
        "new",
        "share/dots",
        "here/here/up",
        "here/parent/outside",
        "up/victim",
        "absolute/link",
        "chain/victim/deep",
    ];
    for link in links {
        texts.extend([
            format!("/{link}"),
            format!("/{link}/"),
            format!("/{link}/secret"),
            format!("/{link}/x/y"),
        ]);
    }
    texts
}

/// Tasks take longer than all the rest: an ordinary run starts them for some of the paths, a long one for all.
const TASKS_FOR_EVERY: usize = 4;

async fn attempt(ground: &Ground, path: &str, number: usize, with_tasks: bool) {
    for operation in ["ls", "stat"] {
        ground.look(operation, path).await;
    }
    ground.mkdir(path).await;
    ground.mkdir(&format!("{path}/made")).await;
    ground.rename("/plain/file", path).await;
    ground.rename(path, &format!("/moved-{number}")).await;
    ground.share(path).await;
    if !with_tasks {
        return;
    }
    lay(&ground.root, &ground.outside);
    let got = format!("/got-{number}");
    let link = json!({ "DATA_TYPE": "transfer_symlink_item", "source_path": path, "destination_path": format!("{got}-link") });
    ground.transfer(false, json!([item(path, &got), link]), json!({ "recursive_symlinks": "copy" })).await;
    let link =
        json!({ "DATA_TYPE": "transfer_symlink_item", "source_path": "/here", "destination_path": path });
    let items = json!([item("/plain/file", path), item("/plain", path), link]);
    ground.transfer(true, items, json!({ "delete_destination_extra": true })).await;
    // The root may be emptied, and is not taken away.
    if !matches!(path, "/" | "/." | "//") {
        ground.delete(path).await;
    }
    lay(&ground.root, &ground.outside);
}

async fn all(ground: &Ground) {
    let every = if std::env::var_os("GLOBUS_SDK_SOAK").is_some() { 1 } else { TASKS_FOR_EVERY };
    println!("tasks for one in {every} paths");
    for (number, path) in texts(&ground.outside).iter().enumerate() {
        lay(&ground.root, &ground.outside);
        attempt(ground, path, number, number.is_multiple_of(every)).await;
        let shown: String = path.chars().take(80).collect();
        ground.check(&format!("{shown:?}"));
    }
}

#[tokio::test]
async fn soak_no_path_leads_out_of_a_mapped_collection() {
    all(&Ground::mapped().await).await;
}

#[tokio::test]
async fn soak_no_path_leads_out_of_a_guest_collection() {
    all(&Ground::guest().await).await;
}

#[tokio::test]
async fn what_leads_out_is_refused_and_not_only_harmless() {
    let ground = Ground::mapped().await;
    lay(&ground.root, &ground.outside);
    for path in
        ["/..", "/../outside/secret", "/~/../../outside", "/share/../../outside/secret", "/../outside\0.txt"]
    {
        assert_eq!(ground.look("ls", path).await, 400, "{path:?}");
        assert_eq!(ground.mkdir(path).await, 400, "{path:?}");
    }
    for link in ["up", "absolute", "around", "slash", "self-root", "chain", "loop", "share/dots", "new"] {
        assert_eq!(ground.look("ls", &format!("/{link}/")).await, 403, "{link}");
        assert_eq!(ground.look("stat", &format!("/{link}/secret")).await, 403, "{link}");
        assert_eq!(ground.mkdir(&format!("/{link}/made")).await, 403, "{link}");
        let task = ground.transfer(false, json!([item(&format!("/{link}/secret"), "/got")]), json!({})).await;
        assert_eq!(task["nice_status"], "PERMISSION_DENIED", "{link}: {task}");
        let task =
            ground.transfer(true, json!([item("/plain/file", &format!("/{link}/x"))]), json!({})).await;
        assert_eq!(task["nice_status"], "PERMISSION_DENIED", "{link}: {task}");
    }
    assert_eq!(ground.mkdir(&format!("/{}", "a".repeat(300))).await, 400);
    assert_eq!(ground.look("ls", "/here/here/plain").await, 200);
    ground.check("what was refused");
}

#[tokio::test]
async fn the_root_is_neither_renamed_nor_deleted_nor_replaced() {
    for ground in [Ground::mapped().await, Ground::guest().await] {
        lay(&ground.root, &ground.outside);
        for path in ["/", "/.", "//", "/./"] {
            assert_eq!(ground.rename(path, "/moved").await, 403, "{path}");
            assert_eq!(ground.rename("/plain", path).await, 403, "{path}");
            let task = ground.delete(path).await;
            assert_eq!(task["nice_status"], "PERMISSION_DENIED", "{path}");
            let task = ground.transfer(true, json!([item("/plain/file", path)]), json!({})).await;
            assert_eq!(task["nice_status"], "IS_A_DIRECTORY", "{path}");
        }
        assert!(ground.root.join("plain/file").is_file());
    }
}
