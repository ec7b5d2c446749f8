//! Groups.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{GROUPS, World, text};

const VIEW: &str = "urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships";

#[tokio::test]
async fn my_groups_are_listed_by_status() {
    let world = World::new().await;
    let token = world.user(VIEW).await;
    let names = |groups: &Value| -> Vec<String> {
        groups.as_array().unwrap().iter().map(|group| text(&group["name"])).collect()
    };
    let (_, active) = world.get(&token, "v2/groups/my_groups").await;
    assert_eq!(names(&active).len(), 3);
    let (_, invited) = world.get(&token, "v2/groups/my_groups?statuses=invited,pending").await;
    assert_eq!(names(&invited), ["Genome Atlas"]);
    assert_eq!(invited[0]["my_memberships"][0]["status"], "invited");
}

#[tokio::test]
async fn a_group_is_made_changed_and_deleted() {
    let world = World::new().await;
    let token = world.user(GROUPS).await;
    let (status, group) = world.post(&token, "v2/groups", &json!({ "name": "g", "description": "d" })).await;
    assert_eq!(status, StatusCode::CREATED);
    let path = format!("v2/groups/{}", text(&group["id"]));
    assert!(group["terms_and_conditions"].is_null() && group.get("subscription_admin_verified_id").is_some());
    let change = json!({ "name": "h", "description": null });
    assert_eq!(world.send(Method::PUT, &token, &path, &change).await.1["name"], "h");
    let policies = json!({ "group_visibility": "authenticated", "join_requests": true });
    let (_, written) = world.send(Method::PUT, &token, &format!("{path}/policies"), &policies).await;
    assert_eq!(written["group_visibility"], "authenticated");
    let (_, read) = world.get(&token, &format!("{path}?include=memberships,policies")).await;
    assert_eq!(read["memberships"][0]["role"], "admin");
    assert_eq!(read["policies"]["join_requests"], true);
    assert!(read["description"].is_null());
    assert_eq!(world.send(Method::DELETE, &token, &path, &json!({})).await.0, StatusCode::OK);
    assert_eq!(world.get(&token, &path).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn members_come_and_go_and_refusals_are_told_one_by_one() {
    let world = World::new().await;
    let (ada, kim) = (world.identity("ada@example.org").await, world.identity("kim@example.org").await);
    let token = world.user(GROUPS).await;
    let (_, group) = world.post(&token, "v2/groups", &json!({ "name": "g" })).await;
    let path = format!("v2/groups/{}", text(&group["id"]));
    let batch = json!({
        "add": [{ "identity_id": ada, "role": "manager" }, { "identity_id": "nobody" }],
        "invite": [{ "identity_id": kim }],
        "leave": [{ "identity_id": world.emulator.user_id() }],
    });
    let (status, answer) = world.post(&token, &path, &batch).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(answer["add"][0]["role"], "manager");
    assert_eq!(answer["invite"][0]["status"], "invited");
    assert_eq!(answer["errors"]["add"][0]["code"], "IDENTITY_NOT_FOUND");
    assert_eq!(answer["errors"]["leave"][0]["code"], "LAST_ADMIN");
    let (_, answer) = world.post(&token, &path, &json!({ "remove": [{ "identity_id": ada }] })).await;
    assert_eq!(answer["remove"][0]["status"], "removed");
}

#[tokio::test]
async fn only_those_who_may_see_or_change_a_group() {
    let world = World::new().await;
    let viewer = world.user(VIEW).await;
    let (status, body) = world.post(&viewer, "v2/groups", &json!({ "name": "g" })).await;
    assert_eq!((status, &body["code"]), (StatusCode::FORBIDDEN, &json!("FORBIDDEN")));
    assert_eq!(world.get("nonsense", "v2/groups/my_groups").await.0, StatusCode::UNAUTHORIZED);
    let token = world.user(GROUPS).await;
    let (_, group) = world.post(&token, "v2/groups", &json!({ "name": "mine" })).await;
    let path = format!("v2/groups/{}", text(&group["id"]));
    let client = world.client(GROUPS).await;
    assert_eq!(world.get(&client, &path).await.0, StatusCode::FORBIDDEN);
    assert_eq!(world.send(Method::DELETE, &client, &path, &json!({})).await.0, StatusCode::FORBIDDEN);
    let add = json!({ "add": [{ "identity_id": world.emulator.client_id(), "role": "admin" }] });
    let (status, answer) = world.post(&client, &path, &add).await;
    assert_eq!((status, &answer["code"]), (StatusCode::FORBIDDEN, &json!("FORBIDDEN")));
}
