//! Every list, in every situation: one row says what a list looks like, and the tests run over all rows.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};

use globus_services::transfer::TransferClient;
use globus_services::transfer::v2::TransferClientV2;
use globus_services::{Cursor, Error, ErrorKind, Items, Page};
use serde_json::{Value, json};

use crate::scripted::{Arrival, Scripted, settle, transport};

/// How the pages of a list say what comes next.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Style {
    /// `has_next_page`; the next page is asked for by `offset`.
    MorePages,
    /// `total`; the same.
    Total,
    /// `total`, or everything at once; the same.
    TotalOrAll,
    /// The field with this name goes into the parameter with that.
    Marker(&'static str, &'static str),
    /// `has_next_page`, and `last_key`.
    Key,
    /// The address in `links.next`.
    Link,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Situation {
    Whole,
    EmptyLastPage,
    NoProgress,
    NoMarker,
    ErrorInTheMiddle,
}

/// How a list is read.
#[derive(Clone, Debug, Default)]
struct Reading {
    prefetch: bool,
    limit: Option<u64>,
    resume: Option<Cursor>,
    /// Stops after so many items.
    stop: Option<usize>,
}

struct Outcome {
    found: usize,
    ended: Result<(), Error>,
    cursor: Cursor,
}

type Read<'a> = Pin<Box<dyn Future<Output = Outcome> + 'a>>;

struct Row {
    list: &'static str,
    style: Style,
    /// The field that holds the items of a page.
    items: &'static str,
    /// The field without which an item means nothing.
    key: &'static str,
    read: for<'a> fn(&'a str, Reading) -> Read<'a>,
}

macro_rules! row {
    ($client:ident.$list:ident($($id:literal)?), $style:expr, $items:literal, $key:literal) => {
        Row {
            list: concat!(stringify!($client), ".", stringify!($list)),
            style: $style,
            items: $items,
            key: $key,
            read: |url, reading| {
                let client = $client::builder().base_url(url).transport(transport()).build().unwrap();
                Box::pin(read(client.$list($($id)?).items(), reading))
            },
        }
    };
}

const MARKER: Style = Style::Marker("next_marker", "marker");

const ROWS: &[Row] = &[
    row!(TransferClient.endpoint_search(), Style::MorePages, "DATA", "id"),
    row!(
        TransferClient.get_shared_endpoint_list("e"),
        Style::Marker("next_token", "next_token"),
        "shared_endpoints",
        "id"
    ),
    row!(TransferClient.operation_ls("e"), Style::TotalOrAll, "DATA", "name"),
    row!(TransferClient.task_list(), Style::Total, "DATA", "task_id"),
    row!(TransferClient.task_event_list("t"), Style::Total, "DATA", "code"),
    row!(TransferClient.task_successful_transfers("t"), MARKER, "DATA", "source_path"),
    row!(TransferClient.task_skipped_errors("t"), MARKER, "DATA", "source_path"),
    row!(TransferClient.endpoint_manager_task_list(), Style::Key, "DATA", "task_id"),
    row!(TransferClient.endpoint_manager_task_event_list("t"), Style::Total, "DATA", "code"),
    row!(TransferClient.endpoint_manager_task_successful_transfers("t"), MARKER, "DATA", "source_path"),
    row!(TransferClient.endpoint_manager_task_skipped_errors("t"), MARKER, "DATA", "source_path"),
    row!(TransferClient.list_tunnels(), Style::Link, "data", "id"),
    row!(TransferClient.get_tunnel_events("t"), Style::Link, "data", "id"),
    row!(TransferClientV2.list_tunnels(), Style::Link, "data", "id"),
    row!(TransferClientV2.get_tunnel_events("t"), Style::Link, "data", "id"),
    row!(TransferClientV2.list_stream_access_points(), Style::Link, "data", "id"),
    row!(TransferClientV2.list_bookmarks(), Style::Link, "data", "id"),
];

async fn read<P: Page>(items: Items<P>, reading: Reading) -> Outcome {
    let mut items = items.with_prefetch(reading.prefetch);
    if let Some(limit) = reading.limit {
        items = items.with_limit(limit);
    }
    if let Some(cursor) = reading.resume {
        items = items.resume(cursor);
    }
    let mut found = 0;
    let ended = loop {
        if reading.stop == Some(found) {
            settle().await;
            break Ok(());
        }
        match items.try_next().await {
            Ok(Some(_)) => found += 1,
            Ok(None) => break Ok(()),
            Err(error) => {
                assert!(items.try_next().await.unwrap().is_none(), "it goes on after an error");
                break Err(error);
            }
        }
    };
    Outcome { found, ended, cursor: items.cursor() }
}

impl Row {
    /// Page `index` of three, with two items each.
    fn page(&self, index: usize, situation: Situation, line: &str) -> Value {
        let is_second = index == 1;
        let (count, total, is_last) = match situation {
            Situation::EmptyLastPage if index == 2 => (0, 4, true),
            Situation::NoProgress if is_second => (if self.goes_by_offset() { 0 } else { 2 }, 6, false),
            _ => (2, 6, index == 2),
        };
        let items: Vec<Value> =
            (0..count).map(|item| json!({ self.key: format!("{index}-{item}") })).collect();
        let says_next = !(situation == Situation::NoMarker && is_second);
        let next =
            if situation == Situation::NoProgress { "m1".to_owned() } else { format!("m{}", index + 1) };
        let next = if is_last { Value::Null } else { next.into() };
        let mut page = json!({ self.items: items });
        match self.style {
            Style::MorePages if says_next => page["has_next_page"] = (!is_last).into(),
            Style::Total | Style::TotalOrAll if says_next => page["total"] = total.into(),
            Style::Marker(field, _) if says_next => page[field] = next,
            Style::Key => {
                page["has_next_page"] = (!is_last).into();
                if says_next {
                    page["last_key"] = next;
                }
            }
            Style::Link if says_next && !is_last => {
                let path = line.split([' ', '?']).nth(1).unwrap();
                page["links"] = json!({"next": format!("{path}?cursor={}", next.as_str().unwrap())});
            }
            _ => {}
        }
        page
    }

    fn goes_by_offset(&self) -> bool {
        matches!(self.style, Style::MorePages | Style::Total | Style::TotalOrAll)
    }

    /// Which page is asked for.
    fn asked(&self, line: &str) -> usize {
        let parameter = match self.style {
            Style::MorePages | Style::Total | Style::TotalOrAll => "offset=",
            Style::Marker(_, parameter) => &format!("{parameter}=m"),
            Style::Key => "last_key=m",
            Style::Link => "cursor=m",
        };
        let (_, query) = line.split_once('?').unwrap_or_default();
        let number = query.split('&').find_map(|pair| pair.strip_prefix(parameter));
        let number: usize = number.map_or(0, |number| number.parse().unwrap());
        if self.goes_by_offset() { number / 2 } else { number }
    }

    /// A server of the list that answers each request by what it asks for.
    async fn serve(&'static self, situation: Situation) -> Scripted {
        let served = AtomicUsize::new(0);
        Scripted::start(move |Arrival { line, .. }| {
            let index = match situation {
                // Pages that go in circles are told apart by their number.
                Situation::NoProgress => served.fetch_add(1, Ordering::Relaxed),
                _ => self.asked(line),
            };
            if situation == Situation::ErrorInTheMiddle && index == 1 {
                return (500, json!({"code": "Broken", "message": "broken"}).to_string());
            }
            (200, self.page(index, situation, line).to_string())
        })
        .await
    }

    /// How many items come, with what end, by how many requests.
    fn expected(&self, situation: Situation) -> (usize, Option<ErrorKind>, usize) {
        match (situation, self.style) {
            (Situation::Whole, _) => (6, None, 3),
            (Situation::EmptyLastPage, _) => (4, None, 3),
            (Situation::NoProgress, _) => (2, Some(ErrorKind::Paging), 2),
            (Situation::NoMarker, Style::MorePages | Style::Total | Style::Key) => {
                (2, Some(ErrorKind::Paging), 2)
            }
            // Silence is how such a list says that it is at its end.
            (Situation::NoMarker, _) => (4, None, 2),
            (Situation::ErrorInTheMiddle, _) => (2, Some(ErrorKind::Api), 2),
        }
    }
}

#[tokio::test]
async fn every_list_ends_in_every_situation_with_and_without_reading_ahead() {
    let situations = [
        Situation::Whole,
        Situation::EmptyLastPage,
        Situation::NoProgress,
        Situation::NoMarker,
        Situation::ErrorInTheMiddle,
    ];
    for row in ROWS {
        for situation in situations {
            for prefetch in [true, false] {
                let server = row.serve(situation).await;
                let reading = Reading { prefetch, ..Reading::default() };
                let outcome = (row.read)(server.url(), reading).await;
                let ended = outcome.ended.as_ref().err().map(Error::kind);
                let requests = server.lines();
                assert_eq!(
                    (outcome.found, ended, requests.len()),
                    row.expected(situation),
                    "{} {situation:?} prefetch={prefetch}: {requests:?}",
                    row.list
                );
                if let Err(error) = outcome.ended {
                    let name = row.list.split_once('.').unwrap().1;
                    assert!(error.to_string().contains(name), "{error} does not name {name}");
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_next_page_is_asked_for_while_the_first_is_read_unless_switched_off() {
    for row in ROWS {
        for (prefetch, requests) in [(true, 2), (false, 1)] {
            let server = row.serve(Situation::Whole).await;
            let reading = Reading { prefetch, stop: Some(1), ..Reading::default() };
            let outcome = (row.read)(server.url(), reading).await;
            assert_eq!((outcome.found, server.lines().len()), (1, requests), "{}", row.list);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_list_goes_on_from_a_stored_cursor_without_losing_or_repeating_an_item() {
    for row in ROWS {
        for stop in 0..=6 {
            for prefetch in [true, false] {
                let server = row.serve(Situation::Whole).await;
                let reading = Reading { prefetch, stop: Some(stop), ..Reading::default() };
                let first = (row.read)(server.url(), reading).await;
                let stored = serde_json::to_string(&first.cursor).unwrap();
                let resume = Some(serde_json::from_str(&stored).unwrap());
                let rest = (row.read)(server.url(), Reading { prefetch, resume, ..Reading::default() }).await;
                rest.ended.unwrap();
                assert_eq!(first.found + rest.found, 6, "{} after {stop}: {stored}", row.list);
                assert!(rest.cursor.is_at_end(), "{} after {stop}", row.list);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_limit_is_of_the_whole_list_and_what_lies_beyond_is_not_asked_for() {
    for row in ROWS {
        for (limit, requests) in [(0, 0), (1, 1), (2, 1), (3, 2), (6, 3), (100, 3)] {
            let server = row.serve(Situation::Whole).await;
            let reading = Reading { prefetch: true, limit: Some(limit), ..Reading::default() };
            let outcome = (row.read)(server.url(), reading).await;
            outcome.ended.unwrap();
            let expected = usize::try_from(limit).unwrap().min(6);
            assert_eq!(
                (outcome.found, server.lines().len()),
                (expected, requests),
                "{} limit {limit}",
                row.list
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_given_before_a_cursor_counts_towards_the_limit() {
    for row in ROWS {
        let server = row.serve(Situation::Whole).await;
        let reading = Reading { prefetch: true, limit: Some(5), stop: Some(3), ..Reading::default() };
        let first = (row.read)(server.url(), reading).await;
        let resume = Some(first.cursor);
        let rest = (row.read)(server.url(), Reading { prefetch: true, resume, ..Reading::default() }).await;
        assert_eq!((first.found, rest.found), (3, 2), "{}", row.list);
    }
}
