//! Calls every method of Groups.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::Answers;
use crate::support::{GROUPS, World, text};

/// Recorded answers that say nothing about the service.
pub(super) const EXCUSED: &[(&str, &str)] = &[];

pub(super) async fn answers(world: &World) -> Answers {
    let mut answers = Answers::default();
    let token = world.user(GROUPS).await;
    let group = groups(world, &token, &mut answers).await;
    members(world, &token, &group, &mut answers).await;
    others(world, &token, &group, &mut answers).await;
    let path = format!("v2/groups/{group}");
    answers.refused(
        "get_my_groups",
        StatusCode::UNAUTHORIZED,
        world.get("nonsense", "v2/groups/my_groups").await,
    );
    let stranger = world.user_named("lee@example.org", GROUPS).await;
    answers.refused("get_group", StatusCode::FORBIDDEN, world.get(&stranger, &path).await);
    for child in answers.0[&("get_group", true)][0]["child_ids"].as_array().unwrap().clone() {
        world.send(Method::DELETE, &token, &format!("v2/groups/{}", text(&child)), &json!({})).await;
    }
    answers.done("delete_group", world.send(Method::DELETE, &token, &path, &json!({})).await);
    answers
}

/// Groups themselves; the id of the one that was made.
async fn groups(world: &World, token: &str, answers: &mut Answers) -> String {
    let body = json!({ "name": "g", "description": "d", "parent_id": null });
    let made = answers.done("create_group", world.post(token, "v2/groups", &body).await);
    let group = text(&made["id"]);
    let path = format!("v2/groups/{group}");
    world.post(token, "v2/groups", &json!({ "name": "child", "description": "d", "parent_id": group })).await;
    let change = json!({ "name": "h", "description": "e" });
    answers.done("update_group", world.send(Method::PUT, token, &path, &change).await);
    let policies = json!({
        "is_high_assurance": false, "group_visibility": "private", "group_members_visibility": "managers",
        "join_requests": false, "signup_fields": ["institution"], "authentication_assurance_timeout": 28800,
    });
    let at = format!("{path}/policies");
    answers.done("set_group_policies", world.send(Method::PUT, token, &at, &policies).await);
    answers.done("get_group_policies", world.get(token, &at).await);
    let include = "?include=memberships,my_memberships,policies,child_ids,allowed_actions";
    answers.done("get_group", world.get(token, &format!("{path}{include}")).await);
    answers.done("get_group", world.get(token, &path).await);
    answers.done("get_my_groups", world.get(token, "v2/groups/my_groups").await);
    answers.done("children", world.get(token, &format!("{path}/children")).await);
    answers.done("statuses", world.get(token, "v2/groups/statuses").await);
    group
}

/// What happens to memberships, in the order in which it can.
async fn members(world: &World, token: &str, group: &str, answers: &mut Answers) {
    let path = format!("v2/groups/{group}");
    let (ada, kim) = (world.identity("ada@example.org").await, world.identity("kim@example.org").await);
    let (as_ada, as_kim) = (
        world.user_named("ada@example.org", GROUPS).await,
        world.user_named("kim@example.org", GROUPS).await,
    );
    let act = async |token: &str, action: &str, identity: &str, role: Option<&str>| {
        let mut entry = json!({ "identity_id": identity });
        if let Some(role) = role {
            entry["role"] = role.into();
        }
        world.post(token, &path, &json!({ (action): [entry] })).await
    };
    answers.done("invite_member", act(token, "invite", &ada, None).await);
    answers.done("accept_invite", act(&as_ada, "accept", &ada, None).await);
    answers.done("change_role", act(token, "change_role", &ada, Some("manager")).await);
    answers.done("remove_member", act(token, "remove", &ada, None).await);
    answers.done("add_member", act(token, "add", &ada, None).await);
    act(token, "invite", &kim, None).await;
    answers.done("decline_invite", act(&as_kim, "decline", &kim, None).await);

    let open = json!({ "group_visibility": "authenticated", "join_requests": true, "signup_fields": [] });
    world.send(Method::PUT, token, &format!("{path}/policies"), &open).await;
    answers.done("request_join", act(&as_kim, "request_join", &kim, None).await);
    answers.done("reject_join_request", act(token, "reject", &kim, None).await);
    act(&as_kim, "request_join", &kim, None).await;
    answers.done("approve_pending", act(token, "approve", &kim, None).await);
    answers.done("leave", act(&as_kim, "leave", &kim, None).await);
    answers.done("join", act(&as_kim, "join", &kim, None).await);
    let sam = world.identity("sam@example.org").await;
    let batch = json!({ "add": [{ "identity_id": sam }], "invite": [{ "identity_id": kim }] });
    answers.done("batch_membership_action", world.post(token, &path, &batch).await);
    world
        .send(Method::PUT, token, &format!("{path}/policies"), &json!({ "group_visibility": "private" }))
        .await;
}

/// Preferences, fields and subscriptions.
async fn others(world: &World, token: &str, group: &str, answers: &mut Answers) {
    let me = world.emulator.user_id();
    let preferences = json!({ (me): { "allow_add": false } });
    let put = async |path: &str, body: &Value| world.send(Method::PUT, token, path, body).await;
    answers.done("set_identity_preferences", put("v2/preferences", &preferences).await);
    answers.done("get_identity_preferences", world.get(token, "v2/preferences").await);
    let at = format!("v2/groups/{group}/membership_fields");
    answers.done("set_membership_fields", put(&at, &json!({ (me): { "institution": "U" } })).await);
    answers.done("get_membership_fields", world.get(token, &at).await);
    let (_, mine) = world.get(token, "v2/groups/my_groups").await;
    let with = mine.as_array().unwrap().iter().find(|group| group["subscription_id"].is_string()).unwrap();
    let subscription = text(&with["subscription_id"]);
    let verify = json!({ "subscription_admin_verified_id": subscription });
    let at = format!("v2/groups/{}/subscription_admin_verified", text(&with["id"]));
    answers.done("set_subscription_admin_verified", put(&at, &verify).await);
    let at = format!("v2/subscription_info/{subscription}");
    answers.done("get_group_by_subscription_id", world.get(token, &at).await);
}
