//! Lists whose pages contradict themselves.

use std::sync::{Arc, Mutex};

use globus_services::transfer::TransferClient;
use globus_services::{Error, ErrorKind, Items, Page};
use globus_transport::BaseUrl;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::scripted::{Scripted, transport};

/// What a page says; the ids of its items are given when it is served.
#[derive(Clone, Debug)]
struct Said {
    items: usize,
    has_next_page: Option<bool>,
    total: Option<u64>,
    broken: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum List {
    Search,
    Tasks,
    Directory,
}

#[derive(Clone, Debug)]
struct Asked {
    list: List,
    limit: Option<u64>,
    offset: Option<u64>,
    page_size: Option<u64>,
}

/// What became of a list.
#[derive(Debug)]
struct Outcome {
    found: Vec<String>,
    ended: Result<(), ErrorKind>,
    /// `limit` and `offset` of each request.
    requests: Vec<(u64, u64)>,
}

fn pages() -> impl Strategy<Value = Vec<Said>> {
    let total = prop_oneof![Just(None), (0..12_u64).prop_map(Some), Just(Some(u64::MAX))];
    let page = (0..4_usize, any::<Option<bool>>(), total, prop::bool::weighted(0.05))
        .prop_map(|(items, has_next_page, total, broken)| Said { items, has_next_page, total, broken });
    prop::collection::vec(page, 0..8)
}

fn asked() -> impl Strategy<Value = Asked> {
    let list = prop::sample::select(vec![List::Search, List::Tasks, List::Directory]);
    let offset = prop_oneof![0..5_u64, 995..1002_u64, Just(u64::MAX)];
    (list, prop::option::of(0..8_u64), prop::option::of(offset), prop::option::of(0..5_u64))
        .prop_map(|(list, limit, offset, page_size)| Asked { list, limit, offset, page_size })
}

/// Item `index` of page `page`.
fn item(page: usize, index: usize) -> String {
    format!("{page}-{index}")
}

fn body(list: List, page: usize, said: &Said) -> String {
    if said.broken {
        return r#"{"DATA": [{"#.to_owned();
    }
    let key = match list {
        List::Search => "id",
        List::Tasks => "task_id",
        List::Directory => "name",
    };
    let items: Vec<Value> = (0..said.items).map(|index| json!({ key: item(page, index) })).collect();
    json!({"DATA": items, "has_next_page": said.has_next_page, "total": said.total}).to_string()
}

fn number(line: &str, name: &str) -> Option<u64> {
    let (_, query) = line.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
}

async fn read<P: Page>(
    mut items: Items<P>,
    page_size: Option<u64>,
    key: impl Fn(P::Item) -> String,
) -> (Vec<String>, Result<(), Error>) {
    if let Some(size) = page_size {
        items = items.with_page_size(size);
    }
    let mut found = Vec::new();
    let ended = loop {
        match items.try_next().await {
            Ok(Some(item)) => found.push(key(item)),
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    assert!(items.try_next().await.unwrap().is_none(), "it goes on after its end");
    (found, ended)
}

/// Serves `pages` in turn, and an error to whoever asks on.
async fn run(asked: &Asked, pages: &[Said]) -> Outcome {
    let mut bodies: Vec<String> =
        pages.iter().enumerate().map(|(index, page)| body(asked.list, index, page)).collect();
    bodies.reverse();
    let bodies = Arc::new(Mutex::new(bodies));
    let server = Scripted::start(move |_| match bodies.lock().unwrap().pop() {
        Some(body) => (200, body),
        None => (404, String::new()),
    })
    .await;
    let url = BaseUrl::parse(server.url()).unwrap();
    let client = TransferClient::builder().base_url(url.as_str()).transport(transport()).build().unwrap();
    macro_rules! read {
        ($request:expr, $key:expr) => {{
            let mut request = $request;
            if let Some(limit) = asked.limit {
                request = request.limit(limit);
            }
            if let Some(offset) = asked.offset {
                request = request.offset(offset);
            }
            read(request.items(), asked.page_size, $key).await
        }};
    }
    let (found, ended) = match asked.list {
        List::Search => read!(client.endpoint_search(), |endpoint| endpoint.id.to_string()),
        List::Tasks => read!(client.task_list(), |task| task.task_id.to_string()),
        List::Directory => read!(client.operation_ls("c"), |entry| entry.name),
    };
    let requests = server.lines();
    let requests = requests
        .iter()
        .map(|line| (number(line, "limit").unwrap(), number(line, "offset").unwrap_or(0)))
        .collect();
    Outcome { found, ended: ended.map_err(|error| error.kind()), requests }
}

fn outcome(asked: &Asked, pages: &[Said]) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(run(asked, pages))
}

/// How many pages were good for anything: the last may have ended the list with an error.
fn used(pages: &[Said], outcome: &Outcome) -> usize {
    let asked_for = outcome.requests.len().min(pages.len());
    match outcome.ended {
        Err(_) if outcome.requests.len() <= pages.len() => asked_for - 1,
        _ => asked_for,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn every_list_ends_and_no_item_is_lost_or_doubled(asked in asked(), pages in pages()) {
        let outcome = outcome(&asked, &pages);
        prop_assert!(outcome.requests.len() <= pages.len() + 1);
        let used = used(&pages, &outcome);
        let mut expected: Vec<String> = Vec::new();
        for (page, said) in pages[..used].iter().enumerate() {
            expected.extend((0..said.items).map(|index| item(page, index)));
        }
        let start = asked.offset.unwrap_or(0);
        let cap = if asked.list == List::Directory { u64::MAX } else { 1000_u64.saturating_sub(start) };
        let most = asked.limit.unwrap_or(u64::MAX).min(cap);
        expected.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        prop_assert_eq!(&outcome.found, &expected, "{:?}", outcome);
    }

    #[test]
    fn each_page_starts_where_the_one_before_it_ended_and_asks_for_no_more_than_is_wanted(
        asked in asked(),
        pages in pages(),
    ) {
        let outcome = outcome(&asked, &pages);
        let mut start = asked.offset.unwrap_or(0);
        let mut left = asked.limit;
        for (index, (limit, offset)) in outcome.requests.iter().enumerate() {
            prop_assert_eq!(*offset, start, "{:?}", outcome);
            prop_assert!(*limit >= 1 && left.is_none_or(|left| *limit <= left), "{:?}", outcome);
            prop_assert!(asked.page_size.is_none_or(|size| *limit <= size.max(1)), "{:?}", outcome);
            let items = pages.get(index).map_or(0, |page| page.items as u64);
            start = start.saturating_add(items);
            left = left.map(|left| left.saturating_sub(items));
        }
    }

    #[test]
    fn a_list_ends_well_only_when_the_service_or_the_caller_says_so(asked in asked(), pages in pages()) {
        let outcome = outcome(&asked, &pages);
        let start = asked.offset.unwrap_or(0);
        let read = outcome.requests.len();
        let counted: usize = pages.iter().take(read).map(|page| page.items).sum();
        let seen = start.saturating_add(counted as u64);
        let last = read.checked_sub(1).and_then(|last| pages.get(last));
        let says_end = last.is_some_and(|page| match asked.list {
            List::Search => page.has_next_page == Some(false),
            List::Tasks => page.total.is_some_and(|total| seen >= total),
            // One that does not count its entries sends all at once.
            List::Directory => page.total.is_none_or(|total| seen >= total),
        });
        let is_capped = asked.list != List::Directory && seen >= 1000;
        let is_enough = asked.limit.is_some_and(|limit| counted as u64 >= limit) || is_capped;
        match outcome.ended {
            Ok(()) => prop_assert!(says_end || is_enough, "{:?}", outcome),
            Err(ErrorKind::Decode) => prop_assert!(last.is_some_and(|page| page.broken), "{:?}", outcome),
            Err(ErrorKind::Api) => prop_assert_eq!(read, pages.len() + 1, "{:?}", outcome),
            // It does not say whether there is more, or claims more and sends none.
            Err(kind) => {
                prop_assert_eq!(kind, ErrorKind::Paging);
                prop_assert!(!says_end, "{:?}", outcome);
            }
        }
    }
}
