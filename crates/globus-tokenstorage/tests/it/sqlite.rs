//! Databases of the Python SDK, and files that are none.

use std::fs;
use std::time::Duration;

use globus_tokenstorage::{SqliteTokenStorage, StorageErrorKind, TokenStorage};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::support::{one, quick_dir, token};

const V1: &str = include_str!("../samples/sqlite-v1.sql");

fn database(sql: &str) -> (TempDir, SqliteTokenStorage) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("tokens.db");
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    (dir, SqliteTokenStorage::new(path))
}

fn ask(storage: &SqliteTokenStorage, sql: &str) -> Vec<String> {
    let db = Connection::open(storage.path()).unwrap();
    let mut query = db.prepare(sql).unwrap();
    query.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[tokio::test]
async fn a_new_database_is_as_the_python_sdk_makes_it() {
    let dir = tempfile::tempdir().unwrap();
    let storage = SqliteTokenStorage::new(dir.path().join("new/tokens.db"));
    assert!(storage.get_token_data("rs").await.unwrap().is_none());
    assert!(!storage.remove_token_data("rs").await.unwrap());
    assert!(!dir.path().join("new").exists());
    storage.store_token_data_by_resource_server(&one("rs", "Ag1")).await.unwrap();

    let tables = ask(&storage, "SELECT sql FROM sqlite_master WHERE type = 'table' ORDER BY rowid");
    assert!(V1.contains(&tables[0]) && V1.contains(&tables[1]), "{tables:?}");
    assert_eq!(tables.len(), 2);
    assert_eq!(
        ask(
            &storage,
            "SELECT attribute || ' ' || value FROM sdk_storage_adapter_internal ORDER BY attribute"
        ),
        [
            "globus-sdk.database_schema_version 2",
            concat!("globus-sdk.version globus-sdk-rust/", env!("CARGO_PKG_VERSION"))
        ]
    );
    assert_eq!(
        ask(&storage, "SELECT namespace || resource_server || token_data_json FROM token_storage"),
        [concat!(
            r#"DEFAULTrs{"resource_server": "rs", "scope": "all", "access_token": "Ag1", "#,
            r#""expires_at_seconds": 1750000000, "token_type": "Bearer"}"#
        )]
    );
    assert_eq!(ask(&storage, "SELECT typeof(token_data_json) FROM token_storage"), ["text"]);
}

#[cfg(unix)]
#[tokio::test]
async fn only_this_user_can_read_a_database() {
    use std::os::unix::fs::PermissionsExt;

    use crate::support::mode;

    let dir = tempfile::tempdir().unwrap();
    let storage = SqliteTokenStorage::new(dir.path().join("new/tokens.db"));
    storage.store_token_data_by_resource_server(&one("rs", "Ag1")).await.unwrap();
    assert_eq!((mode(storage.path()), mode(&dir.path().join("new"))), (0o600, 0o700));
    fs::set_permissions(storage.path(), fs::Permissions::from_mode(0o644)).unwrap();
    storage.store_token_data_by_resource_server(&one("rs", "Ag2")).await.unwrap();
    assert_eq!(mode(storage.path()), 0o600);
}

#[tokio::test]
async fn a_database_of_schema_1_is_read_and_written_and_stays_one() {
    let (_dir, storage) = database(V1);
    let groups = storage.get_token_data("groups.api.globus.org").await.unwrap().unwrap();
    assert_eq!((groups.refresh_token, groups.expires_at.as_seconds()), (None, 1_750_000_001));
    storage.store_token_data_by_resource_server(&one("rs", "Ag1")).await.unwrap();
    assert_eq!(storage.get_token_data_by_resource_server().await.unwrap().len(), 2);
    let versions = ask(&storage, "SELECT value FROM sdk_storage_adapter_internal ORDER BY attribute");
    assert_eq!(versions, ["1", "3.20.1"]);
    assert_eq!(ask(&storage, "SELECT config_data_json FROM config_storage"), ["\"blue\""]);
}

#[tokio::test]
async fn namespaces_are_apart() {
    let (_dir, storage) = database(V1);
    let other = storage.with_namespace("another");
    other.store_token_data_by_resource_server(&one("groups.api.globus.org", "AgOther")).await.unwrap();
    assert!(other.remove_token_data("groups.api.globus.org").await.unwrap());
    assert!(storage.get_token_data("groups.api.globus.org").await.unwrap().is_some());
}

#[tokio::test]
async fn what_is_not_a_token_database_is_an_error_and_stays() {
    let newer = V1.replace("schema_version', '1'", "schema_version', '3'");
    let odd = V1.replace("schema_version', '1'", "schema_version', 'x'");
    for (sql, kind) in [
        (newer.as_str(), StorageErrorKind::UnsupportedVersion),
        (&odd, StorageErrorKind::Corrupt),
        ("CREATE TABLE recipes (name TEXT)", StorageErrorKind::Corrupt),
    ] {
        let (_dir, storage) = database(sql);
        let before = fs::read(storage.path()).unwrap();
        for err in [
            storage.get_token_data("rs").await.unwrap_err(),
            storage.store_token_data_by_resource_server(&one("rs", "Ag1")).await.unwrap_err(),
            storage.remove_token_data("rs").await.unwrap_err(),
        ] {
            assert_eq!(err.kind(), kind, "{err}");
            assert!(err.to_string().contains("tokens.db"), "{err}");
        }
        assert_eq!(fs::read(storage.path()).unwrap(), before);
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("tokens.db");
    fs::write(&path, "this is a text file of some length, and certainly not a database").unwrap();
    let storage = SqliteTokenStorage::new(&path);
    let err = storage.get_token_data("rs").await.unwrap_err();
    assert_eq!(err.kind(), StorageErrorKind::Corrupt, "{err}");
    let err = SqliteTokenStorage::new(dir.path()).get_token_data("rs").await.unwrap_err();
    assert_eq!(err.kind(), StorageErrorKind::Unreadable, "{err}");
}

#[tokio::test]
async fn an_empty_file_becomes_a_database() {
    let dir = tempfile::tempdir().unwrap();
    let storage = SqliteTokenStorage::new(dir.path().join("tokens.db"));
    fs::write(storage.path(), "").unwrap();
    assert!(storage.get_token_data_by_resource_server().await.unwrap().is_empty());
    storage.store_token_data_by_resource_server(&one("rs", "Ag1")).await.unwrap();
    assert_eq!(storage.get_token_data("rs").await.unwrap(), Some(token("rs", "Ag1")));
}

#[tokio::test]
async fn a_database_in_memory_is_refused() {
    let storage = SqliteTokenStorage::new(":memory:");
    let err = storage.store_token_data_by_resource_server(&one("rs", "Ag1")).await.unwrap_err();
    assert!(err.to_string().contains("MemoryTokenStorage"), "{err}");
    storage.lock("rs").await.unwrap_err();
}

#[tokio::test]
async fn a_bad_entry_is_named_and_not_quoted() {
    let (_dir, storage) = database(V1);
    Connection::open(storage.path())
        .unwrap()
        .execute(
            "INSERT INTO token_storage VALUES ('DEFAULT', 'bad', '{\"access_token\": \"AgSecret\"}')",
            [],
        )
        .unwrap();
    let err = storage.get_token_data("bad").await.unwrap_err();
    assert!(
        err.to_string().contains("the entry of bad") && !format!("{err:?}").contains("AgSecret"),
        "{err}"
    );
}

#[tokio::test]
async fn a_removed_or_replaced_token_is_not_left_in_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let storage = SqliteTokenStorage::new(dir.path().join("tokens.db"));
    let holds = |text: &str| String::from_utf8_lossy(&fs::read(storage.path()).unwrap()).contains(text);
    storage.store_token_data_by_resource_server(&one("rs", "AgFirst")).await.unwrap();
    storage.store_token_data_by_resource_server(&one("rs", "AgSecond")).await.unwrap();
    assert!(holds("AgSecond") && !holds("AgFirst"));
    assert!(storage.remove_token_data("rs").await.unwrap());
    assert!(!holds("AgSecond"));
}

#[tokio::test]
async fn a_database_that_is_removed_or_replaced_is_found_anew() {
    let dir = tempfile::tempdir().unwrap();
    let storage = SqliteTokenStorage::new(dir.path().join("tokens.db"));
    let other = SqliteTokenStorage::new(dir.path().join("other.db"));
    storage.store_token_data(&token("rs", "AgFirst")).await.unwrap();
    other.store_token_data(&token("rs", "AgOther")).await.unwrap();
    fs::rename(other.path(), storage.path()).unwrap();
    assert_eq!(storage.get_token_data("rs").await.unwrap(), Some(token("rs", "AgOther")));
    fs::remove_file(storage.path()).unwrap();
    assert_eq!(storage.get_token_data("rs").await.unwrap(), None);
    storage.store_token_data(&token("rs", "AgLast")).await.unwrap();
    assert_eq!(
        SqliteTokenStorage::new(storage.path()).get_token_data("rs").await.unwrap(),
        Some(token("rs", "AgLast"))
    );
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn connections_are_few_while_they_are_used_and_closed_with_the_storage() {
    let dir = tempfile::tempdir().unwrap();
    let path = fs::canonicalize(dir.path()).unwrap().join("tokens.db");
    let open = || {
        let files = fs::read_dir("/proc/self/fd").unwrap();
        files.flatten().filter(|file| fs::read_link(file.path()).is_ok_and(|target| target == path)).count()
    };
    let storage = SqliteTokenStorage::new(&path);
    storage.store_token_data(&token("rs", "Ag1")).await.unwrap();
    let mut readers = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let storage = storage.with_namespace("another");
        readers.spawn(async move { storage.get_token_data("rs").await.unwrap() });
    }
    while readers.join_next().await.is_some() {
        assert!((1..=5).contains(&open()), "{}", open());
    }
    drop(storage);
    assert_eq!(open(), 0);
}

/// A storage with one token, whose file another program uses in some way.
async fn used_by_another(sql: &str) -> (TempDir, SqliteTokenStorage, Connection) {
    let dir = quick_dir();
    let storage = SqliteTokenStorage::new(dir.path().join("tokens.db"));
    storage.store_token_data(&token("rs", "Ag1")).await.unwrap();
    let other = Connection::open(storage.path()).unwrap();
    other.execute_batch(sql).unwrap();
    (dir, storage, other)
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_for_another_program_holds_up_nothing_beside_it() {
    let (old, new) = (token("rs", "Ag1"), token("rs", "Ag2"));
    // Who writes keeps everybody out at the beginning, who reads keeps writers out at the end.
    for sql in ["BEGIN EXCLUSIVE", "BEGIN; SELECT * FROM token_storage"] {
        let (_dir, storage, other) = used_by_another(sql).await;
        let done = async { other.execute_batch("ROLLBACK").unwrap() };
        let (swapped, ()) = tokio::join!(storage.compare_and_swap("rs", Some(&old), Some(&new)), done);
        assert!(swapped.unwrap());
        assert_eq!(storage.get_token_data("rs").await.unwrap().as_ref(), Some(&new));
    }
    let (_dir, storage, other) = used_by_another("BEGIN EXCLUSIVE").await;
    let done = async { other.execute_batch("ROLLBACK").unwrap() };
    let (found, ()) = tokio::join!(storage.get_token_data("rs"), done);
    assert_eq!(found.unwrap(), Some(old));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_program_that_keeps_the_file_is_waited_for_no_longer_than_allowed() {
    for sql in ["BEGIN EXCLUSIVE", "BEGIN; SELECT * FROM token_storage"] {
        let (_dir, storage, _other) = used_by_another(sql).await;
        let storage = storage.with_lock_timeout(Duration::from_millis(10));
        let err = storage.store_token_data(&token("rs", "Ag2")).await.unwrap_err();
        assert_eq!(err.kind(), StorageErrorKind::LockTimedOut);
        assert!(err.to_string().contains("another program keeps it to itself"), "{err}");
    }
}
