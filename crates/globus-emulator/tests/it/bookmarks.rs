//! Bookmarks, in both versions.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{TRANSFER, World, text};

fn document(collection: &str, attributes: Value) -> Value {
    let relationships = json!({ "collection": { "data": { "type": "Collection", "id": collection } } });
    json!({ "data": { "type": "Bookmark", "attributes": attributes, "relationships": relationships } })
}

#[tokio::test]
async fn a_bookmark_is_the_same_in_both_versions() {
    let world = World::new().await;
    let (token, other) = (world.user(TRANSFER).await, world.client(TRANSFER).await);
    let a = world.emulator.collection_a();
    let body = document(a, json!({ "name": "runs", "path": "/share/climate-run/" }));
    let (status, made) = world.post(&token, "v2/bookmarks", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let id = text(&made["data"]["id"]);
    let (_, old) = world.get(&token, &format!("v0.10/bookmark/{id}")).await;
    assert_eq!(
        (&old["name"], &old["endpoint_id"], &old["pinned"]),
        (&json!("runs"), &json!(a), &json!(false))
    );

    let change =
        json!({ "data": { "type": "Bookmark", "attributes": { "path": "/share/", "pinned": true } } });
    let (_, changed) = world.send(Method::PATCH, &token, &format!("v2/bookmarks/{id}"), &change).await;
    assert_eq!(
        (&changed["data"]["attributes"]["path"], &changed["data"]["attributes"]["name"]),
        (&json!("/share/"), &json!("runs"))
    );
    // Those that are pinned come first.
    let more = document(a, json!({ "name": "a", "path": "/" }));
    world.post(&token, "v2/bookmarks", &more).await;
    let (_, list) = world.get(&token, "v0.10/bookmark_list").await;
    assert_eq!((&list["DATA"][0]["name"], &list["DATA"][1]["name"]), (&json!("runs"), &json!("a")));
    let (_, page) = world.get(&token, "v2/bookmarks?page%5Blimit%5D=1&include=collection").await;
    assert_eq!(page["included"][0]["attributes"]["display_name"], "Globus Tutorial Collection 1");
    assert!(text(&page["links"]["next"]).contains("include=collection"));

    for (method, path) in
        [(Method::GET, "v2/bookmarks"), (Method::GET, "v0.10/bookmark"), (Method::DELETE, "v2/bookmarks")]
    {
        let (status, _) = world.send(method, &other, &format!("{path}/{id}"), &json!({})).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
    let taken = document(a, json!({ "name": "runs", "path": "/" }));
    let (status, refused) = world.post(&token, "v2/bookmarks", &taken).await;
    assert_eq!((status, &refused["errors"][0]["code"]), (StatusCode::CONFLICT, &json!("CONFLICT")));
    let (status, refused) =
        world.post(&token, "v0.10/bookmark", &json!({ "name": "runs", "endpoint_id": a, "path": "/" })).await;
    assert_eq!((status, &refused["code"]), (StatusCode::CONFLICT, &json!("BookmarkExists")));
    for bad in [
        json!({ "path": "/" }),
        json!({ "name": "", "path": "/" }),
        json!({ "name": "x", "path": "/", "pinned": 1 }),
    ] {
        let (status, _) = world.post(&token, "v2/bookmarks", &document(a, bad.clone())).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
    let (status, _) =
        world.post(&token, "v2/bookmarks", &document("x", json!({ "name": "x", "path": "/" }))).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _) = world.send(Method::DELETE, &token, &format!("v2/bookmarks/{id}"), &json!({})).await;
    assert_eq!(status, StatusCode::OK);
    let (status, body) = world.get(&token, &format!("v0.10/bookmark/{id}")).await;
    assert_eq!((status, &body["code"]), (StatusCode::NOT_FOUND, &json!("BookmarkNotFound")));
}
