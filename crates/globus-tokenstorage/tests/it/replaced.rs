//! What others put in the place of a file, or of its directory, while a storage is in use: the next operation goes by it.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
#[cfg(feature = "json")]
use std::time::Duration;

use globus_tokenstorage::{StorageErrorKind, TokenStorage};

#[cfg(feature = "json")]
use crate::support::open_with;
use crate::support::{FILES, mode, open, quick_dir, token};

/// Stores a token, and says which are there now.
async fn tokens_after(storage: &dyn TokenStorage, access_token: &str) -> Vec<String> {
    storage.store_token_data(&token(access_token, access_token)).await.unwrap();
    drop(storage.lock("rs").await.unwrap());
    storage.get_token_data_by_resource_server().await.unwrap().into_keys().collect()
}

async fn tokens_in(path: &Path) -> Vec<String> {
    open(path).get_token_data_by_resource_server().await.unwrap().into_keys().collect()
}

#[tokio::test]
async fn a_file_that_becomes_a_link_is_followed_from_then_on() {
    for name in FILES {
        let dir = quick_dir();
        let at = |text: &str| dir.path().join(format!("{text}-{name}"));
        let storage = open(&at("used"));
        assert_eq!(tokens_after(&*storage, "Ag1").await, ["Ag1"]);
        fs::rename(at("used"), at("first")).unwrap();
        symlink(at("first"), at("used")).unwrap();
        assert_eq!(tokens_after(&*storage, "Ag2").await, ["Ag1", "Ag2"]);
        // Elsewhere, and nothing is there yet.
        fs::remove_file(at("used")).unwrap();
        symlink(at("second"), at("used")).unwrap();
        assert_eq!(tokens_after(&*storage, "Ag3").await, ["Ag3"]);
        assert!(at("used").is_symlink());
        assert_eq!(tokens_in(&at("first")).await, ["Ag1", "Ag2"]);
        assert_eq!(tokens_in(&at("second")).await, ["Ag3"]);
        // A link that others could have made is not followed.
        fs::set_permissions(dir.path(), Permissions::from_mode(0o1777)).unwrap();
        let err = storage.get_token_data("Ag3").await.unwrap_err();
        assert!(err.to_string().contains("symbolic link in a directory where everybody"), "{err}");
        storage.store_token_data(&token("Ag4", "Ag4")).await.unwrap_err();
        storage.lock("rs").await.unwrap_err();
        // And a file in the place of the link is the file again.
        fs::remove_file(at("used")).unwrap();
        assert_eq!(tokens_after(&*storage, "Ag5").await, ["Ag5"]);
        assert_eq!(tokens_in(&at("second")).await, ["Ag3"]);
    }
}

#[tokio::test]
async fn a_directory_that_comes_and_goes_in_the_place_of_the_file_is_an_error_as_long_as_it_is_there() {
    for name in FILES {
        let dir = quick_dir();
        let path = dir.path().join(name);
        let storage = open(&path);
        assert_eq!(tokens_after(&*storage, "Ag1").await, ["Ag1"]);
        fs::rename(&path, dir.path().join("aside")).unwrap();
        fs::create_dir(&path).unwrap();
        let errors = [
            (StorageErrorKind::Unreadable, storage.get_token_data("Ag1").await.unwrap_err()),
            (StorageErrorKind::Unwritable, storage.store_token_data(&token("Ag2", "Ag2")).await.unwrap_err()),
            (StorageErrorKind::Unwritable, storage.lock("rs").await.unwrap_err()),
        ];
        for (kind, err) in errors {
            assert_eq!(err.kind(), kind);
            assert!(err.to_string().contains("a directory is in the way; name a file in it"), "{err}");
        }
        fs::remove_dir(&path).unwrap();
        fs::rename(dir.path().join("aside"), &path).unwrap();
        assert_eq!(tokens_after(&*storage, "Ag3").await, ["Ag1", "Ag3"]);
    }
}

#[tokio::test]
async fn another_directory_in_the_place_of_the_directory_is_used_with_locks_of_its_own() {
    for name in FILES {
        let dir = quick_dir();
        let (home, old) = (dir.path().join("home"), dir.path().join("old"));
        let storage = open(&home.join(name));
        assert_eq!(tokens_after(&*storage, "Ag1").await, ["Ag1"]);
        // Held in the one that goes: it keeps nobody out of the other.
        let held = open(&home.join(name)).lock("rs").await.unwrap();
        fs::rename(&home, &old).unwrap();
        assert_eq!(tokens_after(&*storage, "Ag2").await, ["Ag2"]);
        assert_eq!((mode(&home), mode(&home.join(name))), (0o700, 0o600));
        drop(held);
        assert_eq!(tokens_in(&old.join(name)).await, ["Ag1"]);
        fs::remove_dir_all(&home).unwrap();
        symlink(&old, &home).unwrap();
        assert_eq!(tokens_after(&*storage, "Ag3").await, ["Ag1", "Ag3"]);
    }
}

#[cfg(feature = "json")]
#[tokio::test]
async fn lock_files_that_are_removed_or_exchanged_are_found_and_made_private() {
    let dir = quick_dir();
    let path = dir.path().join("tokens.json");
    let (storage, lock) = (open(&path), dir.path().join("tokens.json.lock"));
    assert_eq!(tokens_after(&*storage, "Ag1").await, ["Ag1"]);
    fs::set_permissions(&lock, Permissions::from_mode(0o666)).unwrap();
    assert_eq!(tokens_after(&*storage, "Ag2").await, ["Ag1", "Ag2"]);
    assert_eq!(mode(&lock), 0o600);
    fs::rename(&lock, dir.path().join("gone")).unwrap();
    assert_eq!(tokens_after(&*storage, "Ag3").await, ["Ag1", "Ag2", "Ag3"]);
    assert_eq!(mode(&lock), 0o600);
    fs::rename(dir.path().join("gone"), &lock).unwrap();
    assert_eq!(tokens_after(&*storage, "Ag4").await, ["Ag1", "Ag2", "Ag3", "Ag4"]);
    // Whoever has that file locked is waited for.
    let other = fs::File::open(&lock).unwrap();
    other.lock().unwrap();
    let hasty = open_with(&path, "DEFAULT", Duration::ZERO);
    let err = hasty.store_token_data(&token("Ag5", "Ag5")).await.unwrap_err();
    assert_eq!(err.kind(), StorageErrorKind::LockTimedOut);
    assert!(err.to_string().contains("tokens.json.lock"), "{err}");
    drop(other);
    hasty.store_token_data(&token("Ag5", "Ag5")).await.unwrap();
}
