//! Who may join, be invited, promoted and removed; policies of groups; logins that groups demand.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{GROUPS, World, text};

/// A new group of the user with the policies, and its path.
async fn group(world: &World, token: &str, policies: Value) -> String {
    let (status, made) = world.post(token, "v2/groups", &json!({ "name": "g", "policies": policies })).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    format!("v2/groups/{}", text(&made["id"]))
}

async fn act(world: &World, token: &str, group: &str, action: &str, identity: &str) -> Value {
    let (status, body) = world.post(token, group, &json!({ (action): [{ "identity_id": identity }] })).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

/// The status that an action leads to, or the code of its refusal.
async fn outcome(world: &World, token: &str, group: &str, action: &str, identity: &str) -> String {
    let body = act(world, token, group, action, identity).await;
    match body[action].get(0) {
        Some(membership) => text(&membership["status"]),
        None => text(&body["errors"][action][0]["code"]),
    }
}

fn open() -> Value {
    json!({ "group_visibility": "authenticated", "join_requests": true })
}

#[tokio::test]
async fn everything_that_can_become_of_a_membership() {
    let world = World::new().await;
    let (admin, kim_token) = (world.user(GROUPS).await, world.user_named("kim@example.org", GROUPS).await);
    let kim = world.identity("kim@example.org").await;
    let group = group(&world, &admin, open()).await;
    for (token, action, becomes) in [
        (&kim_token, "accept", "MEMBERSHIP_NOT_FOUND"),
        (&admin, "approve", "MEMBERSHIP_NOT_FOUND"),
        (&admin, "remove", "MEMBERSHIP_NOT_FOUND"),
        (&admin, "invite", "invited"),
        (&kim_token, "decline", "declined"),
        (&kim_token, "request_join", "pending"),
        (&kim_token, "request_join", "ALREADY_PENDING"),
        (&admin, "reject", "rejected"),
        (&kim_token, "request_join", "pending"),
        (&admin, "approve", "active"),
        (&admin, "add", "ALREADY_ACTIVE"),
        (&admin, "invite", "ALREADY_ACTIVE"),
        (&kim_token, "join", "ALREADY_ACTIVE"),
        (&kim_token, "leave", "left"),
        (&kim_token, "leave", "MEMBERSHIP_NOT_FOUND"),
        (&admin, "add", "FORBIDDEN"),
        (&kim_token, "join", "active"),
        (&admin, "remove", "removed"),
        (&admin, "add", "active"),
    ] {
        assert_eq!(outcome(&world, token, &group, action, &kim).await, becomes, "{action}");
    }
}

#[tokio::test]
async fn nobody_acts_for_others_where_it_is_theirs_to_do() {
    let world = World::new().await;
    let (admin, kim) = (world.user(GROUPS).await, world.identity("kim@example.org").await);
    let group = group(&world, &admin, open()).await;
    for action in ["accept", "decline", "join", "leave", "request_join"] {
        assert_eq!(outcome(&world, &admin, &group, action, &kim).await, "FORBIDDEN", "{action}");
    }
}

#[tokio::test]
async fn roles_decide_over_whom_one_decides() {
    let world = World::new().await;
    let admin = world.user(GROUPS).await;
    let (ada, kim, sam) = (
        world.identity("ada@example.org").await,
        world.identity("kim@example.org").await,
        world.identity("sam@example.org").await,
    );
    let group = group(&world, &admin, json!({})).await;
    let batch = json!({ "add": [
        { "identity_id": ada, "role": "manager" }, { "identity_id": kim }, { "identity_id": sam, "role": "admin" },
    ] });
    world.post(&admin, &group, &batch).await;
    let (manager, member) = (
        world.user_named("ada@example.org", GROUPS).await,
        world.user_named("kim@example.org", GROUPS).await,
    );
    // A manager adds members, but makes no managers, and cannot touch administrators.
    let lee = world.identity("lee@example.org").await;
    let promote =
        json!({ "add": [{ "identity_id": lee, "role": "manager" }], "remove": [{ "identity_id": sam }] });
    let (_, body) = world.post(&manager, &group, &promote).await;
    assert_eq!(body["errors"]["add"][0]["code"], "FORBIDDEN");
    assert_eq!(body["errors"]["remove"][0]["code"], "FORBIDDEN");
    assert_eq!(outcome(&world, &manager, &group, "add", &lee).await, "active");
    assert_eq!(outcome(&world, &manager, &group, "remove", &ada).await, "FORBIDDEN");
    for (token, action) in
        [(&manager, "change_role"), (&member, "add"), (&member, "invite"), (&member, "remove")]
    {
        assert_eq!(outcome(&world, token, &group, action, &lee).await, "FORBIDDEN", "{action}");
    }
    let demote = json!({ "change_role": [{ "identity_id": sam, "role": "member" }] });
    assert_eq!(world.post(&admin, &group, &demote).await.1["change_role"][0]["role"], "member");
    let last = json!({ "change_role": [{ "identity_id": world.emulator.user_id(), "role": "member" }] });
    assert_eq!(world.post(&admin, &group, &last).await.1["errors"]["change_role"][0]["code"], "LAST_ADMIN");
}

#[tokio::test]
async fn requests_that_cannot_be_meant_are_refused_as_a_whole() {
    let world = World::new().await;
    let (admin, kim) = (world.user(GROUPS).await, world.identity("kim@example.org").await);
    let group = group(&world, &admin, json!({})).await;
    let twice = json!({ "add": [{ "identity_id": kim }], "invite": [{ "identity_id": kim }] });
    let (status, body) = world.post(&admin, &group, &twice).await;
    assert_eq!((status, &body["ambiguous_identities"]), (StatusCode::BAD_REQUEST, &json!([kim])));
    assert_eq!(world.post(&admin, &group, &json!({ "promote": [] })).await.0, StatusCode::BAD_REQUEST);
    for body in [json!({ "add": [{}] }), json!({ "add": "kim" })] {
        let (status, body) = world.post(&admin, &group, &body).await;
        assert_eq!(
            (status, &body["detail"][0]["loc"][0]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("body"))
        );
    }
    let (_, body) =
        world.post(&admin, &group, &json!({ "add": [{ "identity_id": kim, "role": "king" }] })).await;
    assert_eq!(body["errors"]["add"][0]["code"], "BAD_REQUEST");
}

#[tokio::test]
async fn joining_follows_the_policies() {
    let world = World::new().await;
    let admin = world.user(GROUPS).await;
    let (kim, token) =
        (world.identity("kim@example.org").await, world.user_named("kim@example.org", GROUPS).await);
    let group = group(&world, &admin, json!({})).await;
    let set = async |policies: Value| {
        world.send(Method::PUT, &admin, &format!("{group}/policies"), &policies).await
    };
    let join = json!({ "join": [{ "identity_id": kim }] });
    assert_eq!(world.post(&token, &group, &join).await.0, StatusCode::FORBIDDEN);
    set(json!({ "group_visibility": "authenticated", "join_requests": false })).await;
    assert_eq!(outcome(&world, &token, &group, "join", &kim).await, "FORBIDDEN");
    set(json!({ "group_visibility": "authenticated", "join_requests": true, "signup_fields": ["institution"] })).await;
    assert_eq!(outcome(&world, &token, &group, "request_join", &kim).await, "MISSING_SIGNUP_FIELD");
    let fields = json!({ (&kim): { "institution": "U" } });
    let at = format!("{group}/membership_fields");
    assert_eq!(world.send(Method::PUT, &token, &at, &fields).await.0, StatusCode::OK);
    assert_eq!(outcome(&world, &token, &group, "request_join", &kim).await, "pending");
    let (_, read) = world.get(&admin, &format!("{group}?include=memberships")).await;
    let theirs =
        read["memberships"].as_array().unwrap().iter().find(|member| member["identity_id"] == kim.as_str());
    assert_eq!(theirs.unwrap()["membership_fields"]["institution"], "U");
    for wrong in [
        json!({ "signup_fields": ["shoe_size"] }),
        json!({ "group_visibility": "hidden" }),
        json!({ "join_requests": "yes" }),
        json!({ "authentication_assurance_timeout": 0 }),
    ] {
        assert_eq!(set(wrong.clone()).await.0, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    let (_, same) = set(json!({ "signup_fields": null, "authentication_assurance_timeout": null })).await;
    assert_eq!(same["signup_fields"], json!(["institution"]));
    assert_eq!(same["authentication_assurance_timeout"], 28_800);
    assert_eq!(
        world.send(Method::PUT, &token, &format!("{group}/policies"), &open()).await.0,
        StatusCode::FORBIDDEN
    );
    let theirs = json!({ (world.emulator.user_id()): { "institution": "U" } });
    assert_eq!(world.send(Method::PUT, &token, &at, &theirs).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn who_does_not_want_to_be_added_can_be_invited() {
    let world = World::new().await;
    let admin = world.user(GROUPS).await;
    let (kim, token) =
        (world.identity("kim@example.org").await, world.user_named("kim@example.org", GROUPS).await);
    let group = group(&world, &admin, json!({})).await;
    let no = json!({ (&kim): { "allow_add": false } });
    assert_eq!(world.send(Method::PUT, &token, "v2/preferences", &no).await.1, no);
    assert_eq!(outcome(&world, &admin, &group, "add", &kim).await, "FORBIDDEN");
    let invite = json!({ "invite": [{
        "identity_id": kim, "invite_email_address": "kim@home.example.org", "status_reason": "welcome",
    }] });
    let (_, body) = world.post(&admin, &group, &invite).await;
    assert_eq!(body["invite"][0]["invite_email_address"], "kim@home.example.org");
    assert_eq!(body["invite"][0]["status_reason"], "welcome");
    let accepted = act(&world, &token, &group, "accept", &kim).await;
    assert!(accepted["accept"][0]["invite_time"].is_string());
    assert_eq!(world.send(Method::PUT, &admin, "v2/preferences", &no).await.0, StatusCode::FORBIDDEN);
    let null = json!({ (&kim): { "allow_add": null } });
    assert_eq!(world.send(Method::PUT, &token, "v2/preferences", &null).await.1[&kim]["allow_add"], true);
    let wrong = json!({ (&kim): { "allow_add": "no" } });
    assert_eq!(
        world.send(Method::PUT, &token, "v2/preferences", &wrong).await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn members_are_seen_by_those_whom_the_policy_names() {
    let world = World::new().await;
    let admin = world.user(GROUPS).await;
    let (kim, token) =
        (world.identity("kim@example.org").await, world.user_named("kim@example.org", GROUPS).await);
    let group = group(&world, &admin, json!({})).await;
    act(&world, &admin, &group, "add", &kim).await;
    act(&world, &admin, &group, "invite", &world.identity("sam@example.org").await).await;
    let members = format!("{group}?include=memberships");
    assert_eq!(world.get(&token, &members).await.0, StatusCode::FORBIDDEN);
    assert_eq!(world.get(&token, &group).await.0, StatusCode::OK);
    let visible = json!({ "group_members_visibility": "members" });
    world.send(Method::PUT, &admin, &format!("{group}/policies"), &visible).await;
    // Members see members, managers see also who is to become one.
    assert_eq!(world.get(&token, &members).await.1["memberships"].as_array().unwrap().len(), 2);
    assert_eq!(world.get(&admin, &members).await.1["memberships"].as_array().unwrap().len(), 3);
    let (_, counts) = world.get(&admin, "v2/groups/statuses").await;
    let id = group.rsplit('/').next().unwrap();
    assert_eq!((&counts[id]["active"], &counts[id]["invited"]), (&json!(2), &json!(1)));
    assert!(world.get(&token, "v2/groups/statuses").await.1.get(id).is_none());
    let unknown = format!("{group}?include=secrets");
    assert_eq!(world.get(&admin, &unknown).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let unknown = "v2/groups/my_groups?statuses=asleep";
    assert_eq!(world.get(&admin, unknown).await.0, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_document_says_what_each_identity_may_do() {
    let world = World::new().await;
    let (admin, kim_token) = (world.user(GROUPS).await, world.user_named("kim@example.org", GROUPS).await);
    let kim = world.identity("kim@example.org").await;
    let group = group(&world, &admin, open()).await;
    let allowed = async |token: &str| {
        world.get(token, &format!("{group}?include=allowed_actions")).await.1["allowed_actions"].clone()
    };
    let mine = allowed(&admin).await;
    assert_eq!(mine["change_role"], json!([world.emulator.user_id()]));
    assert_eq!((&mine["join"], &mine["leave"]), (&json!([]), &json!([])), "the last administrator stays");
    let theirs = allowed(&kim_token).await;
    assert_eq!((&theirs["join"], &theirs["add"]), (&json!([kim]), &json!([])));
}

#[tokio::test]
async fn subgroups_are_made_by_administrators_and_hold_their_parent() {
    let world = World::new().await;
    let (admin, stranger) = (world.user(GROUPS).await, world.user_named("kim@example.org", GROUPS).await);
    let parent = group(&world, &admin, open()).await;
    let id = parent.rsplit('/').next().unwrap();
    let body = json!({ "name": "child", "parent_id": id });
    assert_eq!(world.post(&stranger, "v2/groups", &body).await.0, StatusCode::FORBIDDEN);
    let (_, child) = world.post(&admin, "v2/groups", &body).await;
    assert_eq!(child["parent_id"], id);
    let (_, read) = world.get(&admin, &format!("{parent}?include=child_ids")).await;
    assert_eq!(read["child_ids"], json!([child["id"]]));
    let children = format!("{parent}/children");
    assert_eq!(world.get(&admin, &children).await.1["children"][0]["id"], child["id"]);
    // The child is private, the parent is not.
    assert_eq!(world.get(&stranger, &children).await.1["children"], json!([]));
    let (status, body) = world.send(Method::DELETE, &admin, &parent, &Value::Null).await;
    assert_eq!((status, &body["code"]), (StatusCode::CONFLICT, &json!("CONFLICT")));
    let missing = json!({ "name": "child", "parent_id": "nothing" });
    assert_eq!(world.post(&admin, "v2/groups", &missing).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_high_assurance_group_wants_a_recent_login() {
    let world = World::new().await;
    let admin = world.user(GROUPS).await;
    let policies = json!({ "is_high_assurance": true, "authentication_assurance_timeout": 600 });
    let group = group(&world, &admin, policies).await;
    let (_, fresh) = world.get(&admin, &group).await;
    assert_eq!((&fresh["enforce_session"], &fresh["session_limit"]), (&json!(true), &json!(600)));
    let me = world.emulator.user_id();
    assert!(fresh["session_timeouts"][me]["expires_in"].as_i64().unwrap() > 590);
    world.emulator.advance_clock(Duration::from_secs(601));
    let kim = world.identity("kim@example.org").await;
    for (method, path, body) in [
        (Method::GET, group.clone(), Value::Null),
        (Method::GET, format!("{group}/policies"), Value::Null),
        (Method::PUT, group.clone(), json!({ "name": "h" })),
        (Method::POST, group.clone(), json!({ "add": [{ "identity_id": kim }] })),
    ] {
        let (status, refused) = world.send(method.clone(), &admin, &path, &body).await;
        assert_eq!(
            (status, &refused["code"]),
            (StatusCode::FORBIDDEN, &json!("AuthorizationRequired")),
            "{method}"
        );
        let parameters = &refused["authorization_parameters"];
        assert_eq!(parameters["session_required_identities"], json!([me]));
        assert!(parameters["session_message"].is_string());
    }
    // The list still names it.
    let (_, mine) = world.get(&admin, "v2/groups/my_groups").await;
    let listed =
        mine.as_array().unwrap().iter().find(|listed| group.ends_with(listed["id"].as_str().unwrap()));
    assert_eq!(listed.unwrap()["session_timeouts"][me]["expires_in"], 0);
    // A refreshed token is no new login; a login is.
    let url =
        world.authorize_url(&[("scope", GROUPS), ("session_required_identities", me), ("prompt", "login")]);
    let code = world.emulator.approve(&url).await.unwrap();
    let again = text(&world.exchange(&code, &[]).await.1["access_token"]);
    assert_eq!(world.get(&again, &group).await.0, StatusCode::OK);
    // A program logs in with each request.
    act(&world, &again, &group, "add", world.emulator.client_id()).await;
    assert_eq!(world.get(&world.client(GROUPS).await, &group).await.0, StatusCode::OK);
}

#[tokio::test]
async fn linked_identities_share_their_memberships() {
    let world = World::new().await;
    let admin = world.user(GROUPS).await;
    let group = group(&world, &admin, json!({})).await;
    let lab = world.identity("grace@lab.example.org").await;
    act(&world, &admin, &group, "add", &lab).await;
    let grace = world.user_named("grace@example.org", GROUPS).await;
    let (status, read) = world.get(&grace, &group).await;
    assert_eq!((status, &read["my_memberships"][0]["identity_id"]), (StatusCode::OK, &json!(lab)));
    let (_, preferences) = world.get(&grace, "v2/preferences").await;
    assert_eq!(preferences.as_object().unwrap().len(), 2);
    assert_eq!(outcome(&world, &grace, &group, "leave", &lab).await, "left");
}

#[tokio::test]
async fn a_subscription_is_verified_by_those_who_administer_it() {
    let world = World::new().await;
    let (admin, stranger) = (world.user(GROUPS).await, world.user_named("ada@example.org", GROUPS).await);
    let climate = world.group("Climate Data Working Group").await;
    let (_, owner) = world.get(&admin, &format!("v2/groups/{climate}")).await;
    let subscription = text(&owner["subscription_id"]);
    assert!(owner["subscription_info"]["name"].is_string());
    let group = group(&world, &admin, json!({})).await;
    let at = format!("{group}/subscription_admin_verified");
    let verify = json!({ "subscription_admin_verified_id": subscription });
    assert_eq!(world.send(Method::PUT, &stranger, &at, &verify).await.0, StatusCode::FORBIDDEN);
    assert_eq!(world.send(Method::PUT, &admin, &at, &verify).await.0, StatusCode::OK);
    assert_eq!(world.get(&admin, &group).await.1["subscription_admin_verified_id"], subscription.as_str());
    let other = json!({ "subscription_admin_verified_id": "nothing" });
    assert_eq!(world.send(Method::PUT, &admin, &at, &other).await.0, StatusCode::FORBIDDEN);
    let back = json!({ "subscription_admin_verified_id": null });
    assert_eq!(world.send(Method::PUT, &admin, &at, &back).await.0, StatusCode::OK);
    let (_, info) = world.get(&stranger, &format!("v2/subscription_info/{subscription}")).await;
    assert_eq!(info["group_id"], climate.as_str());
    assert!(info["subscription_info"].get("name").is_none());
    assert_eq!(world.get(&admin, "v2/subscription_info/nothing").await.0, StatusCode::NOT_FOUND);
}
