//! Locks between hosts.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use globus_tokenstorage::{StorageErrorKind, TokenStorage};

use crate::support::{admin, builder, database, storage};

const URL: &str = "POSTGRES_TEST_LOCK";

async fn count(url: &str, sql: &str) -> i64 {
    admin(url).await.query_one(sql, &[]).await.unwrap().get(0)
}

/// Locks of the database that this is asked in.
const LOCKS: &str = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND \
                     database = (SELECT oid FROM pg_database WHERE datname = current_database())";

#[tokio::test]
async fn two_hosts_never_hold_one_lock() {
    let url = database().await;
    let (one, other) =
        (storage(&url), builder(&url).with_lock_timeout(Duration::from_millis(50)).build().unwrap());
    let held = one.lock("rs").await.unwrap();
    let err = other.lock("rs").await.unwrap_err();
    assert!(err.kind() == StorageErrorKind::LockTimedOut && err.is_transient(), "{err}");
    drop(other.lock("another").await.unwrap());
    drop(other.with_namespace("another").lock("rs").await.unwrap());
    drop(held);
    let patient = storage(&url);
    drop(patient.lock("rs").await.unwrap());
}

#[tokio::test]
async fn a_thousand_locks_cost_one_connection() {
    let url = database().await;
    let storage = storage(&format!("{url}?application_name=a_thousand_locks"));
    let mut held = Vec::new();
    for name in 0..1000 {
        held.push(storage.lock(&name.to_string()).await.unwrap());
    }
    assert_eq!(count(&url, LOCKS).await, 1000);
    let sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'a_thousand_locks'";
    assert_eq!(count(&url, sessions).await, 1);
    drop(held);
    // The releases were sent before this.
    drop(storage.lock("0").await.unwrap());
    while count(&url, LOCKS).await > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_lock_that_is_dropped_outside_the_runtime_is_free() {
    let url = database().await;
    let (one, other) = (storage(&url), storage(&url));
    let held = one.lock("rs").await.unwrap();
    tokio::task::spawn_blocking(|| std::thread::spawn(|| drop(held)).join().unwrap()).await.unwrap();
    drop(other.lock("rs").await.unwrap());
}

#[test]
fn a_lock_that_outlives_its_runtime_is_free() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let first = runtime();
    let url = first.block_on(database());
    let storage_of_both = storage(&url);
    let held = first.block_on(storage_of_both.lock("rs")).unwrap();
    drop(first);
    drop(runtime().block_on(storage(&url).lock("rs")).unwrap());
    drop(held);
    // The storage itself goes on in another runtime.
    let second = runtime();
    drop(second.block_on(storage_of_both.lock("rs")).unwrap());
    assert!(second.block_on(storage_of_both.get_token_data("rs")).unwrap().is_none());
}

#[tokio::test]
async fn a_child_holds_a_lock_until_it_is_killed() {
    let Ok(url) = env::var(URL) else { return };
    let _held = storage(&url).lock("rs").await.unwrap();
    println!("\nheld");
    std::future::pending::<()>().await;
}

fn child(url: &str) -> Child {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "locks::a_child_holds_a_lock_until_it_is_killed", "--nocapture"])
        .env(URL, url)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("held")));
    child
}

#[tokio::test]
async fn the_lock_of_a_killed_process_is_free() {
    let url = database().await;
    storage(&url).check().await.unwrap();
    let mut child = child(&url);
    let impatient = builder(&url).with_lock_timeout(Duration::from_millis(20)).build().unwrap();
    assert_eq!(impatient.lock("rs").await.unwrap_err().kind(), StorageErrorKind::LockTimedOut);
    child.kill().unwrap();
    child.wait().unwrap();
    drop(storage(&url).lock("rs").await.unwrap());
}

#[tokio::test]
async fn a_lock_whose_session_the_server_ended_is_free_and_the_next_one_is_had() {
    let url = database().await;
    let storage = storage(&format!("{url}?application_name=ended"));
    let held = storage.lock("rs").await.unwrap();
    let end =
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'ended'";
    assert_eq!(count(&url, end).await, 1);
    drop(builder(&url).build().unwrap().lock("rs").await.unwrap());
    drop(storage.lock("another").await.unwrap());
    drop(held);
    drop(storage.lock("rs").await.unwrap());
}
