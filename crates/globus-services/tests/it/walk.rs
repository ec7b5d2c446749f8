//! Recursive listings of a scripted tree.

use std::collections::BTreeSet;

use globus_services::Error;
use globus_services::transfer::{TransferClient, Walk, WalkCursor, WalkEntry, WalkError};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::scripted::{Arrival, Scripted, settle, transport};

/// Directories have three directories and two files each, down to depth 3: 13 + 27 directories, 2 files in each of the 13.
fn tree(arrival: &Arrival) -> (u16, String) {
    let path = parameter(arrival, "path").unwrap();
    let level = path.split('/').filter(|part| !part.is_empty()).count();
    let dirs = if level < 3 { 3 } else { 0 };
    let files = if level < 3 { 2 } else { 0 };
    let entries = (0..dirs).map(|dir| entry(&format!("d{dir}"), "dir"));
    listing(arrival, entries.chain((0..files).map(|file| entry(&format!("f{file}"), "file"))).collect())
}

fn entry(name: &str, kind: &str) -> Value {
    json!({"name": name, "type": kind, "size": 1})
}

fn link(name: &str, target: &str) -> Value {
    json!({"name": name, "type": "dir", "link_target": target})
}

/// As much of `entries` as is asked for.
fn listing(arrival: &Arrival, entries: Vec<Value>) -> (u16, String) {
    let number = |name: &str| parameter(arrival, name).map(|number| number.parse::<usize>().unwrap());
    let (total, offset) = (entries.len(), number("offset").unwrap_or(0));
    let page: Vec<_> = entries.into_iter().skip(offset).take(number("limit").unwrap()).collect();
    (200, json!({"DATA": page, "total": total, "path": parameter(arrival, "path")}).to_string())
}

fn parameter(arrival: &Arrival, name: &str) -> Option<String> {
    let pairs = arrival.line.split_once('?')?.1.split('&').filter_map(|pair| pair.split_once('='));
    let value = pairs.filter(|(key, _)| *key == name).map(|(_, value)| value.replace('+', " ")).next()?;
    Some(percent_decode_str(&value).decode_utf8().unwrap().into_owned())
}

async fn serve(script: impl FnMut(&Arrival) -> (u16, String) + Send + 'static) -> (Scripted, TransferClient) {
    let server = Scripted::start(script).await;
    let client = TransferClient::builder().base_url(server.url()).transport(transport()).build().unwrap();
    (server, client)
}

async fn read(mut walk: Walk) -> (Vec<String>, Vec<WalkError>) {
    let (mut paths, mut errors) = (Vec::new(), Vec::new());
    while let Some(item) = walk.next().await {
        match item {
            Ok(found) => paths.push(found.path()),
            Err(error) => errors.push(error),
        }
    }
    (paths, errors)
}

/// The paths below `/`, after it was checked that there are no others and none twice.
async fn all(walk: Walk) -> Vec<String> {
    let (paths, errors) = read(walk).await;
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(paths.iter().collect::<BTreeSet<_>>().len(), paths.len(), "something came twice");
    paths
}

#[tokio::test(start_paused = true)]
async fn everything_below_the_start_comes_once_with_its_path_and_depth() {
    for concurrency in [1, 8, 100] {
        let (server, client) = serve(tree).await;
        let mut walk = client.walk("c", "/").concurrency(concurrency);
        let mut found = Vec::new();
        while let Some(entry) = walk.try_next().await.unwrap() {
            let path = entry.path();
            assert_eq!(path.matches('/').count(), entry.depth as usize, "{path}");
            assert_eq!(
                path.strip_suffix(&entry.entry.name).unwrap().trim_end_matches('/'),
                entry.directory().trim_end_matches('/')
            );
            found.push((entry.depth, path));
        }
        assert_eq!(found.len(), 39 + 26);
        assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len());
        assert_eq!(server.lines().len(), 40);
        assert!(walk.cursor().is_at_end());
        if concurrency == 1 {
            assert!(found.is_sorted_by_key(|(depth, _)| *depth), "breadth first");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_stops_stops_the_walk() {
    let wide =
        |arrival: &Arrival| listing(arrival, (0..50).map(|dir| entry(&format!("d{dir}"), "dir")).collect());
    let (server, client) = serve(wide).await;
    let mut walk = client.walk("c", "/~/").concurrency(4);
    for _ in 0..60 {
        walk.try_next().await.unwrap().unwrap();
    }
    settle().await;
    // The start, the directory that is being read, and four more.
    assert!(server.lines().len() <= 6, "{:?}", server.lines());
    drop(walk);
    let sent = server.lines().len();
    tokio::time::sleep(std::time::Duration::from_secs(600)).await;
    assert_eq!(server.lines().len(), sent, "a walk that is gone lists nothing");
}

#[tokio::test(start_paused = true)]
async fn a_directory_that_fails_is_an_item_and_the_rest_comes() {
    let (_server, client) = serve(with_failure).await;
    let (paths, errors) = read(client.walk("c", "/")).await;
    // What is in `/d1`, and in the three directories there, is missing.
    assert_eq!(paths.len(), 65 - 3 - 2 - 3 * 5);
    assert_eq!((errors.len(), errors[0].path(), errors[0].depth()), (1, "/d1", 1));
    assert_eq!(errors[0].error().code(), Some("PermissionDenied"));
    let message = Error::from(errors[0].clone()).to_string();
    assert!(message.contains("listing /d1: PermissionDenied: no"), "{message}");
}

fn with_failure(arrival: &Arrival) -> (u16, String) {
    match parameter(arrival, "path").as_deref() {
        Some("/d1") => (403, json!({"code": "PermissionDenied", "message": "no"}).to_string()),
        _ => tree(arrival),
    }
}

#[tokio::test(start_paused = true)]
async fn a_walk_that_ends_with_the_first_failure_goes_on_with_it() {
    let mut failing = true;
    let script = move |arrival: &Arrival| {
        let answer = if failing { with_failure(arrival) } else { tree(arrival) };
        failing &= answer.0 == 200;
        answer
    };
    let (_server, client) = serve(script).await;
    let mut walk = client.walk("c", "/").end_on_error(true);
    let mut paths = Vec::new();
    let error = loop {
        match walk.next().await.unwrap() {
            Ok(found) => paths.push(found.path()),
            Err(error) => break error,
        }
    };
    assert_eq!(error.path(), "/d1");
    assert!(walk.next().await.is_none());
    paths.extend(all(client.walk("c", "/").resume(walk.cursor())).await);
    assert_eq!((paths.len(), paths.iter().collect::<BTreeSet<_>>().len()), (65, 65));
}

#[tokio::test(start_paused = true)]
async fn a_walk_goes_on_from_anywhere_without_losing_or_repeating_anything() {
    let (server, client) = serve(tree).await;
    let walk = || client.walk("c", "/").page_size(2).concurrency(3);
    for stop in 0..=65 {
        let mut first = walk();
        let mut paths = Vec::new();
        for _ in 0..stop {
            paths.push(first.try_next().await.unwrap().unwrap().path());
        }
        let saved = serde_json::to_string(&first.cursor()).unwrap();
        drop(first);
        let cursor: WalkCursor = serde_json::from_str(&saved).unwrap();
        paths.extend(all(walk().resume(cursor)).await);
        assert_eq!((paths.len(), paths.iter().collect::<BTreeSet<_>>().len()), (65, 65), "stopped at {stop}");
    }
    assert!(server.lines().iter().all(|line| line.contains("limit=2")));
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_dropped_loses_nothing() {
    let (_server, client) = serve(tree).await;
    let mut walk = client.walk("c", "/");
    let mut paths = BTreeSet::new();
    let impatient = std::time::Duration::ZERO;
    loop {
        match tokio::time::timeout(impatient, walk.try_next()).await {
            Ok(Ok(Some(found))) => assert!(paths.insert(found.path())),
            Ok(end) => break assert!(end.unwrap().is_none()),
            Err(_) => settle().await,
        }
    }
    assert_eq!(paths.len(), 65);
}

#[tokio::test(start_paused = true)]
async fn depth_filter_and_descent_are_the_callers() {
    let (server, client) = serve(tree).await;
    assert_eq!(all(client.walk("c", "/").max_depth(1)).await.len(), 5);
    assert_eq!(server.lines().len(), 1);
    let files = |found: &WalkEntry| !found.entry.is_dir();
    assert_eq!(all(client.walk("c", "/").filter(files)).await.len(), 26);
    let not_d0 = |found: &WalkEntry| found.entry.name != "d0";
    let paths = all(client.walk("c", "/").descend(not_d0)).await;
    assert!(paths.contains(&"/d0".to_owned()) && !paths.contains(&"/d0/f0".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn what_the_service_shall_do_is_asked_of_it_at_every_directory() {
    let (server, client) = serve(tree).await;
    let walk = client.walk("c", "/").ls_filter(["type:dir"]).show_hidden(false).local_user("me").max_depth(2);
    all(walk).await;
    assert_eq!(server.lines().len(), 4);
    for line in server.lines() {
        assert!(line.contains("filter=type%3Adir&show_hidden=0&local_user=me"), "{line}");
    }
}

/// `/a` and `/b` have links to each other, to their parent, and to a directory `/c` beside them.
fn linked(arrival: &Arrival) -> (u16, String) {
    let path = parameter(arrival, "path").unwrap();
    let entries = match path.rsplit('/').next().unwrap() {
        "" => vec![entry("a", "dir"), entry("b", "dir"), entry("c", "dir")],
        "a" | "to_a" => {
            vec![link("to_b", "../b"), link("up", ".."), link("self", "/a"), link("to_c", "../c")]
        }
        "b" | "to_b" => vec![link("to_a", "../a"), link("up", "/")],
        _ => vec![entry("file", "file")],
    };
    listing(arrival, entries)
}

#[tokio::test(start_paused = true)]
async fn links_are_followed_when_asked_to_and_never_in_circles() {
    let (_server, client) = serve(linked).await;
    let paths = all(client.walk("c", "/")).await;
    assert!(paths.contains(&"/a/to_b".to_owned()) && paths.contains(&"/c/file".to_owned()));
    assert!(!paths.iter().any(|path| path.starts_with("/a/to_") && path.matches('/').count() > 2));

    let paths = all(client.walk("c", "/").follow_symlinks(true)).await;
    for path in ["/a/to_c/file", "/b/to_a/to_c/file", "/a/to_b/to_a", "/a/up"] {
        assert!(paths.contains(&path.to_owned()), "{path} is missing from {paths:?}");
    }
    assert!(!paths.iter().any(|path| path.starts_with("/a/to_b/to_a/") || path.starts_with("/a/up/")));
}

#[tokio::test(start_paused = true)]
async fn the_default_directory_is_the_one_that_the_service_names() {
    let script = |arrival: &Arrival| match parameter(arrival, "path").as_deref() {
        None => (200, json!({"DATA": [entry("d", "dir")], "path": "/home/u/"}).to_string()),
        Some("/home/u/d") => (200, json!({"DATA": [entry("f", "file")]}).to_string()),
        Some(path) => panic!("{path}"),
    };
    let (_server, client) = serve(script).await;
    assert_eq!(all(client.walk("c", "")).await, ["/home/u/d", "/home/u/d/f"]);
}
