//! Waiting for a task. Dropped anywhere, it stops asking, and leaves the task alone.

use std::future::IntoFuture;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use globus_services::transfer::TransferClient;
use serde_json::json;

use super::{MOMENTS, MOST, cut};
use crate::scripted::{Scripted, transport};

/// The task is done at this poll.
const DONE: usize = 4;

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_dropped_anywhere_asks_no_more_and_changes_nothing() {
    for moment in MOMENTS {
        for polls in 0..MOST {
            let count = AtomicUsize::new(0);
            let server = Scripted::start(move |_| {
                let status =
                    if count.fetch_add(1, Ordering::SeqCst) + 1 < DONE { "ACTIVE" } else { "SUCCEEDED" };
                (200, json!({"task_id": "t", "status": status}).to_string())
            })
            .await;
            let client =
                TransferClient::builder().base_url(server.url()).transport(transport()).build().unwrap();
            let first = cut(client.task_wait("t").into_future(), polls, moment).await;
            let asked = server.lines().len();
            tokio::time::sleep(Duration::from_secs(3600)).await;
            // The poll that was under way may still arrive; there is none after it.
            assert!(server.lines().len() <= asked + 1, "dropped after {polls} looks");
            assert!(client.task_wait("t").await.unwrap().is_success());
            assert!(server.lines().iter().all(|line| line == "GET /v0.10/task/t"));
            if first.is_some() {
                assert_eq!(asked, DONE);
                break;
            }
        }
    }
}
