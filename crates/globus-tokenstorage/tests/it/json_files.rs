//! What happens on the disk.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::time::Duration;

use globus_tokenstorage::{JsonTokenStorage, StorageErrorKind, TokenStorage};
use tokio::task::JoinSet;

use crate::support::{names, one};

#[tokio::test]
async fn nothing_is_on_the_disk_before_the_first_write() {
    let dir = tempfile::tempdir().unwrap();
    let storage = JsonTokenStorage::new(dir.path().join("a/b/tokens.json"));
    assert!(!storage.file_exists());
    assert!(storage.get_token_data("rs").await.unwrap().is_none());
    assert!(!storage.remove_token_data("rs").await.unwrap());
    storage.store_token_data_by_resource_server(&BTreeMap::new()).await.unwrap();
    assert!(names(dir.path()).is_empty());
    storage.store_token_data_by_resource_server(&one("rs", "Ag1")).await.unwrap();
    assert!(storage.file_exists());
    assert_eq!(names(&dir.path().join("a/b")), ["tokens.json", "tokens.json.lock"]);
}

#[cfg(unix)]
#[tokio::test]
async fn only_this_user_can_read_what_is_made() {
    use std::os::unix::fs::PermissionsExt;

    use crate::support::mode;

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("new/tokens.json");
    let storage = JsonTokenStorage::new(&path);
    storage.store_token_data_by_resource_server(&one("rs", "Ag1")).await.unwrap();
    drop(storage.lock("rs").await.unwrap());
    assert_eq!(mode(&dir.path().join("new")), 0o700);
    assert_eq!(mode(&dir.path().join("new/tokens.json.locks")), 0o700);
    assert_eq!(mode(&dir.path().join("new/tokens.json.lock")), 0o600);
    assert_eq!(mode(&path), 0o600);

    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    storage.store_token_data_by_resource_server(&one("rs", "Ag2")).await.unwrap();
    assert_eq!(mode(&path), 0o600);
}

#[cfg(unix)]
#[tokio::test]
async fn a_write_replaces_the_file_and_never_changes_it() {
    use std::io::Read;
    use std::os::unix::fs::MetadataExt;

    let dir = tempfile::tempdir().unwrap();
    let storage = JsonTokenStorage::new(dir.path().join("tokens.json"));
    storage.store_token_data_by_resource_server(&one("rs", "AgOld")).await.unwrap();
    let mut open = fs::File::open(storage.path()).unwrap();
    let before = fs::metadata(storage.path()).unwrap().ino();

    storage.store_token_data_by_resource_server(&one("rs", "AgNew")).await.unwrap();
    assert_ne!(fs::metadata(storage.path()).unwrap().ino(), before);
    let mut seen = String::new();
    open.read_to_string(&mut seen).unwrap();
    assert!(seen.contains("AgOld") && seen.ends_with('}'), "{seen}");
    assert_eq!(names(dir.path()), ["tokens.json", "tokens.json.lock"]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_symbolic_link_stays_one_and_its_target_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("real")).unwrap();
    for (link, target) in [("link.json", "middle.json"), ("middle.json", "real/tokens.json")] {
        std::os::unix::fs::symlink(target, dir.path().join(link)).unwrap();
    }
    let storage = JsonTokenStorage::new(dir.path().join("link.json"));
    // The target is not there yet.
    storage.store_token_data_by_resource_server(&one("a", "Ag1")).await.unwrap();
    let target = JsonTokenStorage::new(dir.path().join("real/tokens.json"));
    target.store_token_data_by_resource_server(&one("b", "Ag2")).await.unwrap();
    assert_eq!(storage.get_token_data_by_resource_server().await.unwrap().len(), 2);
    assert!(dir.path().join("link.json").is_symlink() && dir.path().join("middle.json").is_symlink());
    assert_eq!(names(&dir.path().join("real")), ["tokens.json", "tokens.json.lock"]);
}

#[tokio::test]
async fn what_a_killed_writer_left_is_removed_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let others = [
        ".tokens.json-backup.tmp",
        ".tokens.json-12345.globus-sdk-unfinished",
        ".tokens.json-b-123456.globus-sdk-unfinished",
        ".other.json-123456.globus-sdk-unfinished",
        "x.globus-sdk-unfinished",
    ];
    for name in others.into_iter().chain([".tokens.json-123456.globus-sdk-unfinished"]) {
        fs::write(dir.path().join(name), "AgLeft").unwrap();
    }
    let storage = JsonTokenStorage::new(dir.path().join("tokens.json"));
    storage.store_token_data_by_resource_server(&one("rs", "Ag1")).await.unwrap();
    let left = names(dir.path());
    assert!(others.iter().all(|name| left.contains(&(*name).to_owned())), "{left:?}");
    assert_eq!(left.len(), others.len() + 2);
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_in_the_place_of_a_lock_file_is_refused_and_makes_nothing_elsewhere() {
    let (dir, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let target = elsewhere.path().join("made");
    let storage = JsonTokenStorage::new(dir.path().join("tokens.json"));
    std::os::unix::fs::symlink(&target, dir.path().join("tokens.json.lock")).unwrap();
    for target_exists in [false, true] {
        if target_exists {
            fs::write(&target, "").unwrap();
        }
        let err = storage.store_token_data_by_resource_server(&one("rs", "Ag1")).await.unwrap_err();
        assert_eq!(err.kind(), StorageErrorKind::Unwritable);
        assert!(err.to_string().contains("tokens.json.lock is a symbolic link"), "{err}");
        assert_eq!(target.exists(), target_exists);
    }
}

#[tokio::test]
async fn names_in_the_file_cannot_write_to_the_terminal_through_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let storage = JsonTokenStorage::new(dir.path().join("tokens.json"));
    let content = r#"{"data": {"DEFAULT": {"\u001b[2Jrs\nnew line": {}}}, "format_version": "2.0", "globus-sdk.version": "x"}"#;
    fs::write(storage.path(), content).unwrap();
    let err = storage.get_token_data_by_resource_server().await.unwrap_err().to_string();
    assert!(err.contains(r"the entry of \u{1b}[2Jrs\nnew line"), "{err}");
    assert!(!err.contains(char::is_control));
}

#[tokio::test]
async fn a_directory_in_the_place_of_the_file_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let storage = JsonTokenStorage::new(dir.path());
    let err = storage.get_token_data("rs").await.unwrap_err();
    assert_eq!(err.kind(), StorageErrorKind::Unreadable);
    assert!(err.to_string().contains("a directory is in the way"), "{err}");
    storage.store_token_data_by_resource_server(&one("rs", "Ag1")).await.unwrap_err();
    assert!(names(dir.path()).is_empty());
}

#[tokio::test]
async fn a_file_in_the_place_of_the_directory_is_named() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), "").unwrap();
    let storage = JsonTokenStorage::new(dir.path().join("file/tokens.json"));
    let err = storage.store_token_data_by_resource_server(&one("rs", "Ag1")).await.unwrap_err();
    assert_eq!(err.kind(), StorageErrorKind::Unwritable);
    assert!(err.to_string().contains("should be a directory") && err.path().is_some(), "{err}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn separate_storages_of_one_file_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("tokens.json");
    let mut writers = JoinSet::new();
    for writer in 0..8 {
        let storage = JsonTokenStorage::new(&path).with_sync(false).with_namespace(format!("{}", writer % 3));
        writers.spawn(async move {
            for write in 0..10 {
                let tokens = one(&format!("{writer}-{write}"), "Ag1");
                storage.store_token_data_by_resource_server(&tokens).await.unwrap();
            }
        });
    }
    writers.join_all().await;
    let mut kept = 0;
    for namespace in ["0", "1", "2"] {
        let storage = JsonTokenStorage::new(&path).with_namespace(namespace);
        kept += storage.get_token_data_by_resource_server().await.unwrap().len();
    }
    assert_eq!(kept, 80);
}

#[tokio::test]
async fn a_write_goes_on_when_its_caller_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let storage = Arc::new(JsonTokenStorage::new(dir.path().join("tokens.json")));
    for write in 0..20 {
        let (storage, tokens) = (Arc::clone(&storage), one(&write.to_string(), "Ag1"));
        let task = tokio::spawn(async move { storage.store_token_data_by_resource_server(&tokens).await });
        for _ in 0..write {
            tokio::task::yield_now().await;
        }
        task.abort();
    }
    // Whatever was broken off, and where: the file is whole, and its lock is free.
    storage.store_token_data_by_resource_server(&one("last", "Ag1")).await.unwrap();
    assert!(storage.get_token_data_by_resource_server().await.unwrap().contains_key("last"));
}

#[tokio::test]
async fn waiting_for_a_lock_ends_at_the_limit() {
    let dir = tempfile::tempdir().unwrap();
    let storage = JsonTokenStorage::new(dir.path().join("tokens.json"));
    let other = JsonTokenStorage::new(storage.path()).with_lock_timeout(Duration::ZERO);
    let held = storage.lock("rs").await.unwrap();
    for impatient in [other.clone(), storage.clone().with_lock_timeout(Duration::ZERO)] {
        let err = impatient.lock("rs").await.unwrap_err();
        assert_eq!(err.kind(), StorageErrorKind::LockTimedOut, "{err}");
        assert!(err.is_transient());
    }
    drop(other.with_namespace("another").lock("rs").await.unwrap());
    drop(held);
    drop(other.lock("rs").await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_for_another_writer_holds_up_nothing_beside_it() {
    let dir = tempfile::tempdir().unwrap();
    let storage = JsonTokenStorage::new(dir.path().join("tokens.json"));
    let other = fs::File::create(dir.path().join("tokens.json.lock")).unwrap();
    other.lock().unwrap();
    let tokens = one("rs", "Ag1");
    let (stored, ()) =
        tokio::join!(storage.store_token_data_by_resource_server(&tokens), async { drop(other) });
    stored.unwrap();
    assert_eq!(storage.get_token_data_by_resource_server().await.unwrap(), tokens);
}

#[test]
fn it_works_without_a_runtime() {
    let dir = tempfile::tempdir().unwrap();
    let storage = JsonTokenStorage::new(dir.path().join("tokens.json"));
    let mut future = storage.lock("rs");
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(future.as_mut().poll(&mut context).is_ready());
}
