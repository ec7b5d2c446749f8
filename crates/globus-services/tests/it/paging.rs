use globus_services::ErrorKind;
use mockito::{Matcher, Mock, ServerGuard};
use serde_json::{Value, json};

use crate::support::{server, transfer};

/// Answers the page that starts at `offset` (`None`: the first) with endpoints of these ids.
async fn page(
    server: &mut ServerGuard,
    offset: Option<u64>,
    ids: &[u64],
    has_next_page: Option<bool>,
) -> Mock {
    let data: Vec<Value> = ids.iter().map(|id| json!({"id": id.to_string()})).collect();
    let mut body = json!({"DATA": data});
    if let Some(has_next_page) = has_next_page {
        body["has_next_page"] = has_next_page.into();
    }
    let query = match offset {
        Some(offset) => Matcher::UrlEncoded("offset".into(), offset.to_string()),
        None => Matcher::Regex("^limit=[0-9]+$".into()),
    };
    server
        .mock("GET", "/v0.10/endpoint_search")
        .match_query(query)
        .with_header("content-type", "application/json")
        .with_body(body.to_string())
        .expect(1)
        .create_async()
        .await
}

#[tokio::test]
async fn items_come_from_every_page_in_order() {
    let mut server = server().await;
    let pages = [
        page(&mut server, None, &[0, 1], Some(true)).await,
        page(&mut server, Some(2), &[2, 3], Some(true)).await,
        page(&mut server, Some(4), &[4], Some(false)).await,
    ];
    let mut items = transfer(&server).endpoint_search().items();
    let mut ids = Vec::new();
    while let Some(endpoint) = items.try_next().await.unwrap() {
        ids.push(endpoint.id.to_string());
    }
    assert_eq!(ids, ["0", "1", "2", "3", "4"]);
    assert!(items.try_next().await.unwrap().is_none());
    for page in pages {
        page.assert_async().await;
    }
}

#[tokio::test]
async fn an_empty_last_page_ends_the_list() {
    let mut server = server().await;
    page(&mut server, None, &[0], Some(true)).await;
    page(&mut server, Some(1), &[], Some(false)).await;
    assert_eq!(transfer(&server).endpoint_search().items().try_collect().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_service_that_claims_more_and_sends_none_ends_in_an_error() {
    let mut server = server().await;
    page(&mut server, None, &[0], Some(true)).await;
    let empty = page(&mut server, Some(1), &[], Some(true)).await;
    let mut items = transfer(&server).endpoint_search().items();
    assert_eq!(items.try_next().await.unwrap().unwrap().id, "0");
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Paging);
    assert!(
        error.to_string().contains("endpoint_search, at item 1: the service claims more items"),
        "{error}"
    );
    assert!(items.try_next().await.unwrap().is_none());
    empty.assert_async().await;
}

#[tokio::test]
async fn a_page_that_does_not_say_whether_it_is_the_last_is_an_error() {
    let mut server = server().await;
    page(&mut server, None, &[0], None).await;
    let error = transfer(&server).endpoint_search().pages().try_next().await.unwrap_err();
    assert!(error.to_string().contains("does not say whether there is another page"), "{error}");
}

#[tokio::test]
async fn an_error_in_the_middle_comes_after_the_items_before_it() {
    let mut server = server().await;
    page(&mut server, None, &[0, 1], Some(true)).await;
    let broken = Matcher::UrlEncoded("offset".into(), "2".into());
    server.mock("GET", "/v0.10/endpoint_search").match_query(broken).with_status(500).create_async().await;
    let mut items = transfer(&server).endpoint_search().items();
    assert!(items.try_next().await.unwrap().is_some());
    assert!(items.try_next().await.unwrap().is_some());
    assert_eq!(items.try_next().await.unwrap_err().status(), Some(500));
    assert!(items.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_limit_bounds_the_whole_even_when_the_service_sends_more() {
    let mut server = server().await;
    let first = page(&mut server, None, &[0, 1], Some(true)).await;
    let second = page(&mut server, Some(2), &[2, 3], Some(true)).await;
    let items =
        transfer(&server).endpoint_search().limit(3).items().with_page_size(2).try_collect().await.unwrap();
    assert_eq!(items.len(), 3);
    first.assert_async().await;
    second.assert_async().await;
    assert!(transfer(&server).endpoint_search().limit(0).items().try_collect().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_search_stops_at_the_last_offset_that_the_service_takes() {
    let mut server = server().await;
    let last = page(&mut server, Some(999), &[999, 1000], Some(true)).await;
    let items = transfer(&server).endpoint_search().offset(999).items().try_collect().await.unwrap();
    assert_eq!(items.len(), 1);
    last.assert_async().await;
}

#[tokio::test]
async fn a_list_that_counts_its_items_ends_by_the_count() {
    let mut server = server().await;
    let body = |ids: &[u64]| {
        let data: Vec<Value> = ids.iter().map(|id| json!({"task_id": id.to_string()})).collect();
        json!({"DATA": data, "total": 3}).to_string()
    };
    let first = Matcher::UrlEncoded("limit".into(), "1000".into());
    let rest = Matcher::AllOf(vec![
        Matcher::UrlEncoded("limit".into(), "998".into()),
        Matcher::UrlEncoded("offset".into(), "2".into()),
    ]);
    server.mock("GET", "/v0.10/task_list").match_query(first).with_body(body(&[0, 1])).create_async().await;
    let second =
        server.mock("GET", "/v0.10/task_list").match_query(rest).with_body(body(&[2])).create_async().await;
    assert_eq!(transfer(&server).task_list().items().try_collect().await.unwrap().len(), 3);
    second.assert_async().await;
}

#[tokio::test]
async fn a_directory_whose_entries_are_not_counted_is_one_page() {
    let mut server = server().await;
    let listing = json!({"DATA": [{"name": "a"}, {"name": "b"}], "path": "/"}).to_string();
    let page =
        server.mock("GET", "/v0.10/operation/endpoint/e/ls").match_query(Matcher::Any).with_body(listing);
    let page = page.expect(1).create_async().await;
    assert_eq!(transfer(&server).operation_ls("e").items().try_collect().await.unwrap().len(), 2);
    page.assert_async().await;
}
