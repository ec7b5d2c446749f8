//! Futures that are dropped wherever they wait: after one poll, after two, and so on until they come to their end.

use globus_tokenstorage::TokenStorage;

use crate::support::{admin, builder, cut, database, storage, token};

/// More polls than any operation takes, new connection included.
const MANY: usize = 1000;

#[tokio::test]
async fn a_write_that_is_dropped_anywhere_happens_whole_or_not_at_all() {
    let url = database().await;
    let pair = |text: &str| [("a".to_owned(), token("a", text)), ("b".to_owned(), token("b", text))].into();
    let steady = storage(&url);
    for polls in 1..MANY {
        steady.store_token_data_by_resource_server(&pair("Ag0")).await.unwrap();
        // A new one each time, so that connecting is cut as well.
        let fresh = builder(&url).with_pool_size(1).build().unwrap();
        let new = pair("Ag1");
        let done = cut(polls, fresh.store_token_data_by_resource_server(&new)).await;
        let stored = fresh.get_token_data_by_resource_server().await.unwrap();
        let texts: Vec<_> = stored.values().map(|data| data.access_token.expose()).collect();
        assert!(matches!(*texts, [a, b] if a == b), "{texts:?}");
        if let Some(done) = done {
            done.unwrap();
            assert!(polls > 3, "connecting was not cut");
            return assert_eq!(texts, ["Ag1", "Ag1"]);
        }
    }
    panic!("no write came to its end");
}

#[tokio::test]
async fn swaps_removals_and_reads_that_are_dropped_anywhere_leave_the_storage_usable() {
    let url = database().await;
    let storage = builder(&url).with_pool_size(1).build().unwrap();
    let (one, two) = (token("a", "Ag1"), token("a", "Ag2"));
    let mut done = [false; 6];
    for polls in 1..MANY {
        storage.store_token_data(&one).await.unwrap();
        if let Some(swapped) = cut(polls, storage.compare_and_swap("a", Some(&one), Some(&two))).await {
            assert!(swapped.unwrap());
            done[0] = true;
        }
        done[1] |= cut(polls, storage.get_token_data("a")).await.is_some();
        done[2] |= cut(polls, storage.get_token_data_by_resource_server()).await.is_some();
        done[3] |= cut(polls, storage.reseal()).await.is_some();
        done[4] |= cut(polls, storage.check()).await.is_some();
        let stored = storage.get_token_data("a").await.unwrap();
        assert!(stored == Some(one.clone()) || stored == Some(two.clone()));
        done[5] |= cut(polls, storage.remove_token_data("a")).await.is_some();
        let stored = storage.get_token_data("a").await.unwrap();
        assert!(stored.is_none() || (!done[5] && stored.is_some()));
        if done.iter().all(|done| *done) {
            return;
        }
    }
    panic!("not all came to their ends: {done:?}");
}

#[tokio::test]
async fn tables_are_made_whoever_is_cut_off_while_making_them() {
    let url = database().await;
    let admin = admin(&url).await;
    for polls in 1..MANY {
        let done = cut(polls, storage(&url).check()).await;
        let storage = builder(&url).with_pool_size(1).build().unwrap();
        storage.store_token_data(&token("rs", "Ag1")).await.unwrap();
        assert!(storage.get_token_data("rs").await.unwrap().is_some());
        admin.batch_execute("DROP TABLE globus_sdk_tokens, globus_sdk_schema").await.unwrap();
        if done.is_some() {
            return;
        }
    }
    panic!("no check came to its end");
}

#[tokio::test]
async fn who_stops_waiting_for_a_lock_anywhere_leaves_it_free() {
    let url = database().await;
    let patient = storage(&url);
    for polls in 1..MANY {
        let storage = storage(&url);
        let done = cut(polls, storage.lock("rs")).await.is_some();
        drop(patient.lock("rs").await.unwrap());
        // With a session that is there.
        cut(polls, storage.lock("rs")).await;
        drop(storage.lock("rs").await.unwrap());
        let held = patient.lock("rs").await.unwrap();
        assert!(cut(polls.min(6), storage.lock("rs")).await.is_none(), "two hosts hold one lock");
        drop(held);
        drop(patient.lock("rs").await.unwrap());
        if done {
            return;
        }
    }
    panic!("nobody got the lock");
}
