//! Futures that are dropped wherever they wait.

use std::sync::Arc;

use globus_tokenstorage::TokenStorage;

use crate::support::{builder, cut, database, storage, token};

/// More polls than any operation takes with a new connection.
const POLLS: usize = 40;

#[tokio::test]
async fn a_write_that_is_dropped_anywhere_happens_whole_or_not_at_all() {
    let url = database().await;
    storage(&url).check().await.unwrap();
    let mut done = 0;
    for polls in 1..POLLS {
        // A new one each time, so that connecting is cut as well.
        let storage = builder(&url).with_pool_size(2).build().unwrap();
        let pair =
            |text: &str| [("a".to_owned(), token("a", text)), ("b".to_owned(), token("b", text))].into();
        storage.store_token_data_by_resource_server(&pair("Ag0")).await.unwrap();
        let fresh = builder(&url).with_pool_size(2).build().unwrap();
        let new = pair("Ag1");
        done += usize::from(cut(polls, fresh.store_token_data_by_resource_server(&new)).await.is_some());
        let stored = fresh.get_token_data_by_resource_server().await.unwrap();
        let texts: Vec<_> = stored.values().map(|data| data.access_token.expose()).collect();
        assert!(matches!(*texts, [a, b] if a == b), "{texts:?}");
    }
    assert!(done > 0, "no write came to its end");
}

#[tokio::test]
async fn swaps_removals_and_reads_that_are_dropped_anywhere_leave_the_storage_usable() {
    let url = database().await;
    let storage = builder(&url).with_pool_size(1).build().unwrap();
    let (one, two) = (token("a", "Ag1"), token("a", "Ag2"));
    let mut done = [0; 3];
    for polls in 1..POLLS / 2 {
        storage.store_token_data(&one).await.unwrap();
        if let Some(swapped) = cut(polls, storage.compare_and_swap("a", Some(&one), Some(&two))).await {
            done[0] += 1;
            assert!(swapped.unwrap());
        }
        done[1] += usize::from(cut(polls, storage.get_token_data("a")).await.is_some());
        done[2] += usize::from(cut(polls, storage.remove_token_data("a")).await.is_some());
        cut(polls, storage.get_token_data_by_resource_server()).await;
        cut(polls, storage.reseal()).await;
        cut(polls, storage.check()).await;
        let stored = storage.get_token_data("a").await.unwrap();
        assert!(stored.is_none() || stored == Some(one.clone()) || stored == Some(two.clone()));
    }
    assert!(done.iter().all(|done| *done > 0), "{done:?}");
}

#[tokio::test]
async fn tables_are_made_whoever_is_cut_off_while_making_them() {
    for polls in 1..POLLS {
        let url = if polls % 4 == 1 { Some(database().await) } else { None };
        let Some(url) = url else { continue };
        for cut_at in polls..polls + 4 {
            let storage = storage(&url);
            cut(cut_at, storage.check()).await;
        }
        let storage = storage(&url);
        storage.store_token_data(&token("rs", "Ag1")).await.unwrap();
        assert!(storage.get_token_data("rs").await.unwrap().is_some());
    }
}

#[tokio::test]
async fn who_stops_waiting_for_a_lock_anywhere_leaves_it_free() {
    let url = database().await;
    let patient = storage(&url);
    let mut had = 0;
    for polls in 1..POLLS {
        let storage = Arc::new(storage(&url));
        had += usize::from(cut(polls, storage.lock("rs")).await.is_some());
        drop(patient.lock("rs").await.unwrap());
        // With a session that is there.
        cut(polls, storage.lock("rs")).await;
        drop(storage.lock("rs").await.unwrap());
        let held = patient.lock("rs").await.unwrap();
        cut(polls, storage.lock("rs")).await;
        drop(held);
        drop(patient.lock("rs").await.unwrap());
    }
    assert!(had > 0);
}
