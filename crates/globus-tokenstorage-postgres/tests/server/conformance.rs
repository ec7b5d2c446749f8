//! The published suite.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use globus_tokenstorage::conformance;

use crate::support::{builder, database, storage};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_keep_every_promise() {
    let shared = storage(&database().await);
    let next = AtomicUsize::new(0);
    let view = || shared.with_namespace(next.fetch_add(1, Ordering::Relaxed).to_string());
    conformance::run(async || view()).await.unwrap();
    conformance::run_namespaces(async || (view(), view())).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn storages_without_a_common_connection_keep_every_promise() {
    let url = database().await;
    let next = AtomicUsize::new(0);
    let name = || next.fetch_add(1, Ordering::Relaxed).to_string();
    let new = |namespace: &str| builder(&url).with_namespace(namespace).with_pool_size(3).build().unwrap();
    conformance::run(async || new(&name())).await.unwrap();
    conformance::run_namespaces(async || (new(&name()), new(&name()))).await.unwrap();
}

#[tokio::test]
async fn waiting_for_a_lock_ends() {
    let url = database().await;
    let make = async || builder(&url).with_lock_timeout(Duration::from_millis(5)).build().unwrap();
    conformance::run_lock_timeout(make).await.unwrap();
}
