//! The published suite, run by every storage.

use std::collections::BTreeMap;
use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use globus_auth_core::UnixTime;
use globus_tokenstorage::{
    DEFAULT_NAMESPACE, MemoryTokenStorage, StorageError, StorageLock, TokenData, TokenStorage, conformance,
};

/// Every part of the suite; `make` gives an empty storage with this limit on waiting, and a second view of it.
pub(crate) async fn keeps_every_promise<S: TokenStorage + 'static>(
    mut make: impl FnMut(Duration) -> (S, S) + Send,
) {
    let patience = Duration::from_secs(60);
    conformance::run(|| ready(make(patience).0)).await.unwrap();
    conformance::run_namespaces(|| ready(make(patience))).await.unwrap();
    conformance::run_lock_timeout(|| ready(make(Duration::from_millis(5)).0)).await.unwrap();
    let (storage, another) = make(patience);
    assert_eq!((storage.namespace(), another.namespace()), (DEFAULT_NAMESPACE, "another"));
    assert_eq!(Arc::new(another).namespace(), "another");
    // More than is demanded: names with a NUL.
    let data = TokenData::new("a\0b", "s", "AgOdd", UnixTime::from_seconds(5));
    storage.store_token_data(&data).await.unwrap();
    assert_eq!(storage.get_token_data("a\0b").await.unwrap(), Some(data));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_keeps_every_promise() {
    keeps_every_promise(|limit| {
        let storage = MemoryTokenStorage::new().with_lock_timeout(limit);
        (storage.clone(), storage.with_namespace("another"))
    })
    .await;
}

#[tokio::test]
async fn a_namespace_of_a_shared_storage_keeps_every_promise() {
    let shared = MemoryTokenStorage::new();
    let mut names = 0..;
    let make = || {
        let name = names.next().map(|n: u32| n.to_string());
        let shared = shared.clone();
        async move { shared.with_namespace(name.unwrap()) }
    };
    conformance::run(make).await.unwrap();
}

#[cfg(feature = "json")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn json_keeps_every_promise() {
    let dir = crate::support::quick_dir();
    let mut names = 0..;
    keeps_every_promise(|limit| {
        let path = names.next().map(|n: u32| dir.path().join(format!("{n}.json"))).unwrap();
        let storage =
            globus_tokenstorage::JsonTokenStorage::new(path).with_sync(false).with_lock_timeout(limit);
        (storage.clone(), storage.with_namespace("another"))
    })
    .await;
}

#[cfg(feature = "sqlite")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_keeps_every_promise() {
    let dir = crate::support::quick_dir();
    let mut names = 0..;
    keeps_every_promise(|limit| {
        let path = names.next().map(|n: u32| dir.path().join(format!("{n}.db"))).unwrap();
        let storage = globus_tokenstorage::SqliteTokenStorage::new(path).with_lock_timeout(limit);
        (storage.clone(), storage.with_namespace("another"))
    })
    .await;
}

/// A storage whose locks keep nobody out, and which mixes its namespaces.
#[derive(Clone, Debug)]
struct Careless(MemoryTokenStorage);

#[async_trait::async_trait]
impl TokenStorage for Careless {
    async fn store_token_data_by_resource_server(
        &self,
        tokens: &BTreeMap<String, TokenData>,
    ) -> Result<(), StorageError> {
        self.0.store_token_data_by_resource_server(tokens).await
    }

    async fn get_token_data_by_resource_server(&self) -> Result<BTreeMap<String, TokenData>, StorageError> {
        self.0.get_token_data_by_resource_server().await
    }

    async fn get_token_data(&self, resource_server: &str) -> Result<Option<TokenData>, StorageError> {
        self.0.get_token_data(resource_server).await
    }

    async fn remove_token_data(&self, resource_server: &str) -> Result<bool, StorageError> {
        self.0.remove_token_data(resource_server).await
    }

    async fn compare_and_swap(
        &self,
        resource_server: &str,
        expected: Option<&TokenData>,
        new: Option<&TokenData>,
    ) -> Result<bool, StorageError> {
        self.0.compare_and_swap(resource_server, expected, new).await
    }

    async fn lock(&self, _: &str) -> Result<StorageLock, StorageError> {
        Ok(StorageLock::new(()))
    }
}

#[tokio::test]
async fn a_careless_storage_is_found_out() {
    let make = || async { Careless(MemoryTokenStorage::new()) };
    assert!(conformance::run(make).await.unwrap_err().to_string().contains("a lock is held by one"));
    assert!(conformance::run_lock_timeout(make).await.is_err());
    let storage = make().await;
    let same_view = || async { (storage.clone(), storage.clone()) };
    let mixed = conformance::run_namespaces(same_view).await.unwrap_err();
    assert!(mixed.to_string().contains("namespaces do not mix"));
}
