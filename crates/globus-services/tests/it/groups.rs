use globus_services::groups::{GroupRole, MembershipStatus};
use serde_json::json;

use crate::support::{groups, server};

#[tokio::test]
async fn my_groups_is_a_bare_list() {
    let mut server = server().await;
    let body = json!([{"id": "g", "name": "Grüppe", "my_memberships": [{"identity_id": "i", "role": "admin", "status": "active"}]}]);
    let listed = server
        .mock("GET", "/v2/groups/my_groups?statuses=active%2Cpending")
        .with_body(body.to_string())
        .create_async()
        .await;
    let statuses = [MembershipStatus::Active, MembershipStatus::Pending];
    let found = groups(&server).get_my_groups().statuses(statuses).await.unwrap();
    assert_eq!(found[0].name.as_deref(), Some("Grüppe"));
    assert_eq!(found[0].my_memberships[0].role, Some(GroupRole::Admin));
    listed.assert_async().await;
}

#[tokio::test]
async fn a_group_is_made_looked_up_and_deleted() {
    let mut server = server().await;
    let sent = json!({"name": "grp", "description": "d", "parent_id": "p"});
    let answer = json!({"id": "g", "name": "grp"}).to_string();
    let made = server.mock("POST", "/v2/groups").match_body(mockito::Matcher::Json(sent)).with_body(&answer);
    let made = made.create_async().await;
    let seen = server
        .mock("GET", "/v2/groups/g?include=memberships%2Cpolicies")
        .with_body(&answer)
        .create_async()
        .await;
    let gone = server.mock("DELETE", "/v2/groups/g").with_body(&answer).create_async().await;

    let client = groups(&server);
    let group = client.create_group("grp").description("d").parent_id("p").await.unwrap();
    client.get_group(&group.id).include(["memberships", "policies"]).await.unwrap();
    assert_eq!(client.delete_group(group.id).await.unwrap().name.as_deref(), Some("grp"));
    for mock in [made, seen, gone] {
        mock.assert_async().await;
    }
}
