//! A server that ends, hangs or is busy while it is used.

use std::sync::Arc;
use std::time::Duration;

use globus_tokenstorage::{StorageErrorKind, TokenStorage};
use tokio::task::JoinSet;

use crate::server::Server;
use crate::support::{admin, builder, database, database_at, storage, token};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_server_was_killed_and_started_again_everything_goes_on() {
    for signal in ["INT", "QUIT"] {
        let mut server = Server::start();
        let url = database_at(&server.url()).await;
        let storage = storage(&url);
        storage.store_token_data(&token("rs", "Ag1")).await.unwrap();
        let held = storage.lock("rs").await.unwrap();

        server.down(signal);
        let err = storage.get_token_data("rs").await.unwrap_err();
        assert_eq!(err.kind(), StorageErrorKind::Unavailable, "{err} {err:?}");
        assert!(storage.store_token_data(&token("rs", "Ag2")).await.unwrap_err().is_transient());
        assert!(storage.lock("other").await.unwrap_err().is_transient());

        server.up();
        assert_eq!(storage.get_token_data("rs").await.unwrap(), Some(token("rs", "Ag1")));
        let swapped =
            storage.compare_and_swap("rs", Some(&token("rs", "Ag1")), Some(&token("rs", "Ag2"))).await;
        assert!(swapped.unwrap());
        drop(held);
        drop(storage.lock("rs").await.unwrap());
    }
}

#[tokio::test]
async fn connections_that_the_server_closed_meanwhile_are_not_noticed() {
    let url = database().await;
    let storage = storage(&format!("{url}?application_name=closed_meanwhile"));
    let admin = admin(&url).await;
    let close =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'closed_meanwhile'";
    for round in 0..10 {
        let data = token("rs", &format!("Ag{round}"));
        storage.store_token_data(&data).await.unwrap();
        admin.batch_execute(close).await.unwrap();
        assert_eq!(storage.get_token_data("rs").await.unwrap(), Some(data.clone()));
        admin.batch_execute(close).await.unwrap();
        assert!(storage.compare_and_swap("rs", Some(&data), Some(&token("rs", "AgNext"))).await.unwrap());
        admin.batch_execute(close).await.unwrap();
        assert!(storage.remove_token_data("rs").await.unwrap());
        drop(storage.lock("rs").await.unwrap());
        admin.batch_execute(close).await.unwrap();
        drop(storage.lock("rs").await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counting_by_swaps_loses_no_step_while_connections_are_cut() {
    let url = database().await;
    let storage = storage(&format!("{url}?application_name=cut"));
    storage.store_token_data(&token("rs", "0")).await.unwrap();
    let admin = Arc::new(admin(&url).await);
    let close = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cut'";
    let mut counters = JoinSet::new();
    for counter in 0..4 {
        let (storage, admin) = (storage.clone(), Arc::clone(&admin));
        counters.spawn(async move {
            for step in 0..25 {
                if step % 4 == 0 {
                    admin.batch_execute(close).await.unwrap();
                }
                count(&storage, &format!("{counter}-{step}")).await;
            }
        });
    }
    counters.join_all().await;
    let stored = storage.get_token_data("rs").await.unwrap().unwrap();
    assert_eq!(stored.scope.split(' ').count(), 101, "{}", stored.scope);
}

/// Adds one mark. A swap of which nobody knows whether it was made is looked after.
async fn count(storage: &impl TokenStorage, mark: &str) {
    loop {
        let stored = match storage.get_token_data("rs").await {
            Ok(stored) => stored.unwrap(),
            Err(err) => {
                assert!(err.is_transient(), "{err} {err:?}");
                continue;
            }
        };
        if stored.scope.split(' ').any(|other| other == mark) {
            return;
        }
        let mut new = stored.clone();
        new.scope = format!("{} {mark}", stored.scope);
        match storage.compare_and_swap("rs", Some(&stored), Some(&new)).await {
            Ok(true) => return,
            Ok(false) => {}
            Err(err) => assert!(err.is_transient(), "{err} {err:?}"),
        }
    }
}

#[tokio::test]
async fn a_locked_table_is_waited_for_and_given_up_in_time() {
    let url = database().await;
    let patient = storage(&url);
    patient.store_token_data(&token("rs", "Ag1")).await.unwrap();
    // Only what cannot succeed has a short limit, however slow the server is.
    let hasty = builder(&url).with_timeout(Duration::from_secs(1)).build().unwrap();
    let admin = admin(&url).await;
    admin.batch_execute("BEGIN; LOCK TABLE globus_sdk_tokens").await.unwrap();
    let err = hasty.get_token_data("rs").await.unwrap_err();
    assert!(err.is_transient(), "{err}");
    let err = hasty.store_token_data(&token("rs", "Ag2")).await.unwrap_err();
    assert!(err.is_transient(), "{err}");
    admin.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(patient.get_token_data("rs").await.unwrap(), Some(token("rs", "Ag1")));
}

#[tokio::test]
async fn waiting_for_a_connection_of_the_pool_ends() {
    let url = database().await;
    let storage =
        builder(&url).with_pool_size(1).with_pool_timeout(Duration::from_millis(50)).build().unwrap();
    storage.check().await.unwrap();
    let admin = admin(&url).await;
    admin.batch_execute("BEGIN; LOCK TABLE globus_sdk_tokens").await.unwrap();
    let busy = tokio::spawn({
        let storage = storage.clone();
        async move { storage.get_token_data("rs").await }
    });
    let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted";
    while admin.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        tokio::task::yield_now().await;
    }
    let err = storage.get_token_data("rs").await.unwrap_err();
    assert!(err.is_transient() && err.to_string().contains("all 1 connections were in use"), "{err}");
    // Locks are not affected.
    drop(storage.lock("rs").await.unwrap());
    admin.batch_execute("ROLLBACK").await.unwrap();
    assert!(busy.await.unwrap().unwrap().is_none());
}

#[tokio::test]
async fn a_server_that_takes_no_writes_says_so() {
    let url = database().await;
    storage(&url).store_token_data(&token("rs", "Ag1")).await.unwrap();
    let read_only = storage(&format!("{url}?options=-c%20default_transaction_read_only%3Don"));
    assert_eq!(read_only.get_token_data("rs").await.unwrap(), Some(token("rs", "Ag1")));
    let err = read_only.store_token_data(&token("rs", "Ag2")).await.unwrap_err();
    assert!(err.kind() == StorageErrorKind::Unwritable && err.to_string().contains("standby"), "{err}");
}
