//! Lists. Dropping the wait for a page loses nothing: who asks again gets the page that was under way, and no page is fetched twice.

use std::time::Duration;

use globus_services::Error;
use globus_services::transfer::TransferClient;
use serde_json::{Value, json};

use super::{MOMENTS, MOST, Moment, cut};
use crate::scripted::{Arrival, Scripted, settle, transport};

const PAGES: usize = 3;

/// Two items a page.
fn page(arrival: &Arrival) -> (u16, String) {
    let offset = arrival.line.split_once("offset=").map_or(0, |(_, offset)| offset.parse().unwrap());
    let items: Vec<Value> = (offset..offset + 2).map(|id: usize| json!({"id": id.to_string()})).collect();
    (200, json!({"DATA": items, "has_next_page": offset + 2 < 2 * PAGES}).to_string())
}

async fn list() -> (Scripted, TransferClient) {
    let server = Scripted::start(page).await;
    let client = TransferClient::builder().base_url(server.url()).transport(transport()).build().unwrap();
    (server, client)
}

const REQUESTS: [&str; PAGES] = [
    "GET /v0.10/endpoint_search?limit=100",
    "GET /v0.10/endpoint_search?limit=100&offset=2",
    "GET /v0.10/endpoint_search?limit=100&offset=4",
];

/// Asks again and again, dropping each wait after `polls` looks, until one comes to its end.
async fn insist<T>(mut ask: impl AsyncFnMut() -> Result<T, Error>, polls: usize, moment: Moment) -> T {
    for _ in 0..MOST {
        match cut(ask(), polls, moment).await {
            Some(result) => return result.unwrap(),
            None => settle().await,
        }
    }
    panic!("each wait begins anew");
}

#[tokio::test(start_paused = true)]
async fn a_dropped_wait_for_an_item_loses_no_item_and_fetches_no_page_twice() {
    for moment in MOMENTS {
        for polls in 1..8 {
            let (server, client) = list().await;
            let mut items = client.endpoint_search().items();
            let mut found = Vec::new();
            while let Some(item) = insist(async || items.try_next().await, polls, moment).await {
                found.push(item.id.to_string());
            }
            assert_eq!(
                found,
                ["0", "1", "2", "3", "4", "5"],
                "each wait dropped after {polls} looks, {moment:?}"
            );
            assert_eq!(server.lines(), REQUESTS);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_wait_for_a_page_is_followed_by_the_same_page() {
    for moment in MOMENTS {
        for polls in 1..8 {
            let (server, client) = list().await;
            let mut pages = client.endpoint_search().pages();
            let mut lengths = Vec::new();
            while let Some(page) = insist(async || pages.try_next().await, polls, moment).await {
                lengths.push(page.into_iter().count());
            }
            assert_eq!(lengths, [2; PAGES]);
            assert_eq!(server.lines(), REQUESTS);
        }
    }
}

/// Also when nobody looked in between: the answer is there, and waits.
#[tokio::test(start_paused = true)]
async fn a_page_whose_answer_came_while_nobody_waited_is_not_lost() {
    let (server, client) = list().await;
    let mut items = client.endpoint_search().items();
    assert!(cut(items.try_next(), 1, Moment::Waiting).await.is_none());
    tokio::time::sleep(Duration::from_secs(3600)).await;
    let mut found = 0;
    while items.try_next().await.unwrap().is_some() {
        found += 1;
    }
    assert_eq!((found, server.lines().len()), (2 * PAGES, PAGES));
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_dropped_with_a_page_under_way_ends_its_request() {
    let (server, client) = list().await;
    let mut items = client.endpoint_search().items();
    assert!(cut(items.try_next(), 1, Moment::Waiting).await.is_none());
    drop(items);
    settle().await;
    assert_eq!(server.lines(), [""; 0]);
}

/// The first page was fetched in a runtime that is gone.
#[test]
fn a_list_that_outlives_its_runtime_says_so_and_ends() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (first, second) = (runtime(), runtime());
    let mut items = first.block_on(async {
        let (_server, client) = list().await;
        let mut items = client.endpoint_search().items();
        assert!(cut(items.try_next(), 1, Moment::Waiting).await.is_none());
        items
    });
    drop(first);
    let error = second.block_on(items.try_next()).unwrap_err();
    assert_eq!(error.to_string(), "the runtime in which the page was fetched has ended");
    assert!(second.block_on(items.try_next()).unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_dropped_anywhere_asks_for_no_further_page() {
    for moment in MOMENTS {
        for polls in 0..MOST {
            let (server, client) = list().await;
            let ended = cut(client.endpoint_search().items().try_collect(), polls, moment).await.is_some();
            settle().await;
            let sent = server.lines();
            assert!(REQUESTS.starts_with(&sent.iter().map(String::as_str).collect::<Vec<_>>()), "{sent:?}");
            tokio::time::sleep(Duration::from_secs(60)).await;
            assert_eq!(server.lines(), sent, "it goes on after it was dropped");
            let all = client.endpoint_search().items().try_collect().await.unwrap();
            assert_eq!(all.len(), 2 * PAGES);
            if ended {
                assert_eq!(sent, REQUESTS);
                break;
            }
        }
    }
}

/// After an error the list has ended, whether or not somebody saw the error.
#[tokio::test(start_paused = true)]
async fn an_error_after_dropped_waits_is_told_once_and_ends_the_list() {
    for moment in MOMENTS {
        for polls in 1..8 {
            let server = Scripted::start(|_| (500, String::new())).await;
            let client =
                TransferClient::builder().base_url(server.url()).transport(transport()).build().unwrap();
            let mut pages = client.endpoint_search().pages();
            let error = insist(async || Ok(pages.try_next().await), polls, moment).await.unwrap_err();
            assert_eq!(error.status(), Some(500));
            assert!(pages.try_next().await.unwrap().is_none());
            assert_eq!(server.lines().len(), 1);
        }
    }
}
