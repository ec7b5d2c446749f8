//! Recursive listings of the emulator's collections.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use globus_emulator::{Fault, FaultAction};
use globus_sdk::transfer::{Walk, WalkCursor};

use crate::world::World;

/// What is below `root`, as the service writes it.
fn below(root: &Path, directory: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        found.insert(format!("/{}", path.strip_prefix(root).unwrap().to_str().unwrap()));
        if path.is_dir() && !path.is_symlink() {
            below(root, &path, found);
        }
    }
}

async fn world() -> (World, BTreeSet<String>) {
    let world = World::new().await;
    let root = world.emulator.collection_a_dir().to_owned();
    let deep = root.join("tree/a b/ü/deep");
    fs::create_dir_all(&deep).unwrap();
    for number in 0..30 {
        fs::write(deep.join(format!("{number:02} %&+.dat")), "x").unwrap();
    }
    // A home is made for whoever comes the first time.
    world.transfer().operation_ls(world.emulator.collection_a()).path("/~/").await.unwrap();
    let mut found = BTreeSet::new();
    below(&root, &root, &mut found);
    (world, found)
}

async fn paths(mut walk: Walk) -> Vec<String> {
    let mut paths = Vec::new();
    while let Some(found) = walk.try_next().await.unwrap() {
        paths.push(found.path());
    }
    paths
}

#[tokio::test]
async fn a_walk_finds_what_is_on_the_disk() {
    let (world, on_disk) = world().await;
    let walk = world.transfer().walk(world.emulator.collection_a(), "/").page_size(7);
    let found = paths(walk).await;
    assert_eq!(found.len(), on_disk.len());
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), on_disk);
}

#[tokio::test]
async fn a_directory_that_cannot_be_listed_does_not_keep_the_others_back() {
    let (world, on_disk) = world().await;
    let id = world.emulator.collection_a();
    let mut walk = world.transfer().walk(id, "/").concurrency(1);
    // The start has been listed when the first entry comes; the next listing fails.
    let mut found = BTreeSet::from([walk.try_next().await.unwrap().unwrap().path()]);
    let ls = format!("/v0.10/operation/endpoint/{id}/ls");
    world.emulator.inject(Fault::on(ls, FaultAction::status(403)).once()).unwrap();
    let mut failed = Vec::new();
    while let Some(item) = walk.next().await {
        match item {
            Ok(entry) => assert!(found.insert(entry.path())),
            Err(error) => failed.push(error),
        }
    }
    // Which one it was depends on what was under way.
    if let [error] = &failed[..] {
        assert_eq!(error.error().status(), Some(403));
        let missing: Vec<_> = on_disk.difference(&found).collect();
        assert!(missing.iter().all(|path| path.starts_with(error.path())), "{missing:?} for {error}");
    } else {
        assert!(failed.is_empty() && found == on_disk);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_circle_of_links_is_walked_once() {
    use std::os::unix::fs::symlink;

    let (world, _) = world().await;
    let tree = world.emulator.collection_a_dir().join("tree");
    fs::create_dir(tree.join("other")).unwrap();
    symlink("..", tree.join("a b/up")).unwrap();
    symlink("../other", tree.join("a b/over")).unwrap();
    symlink("../a b", tree.join("other/back")).unwrap();
    let transfer = world.transfer();
    let walk = || transfer.walk(world.emulator.collection_a(), "/tree");
    let plain = paths(walk()).await;
    assert!(plain.contains(&"/tree/a b/over".to_owned()));
    assert!(!plain.contains(&"/tree/a b/over/back".to_owned()));
    let followed = paths(walk().follow_symlinks(true)).await;
    assert!(followed.contains(&"/tree/a b/over/back".to_owned()));
    assert!(followed.contains(&"/tree/other/back/ü/deep/00 %&+.dat".to_owned()));
    assert!(
        !followed
            .iter()
            .any(|path| path.starts_with("/tree/a b/over/back/") || path.starts_with("/tree/a b/up/"))
    );
}

#[tokio::test]
async fn a_walk_goes_on_in_another_process_where_it_was_stored() {
    let (world, on_disk) = world().await;
    let id = world.emulator.collection_a();
    let mut first = world.transfer().walk(id, "/").page_size(5);
    let mut found = BTreeSet::new();
    for _ in 0..on_disk.len() / 2 {
        found.insert(first.try_next().await.unwrap().unwrap().path());
    }
    let stored = serde_json::to_string(&first.cursor()).unwrap();
    drop(first);
    let cursor: WalkCursor = serde_json::from_str(&stored).unwrap();
    let rest = paths(world.transfer().walk(id, "").page_size(5).resume(cursor)).await;
    assert_eq!(found.len() + rest.len(), on_disk.len());
    found.extend(rest);
    assert_eq!(found, on_disk);
}
