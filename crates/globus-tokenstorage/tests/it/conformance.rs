//! The published suite, run by every storage.

use globus_tokenstorage::{MemoryTokenStorage, conformance};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_keeps_every_promise() {
    conformance::run(MemoryTokenStorage::new).await.unwrap();
}

#[tokio::test]
async fn a_namespace_of_a_shared_storage_keeps_every_promise() {
    let shared = MemoryTokenStorage::new();
    let mut names = 0..;
    let make = || shared.with_namespace(names.next().map(|n: u32| n.to_string()).unwrap());
    conformance::run(make).await.unwrap();
}

#[cfg(feature = "json")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn json_keeps_every_promise() {
    let dir = tempfile::tempdir().unwrap();
    let mut names = 0..;
    let make = || {
        let name = names.next().map(|n: u32| format!("{n}.json")).unwrap();
        globus_tokenstorage::JsonTokenStorage::new(dir.path().join(name)).with_sync(false)
    };
    conformance::run(make).await.unwrap();
}

#[cfg(feature = "sqlite")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_keeps_every_promise() {
    let dir = tempfile::tempdir().unwrap();
    let mut names = 0..;
    let make = || {
        let name = names.next().map(|n: u32| format!("{n}.db")).unwrap();
        globus_tokenstorage::SqliteTokenStorage::new(dir.path().join(name))
    };
    conformance::run(make).await.unwrap();
}
