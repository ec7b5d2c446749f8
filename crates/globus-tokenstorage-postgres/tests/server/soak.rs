//! Long loops: a few rounds in an ordinary run, `GLOBUS_SDK_SOAK` times as many when that is set.

use std::env;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use globus_tokenstorage::TokenStorage;
use tokio::task::JoinSet;

use crate::server::Server;
use crate::support::{builder, database_at, token};

fn rounds(few: usize) -> usize {
    let times = env::var("GLOBUS_SDK_SOAK").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    println!("{} rounds", few * times);
    few * times
}

/// Each writer counts up; what it was told is stored must be there, and nothing older, after each crash of the server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_a_server_that_crashes_in_mid_write_loses_nothing_that_was_said_to_be_stored() {
    let mut server = Server::start();
    let url = database_at(&server.url()).await;
    let storage = builder(&url).with_timeout(Duration::from_secs(5)).connect().await.unwrap();
    for round in 0..rounds(2) {
        let over = Arc::new(AtomicBool::new(false));
        let written = Arc::new(AtomicUsize::new(0));
        let mut writers = JoinSet::new();
        for writer in 0..4 {
            let (storage, over) = (storage.with_namespace(format!("{round}-{writer}")), Arc::clone(&over));
            let written = Arc::clone(&written);
            writers.spawn(async move {
                let mut stored = 0;
                for write in 1.. {
                    match storage.store_token_data(&token("rs", &format!("{write}"))).await {
                        Ok(()) => stored = write,
                        Err(err) => {
                            assert!(err.is_transient(), "{err} {err:?}");
                            break;
                        }
                    }
                    written.fetch_add(1, Ordering::Relaxed);
                    if over.load(Ordering::Relaxed) {
                        break;
                    }
                }
                (storage, stored)
            });
        }
        while written.load(Ordering::Relaxed) < 50 {
            tokio::task::yield_now().await;
        }
        server = tokio::task::spawn_blocking(move || {
            server.down("QUIT");
            server.up();
            server
        })
        .await
        .unwrap();
        over.store(true, Ordering::Relaxed);
        for (storage, stored) in writers.join_all().await {
            let found = storage.get_token_data("rs").await.unwrap();
            let found = found.map_or(0, |data| data.access_token.expose().parse().unwrap());
            // The last one may have been made without anybody learning of it.
            assert!(found == stored || found == stored + 1, "stored {stored}, found {found}");
        }
    }
}
