use globus_services::groups::{
    BatchMembershipActions, GroupPolicies, GroupRole, GroupVisibility, GroupsManager,
    IdentityMembershipFields, IdentityPreferences, MembershipAction, MembershipFields, MembershipStatus,
};
use mockito::Matcher;
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

#[tokio::test]
async fn a_batch_that_was_refused_in_part_says_what_and_for_whom() {
    let mut server = server().await;
    let answer = json!({
        "accept": [{"identity_id": "a", "status": "active"}],
        "errors": {
            "add": [{"identity_id": "b", "code": "FORBIDDEN", "detail": "not allowed"}],
            "adopt": [{"identity_id": "c"}],
            "join": null,
            "marry": "never",
        },
    });
    server.mock("POST", "/v2/groups/g").with_body(answer.to_string()).create_async().await;
    let actions = BatchMembershipActions::new().accept_invites(["a"]).add_members(["b"], GroupRole::Admin);
    let result = groups(&server).batch_membership_action("g", actions).await.unwrap();

    let done: Vec<_> = result.memberships().collect();
    assert!(matches!(&*done, [(MembershipAction::Accept, who)] if who.identity_id == "a"));
    let mut told: Vec<_> = result.errors().map(|(action, error)| format!("{action}: {error}")).collect();
    told.sort();
    let expected = [
        "add: the group refused it for b: FORBIDDEN: not allowed",
        "adopt: the group refused it for c",
        "marry: the group refused it for an identity: never",
    ];
    assert_eq!(told, expected);
    assert_eq!(result.complete().unwrap_err().code.as_deref(), Some("FORBIDDEN"));
}

#[tokio::test]
async fn actions_are_gathered_from_several_calls_and_sent_once() {
    let mut server = server().await;
    let sent = json!({
        "invite": [{"identity_id": "a", "role": "member"}, {"identity_id": "b", "role": "overseer"}],
        "leave": [],
    });
    let posted = server.mock("POST", "/v2/groups/g").match_body(Matcher::Json(sent)).with_body("{}");
    let posted = posted.create_async().await;
    let actions = BatchMembershipActions::new()
        .invite_members(vec!["a".to_owned()], GroupRole::Member)
        .invite_members(["b"], "overseer")
        .leave(Vec::<String>::new());
    assert_eq!((actions.len(), actions.is_empty()), (2, false));
    let result = groups(&server).batch_membership_action("g", actions).await.unwrap();
    assert!(result.complete().is_ok());
    posted.assert_async().await;
}

#[tokio::test]
async fn a_batch_whose_answer_is_lost_is_not_sent_again() {
    let mut server = server().await;
    let posted = server.mock("POST", "/v2/groups/g").with_status(502).expect(1).create_async().await;
    let request = GroupsManager::new(groups(&server)).leave("g", "a").with_max_retries(3);
    assert_eq!(request.await.unwrap_err().api().unwrap().http_status(), 502);
    posted.assert_async().await;
}

#[tokio::test]
async fn one_policy_is_changed_and_the_others_stay() {
    let mut server = server().await;
    let policies = json!({"group_visibility": "private", "signup_fields": ["phone"], "join_requests": false, "new": [1]});
    server.mock("GET", "/v2/groups/g/policies").with_body(policies.to_string()).create_async().await;
    let sent =
        json!({"group_visibility": "private", "signup_fields": ["phone"], "join_requests": true, "new": [1]});
    let put = server.mock("PUT", "/v2/groups/g/policies").match_body(Matcher::Json(sent.clone()));
    let put = put.with_body(sent.to_string()).create_async().await;

    let client = groups(&server);
    let found = client.get_group_policies("g").await.unwrap();
    assert_eq!(found.group_visibility, Some(GroupVisibility::Private));
    let changed = client.set_group_policies("g", GroupPolicies::from(found).join_requests(true)).await;
    assert_eq!(changed.unwrap().join_requests, Some(true));
    put.assert_async().await;
}

#[test]
fn preferences_and_fields_are_read_whatever_is_in_them() {
    let odd = json!({"a": {"allow_add": true}, "b": {"allow_add": "maybe"}, "c": 7, "d": null});
    let mut read: IdentityPreferences = serde_json::from_value(odd).unwrap();
    assert_eq!(read.identities().collect::<Vec<_>>(), ["a", "b"]);
    let said = ["a", "b", "c", "d", "e"].map(|id| read.allows_add(id));
    assert_eq!(said, [Some(true), None, None, None, None]);
    for id in ["b", "c", "e"] {
        read = read.allow_add(id, false);
    }
    assert_eq!(read.allows_add("c"), Some(false));

    let fields = MembershipFields::from(json!({"city": "Oslo", "zip": 7}).as_object().cloned().unwrap());
    assert_eq!((fields.get("city"), fields.get("zip"), fields.get("phone")), (Some("Oslo"), None, None));

    let odd = json!({"a": {"city": "Oslo"}, "b": {}, "city": "Bergen", "zip": 7, "phone": null});
    let told: IdentityMembershipFields = serde_json::from_value(odd).unwrap();
    assert_eq!(told.identities().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(told.of("a").unwrap().get("city"), Some("Oslo"));
    assert_eq!((told.of("b"), told.of("city"), told.of("c")), (Some(MembershipFields::new()), None, None));
    assert_eq!(told.unnamed().get("city"), Some("Bergen"));
    assert_eq!(told.unnamed().as_map().len(), 3);
}

#[tokio::test]
async fn membership_fields_are_sent_and_read_by_identity() {
    let mut server = server().await;
    let document = json!({"me": {"institution": "Reef Lab"}});
    let put =
        server.mock("PUT", "/v2/groups/g/membership_fields").match_body(Matcher::Json(document.clone()));
    let put = put.with_body(document.to_string()).create_async().await;
    let fields = MembershipFields::new().set("institution", "Reef Lab");
    let sent = IdentityMembershipFields::new().set("me", MembershipFields::new()).set("me", fields.clone());
    let told = groups(&server).set_membership_fields("g", sent).await.unwrap();
    assert_eq!(told.of("me"), Some(fields));
    put.assert_async().await;
}

#[tokio::test]
async fn the_connectors_of_a_subscription_are_read_one_by_one() {
    let mut server = server().await;
    let info = json!({"connectors": {"box": {"is_ha": true}, "new": "yes", "none": null}});
    let answer = json!({"group_id": "g", "subscription_info": info}).to_string();
    server.mock("GET", "/v2/subscription_info/s").with_body(answer).create_async().await;
    let found = groups(&server).get_group_by_subscription_id("s").await.unwrap();
    let info = found.subscription_info.unwrap();
    let allowed: Vec<_> = info.connectors().map(|(id, how)| (id, how.is_ha)).collect();
    assert_eq!(allowed, [("box", Some(true))]);
}
