//! Encryption at rest, in each storage.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use globus_auth_core::{OAuthToken, OAuthTokenResponse, Secret, UnixTime};
use globus_tokenstorage::{
    EncryptedTokenStorage, EncryptionKey, EncryptionKeys, MemoryTokenStorage, StorageError, StorageErrorKind,
    StorageLock, TokenData, TokenStorage,
};

use crate::conformance::keeps_every_promise;

fn key() -> EncryptionKey {
    EncryptionKey::generate().unwrap()
}

fn tokens(access_token: &str) -> TokenData {
    tokens_for("rs", access_token)
}

fn tokens_for(resource_server: &str, access_token: &str) -> TokenData {
    TokenData::new(resource_server, "all", access_token, UnixTime::from_seconds(1_750_000_000))
        .with_refresh_token(Some(Secret::from(format!("{access_token}Refresh"))))
        .with_identity_id(Some("i".to_owned()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sealed_entries_in_memory_keep_every_promise() {
    keeps_every_promise(|limit| {
        let (key, storage) = (key(), MemoryTokenStorage::new().with_lock_timeout(limit));
        let another = storage.with_namespace("another");
        (EncryptedTokenStorage::new(storage, key.clone()), EncryptedTokenStorage::new(another, key))
    })
    .await;
}

#[cfg(feature = "json")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sealed_entries_in_json_keep_every_promise() {
    let dir = tempfile::tempdir().unwrap();
    let mut names = 0..;
    keeps_every_promise(|limit| {
        let path = names.next().map(|n: u32| dir.path().join(format!("{n}.json"))).unwrap();
        let storage =
            globus_tokenstorage::JsonTokenStorage::new(path).with_sync(false).with_lock_timeout(limit);
        let (key, another) = (key(), storage.with_namespace("another"));
        (EncryptedTokenStorage::new(storage, key.clone()), EncryptedTokenStorage::new(another, key))
    })
    .await;
}

#[cfg(feature = "sqlite")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sealed_entries_in_sqlite_keep_every_promise() {
    let dir = tempfile::tempdir().unwrap();
    let mut names = 0..;
    keeps_every_promise(|limit| {
        let path = names.next().map(|n: u32| dir.path().join(format!("{n}.db"))).unwrap();
        let storage = globus_tokenstorage::SqliteTokenStorage::new(path).with_lock_timeout(limit);
        let (key, another) = (key(), storage.with_namespace("another"));
        (EncryptedTokenStorage::new(storage, key.clone()), EncryptedTokenStorage::new(another, key))
    })
    .await;
}

/// Every byte below `dir`, in files that are there after writing, swapping and removing.
#[cfg(any(feature = "json", feature = "sqlite"))]
fn bytes_below(dir: &std::path::Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        bytes.extend(if path.is_dir() { bytes_below(&path) } else { std::fs::read(path).unwrap() });
    }
    bytes
}

#[cfg(any(feature = "json", feature = "sqlite"))]
async fn holds_no_token(storage: impl TokenStorage, dir: &std::path::Path) {
    let key = key();
    let storage = EncryptedTokenStorage::new(storage, key.clone());
    let (first, second) = (tokens("AgNeedleOne"), tokens("AgNeedleTwo"));
    storage.store_token_data(&first).await.unwrap();
    assert!(storage.compare_and_swap("rs", Some(&first), Some(&second)).await.unwrap());
    let token = OAuthToken::new("other", "s", "AgNeedleThree", UnixTime::from_seconds(5));
    storage.store_token_response(&OAuthTokenResponse::from_tokens(vec![token], None)).await.unwrap();
    let bytes = bytes_below(dir);
    let contains = |needle: &str| bytes.windows(needle.len()).any(|window| window == needle.as_bytes());
    assert!(contains("globus-sealed:1:") && contains(key.id()));
    assert!(!contains("Needle") && !contains(key.to_base64().expose()));
    assert_eq!(storage.get_token_data("rs").await.unwrap(), Some(second));
}

#[cfg(feature = "json")]
#[tokio::test]
async fn a_json_file_holds_no_token_in_the_clear() {
    let dir = tempfile::tempdir().unwrap();
    holds_no_token(globus_tokenstorage::JsonTokenStorage::new(dir.path().join("t.json")), dir.path()).await;
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_database_holds_no_token_in_the_clear() {
    let dir = tempfile::tempdir().unwrap();
    holds_no_token(globus_tokenstorage::SqliteTokenStorage::new(dir.path().join("t.db")), dir.path()).await;
}

#[tokio::test]
async fn an_entry_that_was_moved_to_another_place_does_not_open() {
    let (inner, key) = (MemoryTokenStorage::new(), key());
    let storage = EncryptedTokenStorage::new(inner.clone(), key.clone());
    storage.store_token_data(&tokens("Ag1")).await.unwrap();
    let stored = inner.get_token_data("rs").await.unwrap().unwrap();
    let elsewhere = inner.with_namespace("bob");
    elsewhere.store_token_data(&stored).await.unwrap();
    inner.store_token_data_by_resource_server(&[("moved".to_owned(), stored)].into()).await.unwrap();
    let bob = EncryptedTokenStorage::new(elsewhere, key);
    assert_eq!(bob.get_token_data("rs").await.unwrap_err().kind(), StorageErrorKind::Corrupt);
    assert_eq!(storage.get_token_data("moved").await.unwrap_err().kind(), StorageErrorKind::Corrupt);
    assert_eq!(storage.get_token_data("rs").await.unwrap(), Some(tokens("Ag1")));
}

#[tokio::test]
async fn neither_a_swap_nor_a_login_replaces_what_another_key_sealed() {
    let inner = MemoryTokenStorage::new();
    let (one, other) =
        (EncryptedTokenStorage::new(inner.clone(), key()), EncryptedTokenStorage::new(inner.clone(), key()));
    one.store_token_data(&tokens("Ag1")).await.unwrap();
    let before = inner.get_token_data("rs").await.unwrap();
    let new = tokens("Ag2");
    for expected in [None, Some(&new)] {
        let err = other.compare_and_swap("rs", expected, Some(&new)).await.unwrap_err();
        assert_eq!(err.kind(), StorageErrorKind::UnknownKey);
    }
    let token = OAuthToken::new("rs", "s", "Ag3", UnixTime::from_seconds(5));
    let err =
        other.store_token_response(&OAuthTokenResponse::from_tokens(vec![token], None)).await.unwrap_err();
    assert_eq!(err.kind(), StorageErrorKind::UnknownKey);
    assert_eq!(inner.get_token_data("rs").await.unwrap(), before);
    // The way out that the error names.
    assert!(other.remove_token_data("rs").await.unwrap());
    assert!(other.compare_and_swap("rs", None, Some(&new)).await.unwrap());
}

#[tokio::test]
async fn a_retired_key_reads_and_the_current_one_writes() {
    let (inner, old, new) = (MemoryTokenStorage::new(), key(), key());
    let before = EncryptedTokenStorage::new(inner.clone(), old.clone());
    before.store_token_data(&tokens("Ag1")).await.unwrap();
    let keys = EncryptionKeys::new(new.clone()).with_retired(old);
    let during = EncryptedTokenStorage::new(inner.clone(), keys);
    assert_eq!(during.get_token_data("rs").await.unwrap(), Some(tokens("Ag1")));
    assert!(during.compare_and_swap("rs", Some(&tokens("Ag1")), Some(&tokens("Ag2"))).await.unwrap());
    let after = EncryptedTokenStorage::new(inner, new);
    assert_eq!(after.get_token_data("rs").await.unwrap(), Some(tokens("Ag2")));
    assert_eq!(before.get_token_data("rs").await.unwrap_err().kind(), StorageErrorKind::UnknownKey);
}

#[tokio::test]
async fn resealing_leaves_nothing_that_needs_a_retired_key() {
    let (inner, old, new) = (MemoryTokenStorage::new(), key(), key());
    let before = EncryptedTokenStorage::new(inner.clone(), old.clone());
    for name in 0..10 {
        let data = tokens_for(&name.to_string(), "Ag1");
        before.store_token_data(&data).await.unwrap();
    }
    let during =
        EncryptedTokenStorage::new(inner.clone(), EncryptionKeys::new(new.clone()).with_retired(old));
    during.store_token_data(&tokens("Ag2")).await.unwrap();
    assert_eq!(during.reseal().await.unwrap(), 10);
    assert_eq!(during.reseal().await.unwrap(), 0);
    let after = EncryptedTokenStorage::new(inner, new);
    assert_eq!(after.get_token_data_by_resource_server().await.unwrap().len(), 11);
}

#[tokio::test]
async fn tokens_in_the_clear_are_taken_over_only_when_that_is_wanted() {
    let (inner, key) = (MemoryTokenStorage::new(), key());
    inner.store_token_data(&tokens("AgClear")).await.unwrap();
    let strict = EncryptedTokenStorage::new(inner.clone(), key.clone());
    let err = strict.get_token_data("rs").await.unwrap_err();
    assert_eq!(err.kind(), StorageErrorKind::Corrupt);
    assert!(err.to_string().contains("with_plaintext_migration"), "{err}");
    assert!(strict.reseal().await.is_err());
    assert!(strict.compare_and_swap("rs", None, Some(&tokens("Ag2"))).await.is_err());
    assert_eq!(inner.get_token_data("rs").await.unwrap(), Some(tokens("AgClear")));

    let migrating = strict.clone().with_plaintext_migration(true);
    assert_eq!(migrating.get_token_data("rs").await.unwrap(), Some(tokens("AgClear")));
    // A renewal seals.
    assert!(migrating.compare_and_swap("rs", Some(&tokens("AgClear")), Some(&tokens("Ag2"))).await.unwrap());
    assert_eq!(strict.get_token_data("rs").await.unwrap(), Some(tokens("Ag2")));

    let other = tokens_for("other", "AgClear");
    inner.store_token_data(&other).await.unwrap();
    assert_eq!(migrating.reseal().await.unwrap(), 1);
    assert_eq!(strict.get_token_data("other").await.unwrap(), Some(other));
}

/// Somebody who seals the same tokens anew before each swap, as long as there are rounds left.
#[derive(Clone, Debug)]
struct Restless {
    inner: MemoryTokenStorage,
    key: EncryptionKey,
    rounds: Arc<AtomicUsize>,
}

#[async_trait::async_trait]
impl TokenStorage for Restless {
    async fn store_token_data_by_resource_server(
        &self,
        tokens: &BTreeMap<String, TokenData>,
    ) -> Result<(), StorageError> {
        self.inner.store_token_data_by_resource_server(tokens).await
    }

    async fn get_token_data_by_resource_server(&self) -> Result<BTreeMap<String, TokenData>, StorageError> {
        self.inner.get_token_data_by_resource_server().await
    }

    async fn get_token_data(&self, resource_server: &str) -> Result<Option<TokenData>, StorageError> {
        self.inner.get_token_data(resource_server).await
    }

    async fn remove_token_data(&self, resource_server: &str) -> Result<bool, StorageError> {
        self.inner.remove_token_data(resource_server).await
    }

    async fn compare_and_swap(
        &self,
        resource_server: &str,
        expected: Option<&TokenData>,
        new: Option<&TokenData>,
    ) -> Result<bool, StorageError> {
        if self
            .rounds
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |rounds| rounds.checked_sub(1))
            .is_ok()
        {
            let other = EncryptedTokenStorage::new(self.inner.clone(), self.key.clone());
            let data = other.get_token_data(resource_server).await?.unwrap();
            other.store_token_data(&data).await?;
        }
        self.inner.compare_and_swap(resource_server, expected, new).await
    }

    async fn lock(&self, resource_server: &str) -> Result<StorageLock, StorageError> {
        self.inner.lock(resource_server).await
    }
}

#[tokio::test]
async fn a_swap_looks_at_tokens_and_not_at_how_they_were_sealed() {
    let (inner, key) = (MemoryTokenStorage::new(), key());
    let rounds = Arc::new(3.into());
    let restless = Restless { inner, key: key.clone(), rounds: Arc::clone(&rounds) };
    let storage = EncryptedTokenStorage::new(restless, key);
    storage.store_token_data(&tokens("Ag1")).await.unwrap();
    assert!(storage.compare_and_swap("rs", Some(&tokens("Ag1")), Some(&tokens("Ag2"))).await.unwrap());
    assert_eq!(storage.get_token_data("rs").await.unwrap(), Some(tokens("Ag2")));
    // Without an end it is an error, and not a loop.
    rounds.store(usize::MAX, Ordering::SeqCst);
    let (expected, new) = (tokens("Ag2"), tokens("Ag3"));
    let swap = storage.compare_and_swap("rs", Some(&expected), Some(&new));
    let err = tokio::time::timeout(Duration::from_secs(60), swap).await.unwrap().unwrap_err();
    assert!(err.is_transient(), "{err}");
}
