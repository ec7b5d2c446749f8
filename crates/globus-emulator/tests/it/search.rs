//! Finding and describing collections.

use std::collections::BTreeSet;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{TRANSFER, World, text};

#[tokio::test]
async fn a_search_has_pages_and_an_end() {
    let world = World::new().await;
    let token = world.client(TRANSFER).await;
    let mut names = BTreeSet::new();
    for (offset, count, more) in [(0, 100, true), (100, 100, true), (200, 50, false)] {
        let path = format!("v0.10/endpoint_search?filter_fulltext=demo&limit=100&offset={offset}");
        let (_, page) = world.get(&token, &path).await;
        assert_eq!(page["has_next_page"], more);
        let data = page["DATA"].as_array().unwrap();
        assert_eq!(data.len(), count);
        names.extend(data.iter().map(|found| text(&found["display_name"])));
    }
    assert_eq!(names.len(), 250);
    let (status, _) =
        world.get(&token, "v0.10/endpoint_search?filter_fulltext=demo&limit=100&offset=950").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn searches_are_narrowed_by_scope_owner_and_type() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let count = async |query: String| {
        let (status, body) = world.get(&token, &format!("v0.10/endpoint_search?{query}")).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        body["DATA"].as_array().unwrap().len()
    };
    let owner = world.emulator.user_id();
    assert_eq!(count("filter_scope=my-endpoints".to_owned()).await, 8);
    assert_eq!(count(format!("filter_owner_id={owner}")).await, 8);
    assert_eq!(count("filter_scope=my-gcp-endpoints".to_owned()).await, 3);
    assert_eq!(
        count("filter_fulltext=tutorial&filter_entity_type=GCP_mapped_collection".to_owned()).await,
        2
    );
    assert_eq!(count("filter_scope=recently-used".to_owned()).await, 0);
    world.get(&token, &format!("v0.10/operation/endpoint/{}/ls", world.emulator.collection_b())).await;
    assert_eq!(count("filter_scope=recently-used".to_owned()).await, 1);
    let (status, _) = world.get(&token, "v0.10/endpoint_search?filter_scope=everything").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_owner_changes_the_description_and_others_do_not() {
    let world = World::new().await;
    let (user, client) = (world.user(TRANSFER).await, world.client(TRANSFER).await);
    let path = format!("v0.10/endpoint/{}", world.emulator.collection_a());
    let change = json!({ "DATA_TYPE": "endpoint", "description": "new", "id": "ignored" });
    assert_eq!(world.send(Method::PUT, &client, &path, &change).await.0, StatusCode::FORBIDDEN);
    let (status, body) = world.send(Method::PUT, &user, &path, &change).await;
    assert_eq!((status, &body["code"]), (StatusCode::OK, &json!("Updated")));
    let (_, document) = world.get(&client, &path).await;
    assert_eq!(document["description"], "new");
    assert_eq!(document["id"], world.emulator.collection_a());
    let (status, body) = world.get(&user, "v0.10/endpoint/00000000-0000-0000-0000-000000000000").await;
    assert_eq!((status, &body["code"]), (StatusCode::NOT_FOUND, &json!("EndpointNotFound")));
    let _: Value = body;
}
