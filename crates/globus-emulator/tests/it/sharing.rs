//! Consent, guest collections and their rules.

use reqwest::StatusCode;
use serde_json::json;

use crate::support::{TRANSFER, World, text};

#[tokio::test]
async fn a_guarded_collection_opens_after_consent_also_for_tokens_from_before() {
    let world = World::new().await;
    let guarded = world.emulator.collection_data_access();
    let ls = format!("v0.10/operation/endpoint/{guarded}/ls?path=/");
    let token = world.user(TRANSFER).await;
    let (status, body) = world.get(&token, &ls).await;
    assert_eq!((status, &body["code"]), (StatusCode::FORBIDDEN, &json!("ConsentRequired")));
    let scope = text(&body["required_scopes"][0]);
    assert_eq!(scope, format!("{TRANSFER}[*https://auth.globus.org/scopes/{guarded}/data_access]"));
    world.user(&scope).await;
    assert_eq!(world.get(&token, &ls).await.0, StatusCode::OK);
    // Consent belongs to one client and one identity.
    let client = world.client(TRANSFER).await;
    assert_eq!(world.get(&client, &ls).await.0, StatusCode::FORBIDDEN);
    world.client(&scope).await;
    assert_eq!(world.get(&client, &ls).await.0, StatusCode::OK);
    // Collections that ask for no consent have no such scope.
    let other =
        format!("{TRANSFER}[https://auth.globus.org/scopes/{}/data_access]", world.emulator.collection_a());
    let form = [("grant_type", "client_credentials"), ("scope", other.as_str())];
    assert_eq!(world.token(&form, world.secret()).await.1["error"], "invalid_scope");
}

#[tokio::test]
async fn a_guest_collection_opens_for_those_its_rules_name() {
    let world = World::new().await;
    let (user, client) = (world.user(TRANSFER).await, world.client(TRANSFER).await);
    let share = json!({
        "DATA_TYPE": "shared_endpoint",
        "host_endpoint": world.emulator.collection_a(),
        "host_path": "/share/",
        "display_name": "shared",
    });
    let (status, made) = world.post(&user, "v0.10/shared_endpoint", &share).await;
    assert_eq!(status, StatusCode::CREATED);
    let guest = text(&made["id"]);
    let at = format!("v0.10/operation/endpoint/{guest}");
    let (_, document) = world.get(&user, &format!("v0.10/endpoint/{guest}")).await;
    assert_eq!(document["entity_type"], "GCP_guest_collection");
    assert_eq!(world.get(&user, &format!("{at}/ls?path=/godata/")).await.0, StatusCode::OK);
    assert_eq!(world.get(&client, &format!("{at}/ls?path=/godata/")).await.0, StatusCode::FORBIDDEN);
    let rule = json!({
        "DATA_TYPE": "access",
        "principal_type": "identity",
        "principal": world.emulator.client_id(),
        "path": "/godata/",
        "permissions": "r",
    });
    let (status, body) = world.post(&user, &format!("v0.10/endpoint/{guest}/access"), &rule).await;
    assert_eq!((status, &body["code"]), (StatusCode::CREATED, &json!("Created")));
    let (status, _) = world.post(&user, &format!("v0.10/endpoint/{guest}/access"), &rule).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(world.get(&client, &format!("{at}/ls?path=/godata/")).await.0, StatusCode::OK);
    assert_eq!(world.get(&client, &format!("{at}/ls?path=/climate-run/")).await.0, StatusCode::FORBIDDEN);
    let (_, root) = world.get(&client, &format!("{at}/ls?path=/")).await;
    assert_eq!(root["length"], 1, "only what leads to the rule's path is seen");
    let mkdir = json!({ "DATA_TYPE": "mkdir", "path": "/godata/new" });
    assert_eq!(world.post(&client, &format!("{at}/mkdir"), &mkdir).await.0, StatusCode::FORBIDDEN);
}

/// A guest collection of the user on `/share/` of the first collection.
async fn shared(world: &World, token: &str, more: serde_json::Value) -> String {
    let mut share = json!({
        "DATA_TYPE": "shared_endpoint",
        "host_endpoint": world.emulator.collection_a(),
        "host_path": "/share/",
        "display_name": "shared",
    });
    share.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let (status, made) = world.post(token, "v0.10/shared_endpoint", &share).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    text(&made["id"])
}

#[tokio::test]
async fn rules_gate_transfers_as_they_gate_listings() {
    let world = World::new().await;
    let (user, client) = (world.user(TRANSFER).await, world.client(TRANSFER).await);
    let guest = shared(&world, &user, json!({})).await;
    let everybody = json!({ "principal_type": "all_authenticated_users", "principal": "", "path": "/godata/", "permissions": "r" });
    let (status, _) = world.post(&user, &format!("v0.10/endpoint/{guest}/access"), &everybody).await;
    assert_eq!(status, StatusCode::CREATED);
    let from = json!({ "source_endpoint": guest });
    let task = world.transfer(&client, &[("/godata/file1.txt", "/~/one.txt")], from.clone()).await;
    assert_eq!(task["status"], "SUCCEEDED");
    let (_, accepted) = world.submit(&client, &[("/climate-run/1990/wind.nc", "/~/wind.nc")], from).await;
    let denied = world.until(&client, &text(&accepted["task_id"]), |task| task["faults"] != 0).await;
    assert_eq!(denied["nice_status"], "PERMISSION_DENIED");
    let to = json!({ "destination_endpoint": guest });
    let (_, accepted) = world.submit(&client, &[("/share/godata/file1.txt", "/godata/new.txt")], to).await;
    let denied = world.until(&client, &text(&accepted["task_id"]), |task| task["faults"] != 0).await;
    assert_eq!(denied["nice_status"], "PERMISSION_DENIED");
    assert!(!world.emulator.collection_a_dir().join("share/godata/new.txt").exists());
    let (_, found) = world.get(&client, "v0.10/endpoint_search?filter_scope=shared-with-me").await;
    assert_eq!(found["DATA"], json!([]), "what is for everybody is shared with nobody");
}

#[tokio::test]
async fn a_rule_ends_when_it_says() {
    let world = World::new().await;
    let (user, client) = (world.user(TRANSFER).await, world.client(TRANSFER).await);
    let guest = shared(&world, &user, json!({})).await;
    let path = format!("v0.10/endpoint/{guest}/access");
    let rule = |date: serde_json::Value| {
        json!({
            "principal_type": "identity",
            "principal": world.emulator.client_id(),
            "path": "/",
            "permissions": "rw",
            "expiration_date": date,
        })
    };
    let (status, _) = world.post(&user, &path, &rule(json!("2000-01-01T00:00:00Z"))).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let (_, made) = world.post(&user, &path, &rule(json!("2099-01-01T00:00:00Z"))).await;
    let ls = format!("v0.10/operation/endpoint/{guest}/ls?path=/");
    assert_eq!(world.get(&client, &ls).await.0, StatusCode::OK);
    let (_, list) = world.get(&user, &format!("{path}_list")).await;
    // The owner's role stands in the list, without an id of its own.
    assert_eq!((&list["length"], &list["DATA"][1]["id"]), (&json!(2), &json!(null)));
    assert_eq!(list["DATA"][1]["role_type"], "administrator");
    world.emulator.advance_clock(std::time::Duration::from_secs(100 * 366 * 24 * 3600));
    let (user, client) = (world.user(TRANSFER).await, world.client(TRANSFER).await);
    assert_eq!(world.get(&client, &ls).await.0, StatusCode::FORBIDDEN);
    let (status, body) = world.get(&user, &format!("{path}/{}", text(&made["access_id"]))).await;
    assert_eq!((status, &body["code"]), (StatusCode::NOT_FOUND, &json!("AccessRuleNotFound")));
}

#[tokio::test]
async fn a_private_collection_is_there_for_those_it_is_shared_with() {
    let world = World::new().await;
    let (user, client) = (world.user(TRANSFER).await, world.client(TRANSFER).await);
    let guest = shared(&world, &user, json!({ "public": false, "description": "quokka" })).await;
    let seen = async |token: &str| {
        let (status, _) = world.get(token, &format!("v0.10/endpoint/{guest}")).await;
        let (_, found) = world.get(token, "v0.10/endpoint_search?filter_fulltext=quokka").await;
        (status, found["DATA"].as_array().unwrap().len())
    };
    assert_eq!(seen(&client).await, (StatusCode::FORBIDDEN, 0));
    assert_eq!(seen(&user).await, (StatusCode::OK, 1));
    let groups = world.user(crate::support::GROUPS).await;
    let (_, mine) = world.get(&groups, "v2/groups/my_groups").await;
    let group = mine.as_array().unwrap().iter().find(|group| group["name"] == "Climate Data Working Group");
    let rule = json!({ "principal_type": "group", "principal": group.unwrap()["id"], "path": "/", "permissions": "r" });
    let (status, _) = world.post(&user, &format!("v0.10/endpoint/{guest}/access"), &rule).await;
    assert_eq!(status, StatusCode::CREATED);
    // The service account is in the group.
    assert_eq!(seen(&client).await, (StatusCode::OK, 1));
    let (_, found) = world.get(&client, "v0.10/endpoint_search?filter_scope=shared-with-me").await;
    assert_eq!(found["DATA"][0]["id"], guest.as_str());
}

#[tokio::test]
async fn guest_collections_are_listed_in_pages() {
    let world = World::new().await;
    let (user, client) = (world.user(TRANSFER).await, world.client(TRANSFER).await);
    for _ in 0..3 {
        shared(&world, &user, json!({})).await;
    }
    let at = format!("v0.10/endpoint/{}", world.emulator.collection_a());
    let (mut query, mut counts) = (String::new(), Vec::new());
    loop {
        let (_, page) = world.get(&client, &format!("{at}/shared_endpoint_list?max_results=2{query}")).await;
        counts.push(page["shared_endpoints"].as_array().unwrap().len());
        match page["next_token"].as_str() {
            Some(token) => query = format!("&next_token={token}"),
            None => break,
        }
    }
    assert_eq!(counts, [2, 1]);
    assert_eq!(world.get(&user, &format!("{at}/my_shared_endpoint_list")).await.1["length"], 3);
    assert_eq!(world.get(&client, &format!("{at}/my_shared_endpoint_list")).await.1["length"], 0);
}

#[tokio::test]
async fn documents_keep_the_fields_that_were_asked_for() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let (_, one) = world
        .get(&token, &format!("v0.10/endpoint/{}?fields=id,display_name", world.emulator.collection_a()))
        .await;
    assert_eq!(one.as_object().unwrap().len(), 3, "{one}");
    let (_, list) = world.get(&token, "v0.10/endpoint_search?filter_fulltext=tutorial&fields=id").await;
    assert_eq!((list["DATA"][0].as_object().unwrap().len(), &list["has_next_page"]), (2, &json!(false)));
    let (_, servers) =
        world.get(&token, &format!("v0.10/endpoint/{}/server_list", world.emulator.collection_a())).await;
    let server = servers["DATA"][0]["id"].as_u64().unwrap();
    let at = format!("v0.10/endpoint/{}/server", world.emulator.collection_a());
    assert_eq!(world.get(&token, &format!("{at}/{server}")).await.1, servers["DATA"][0]);
    assert_eq!(world.get(&token, &format!("{at}/7")).await.1["code"], "ServerNotFound");
}

#[tokio::test]
async fn a_collection_is_put_under_a_subscription_and_verified_by_its_administrators() {
    let world = World::new().await;
    // The user administers the group of the subscription, and the service account is in it.
    let (user, client) = (world.user(TRANSFER).await, world.client(TRANSFER).await);
    let put = async |token: &str, id: &str, name: &str, value: serde_json::Value| {
        let path = format!("v0.10/endpoint/{id}/{name}");
        let field = if name == "subscription" { "subscription_id" } else { name };
        let (status, body) = world.send(reqwest::Method::PUT, token, &path, &json!({ (field): value })).await;
        (status, text(&body["code"]))
    };
    let (a, verified) = (world.emulator.collection_a(), "subscription_admin_verified");
    let refused = (StatusCode::FORBIDDEN, "PermissionDenied".to_owned());
    let updated = (StatusCode::OK, "Updated".to_owned());
    assert_eq!(put(&user, a, verified, json!(true)).await, refused, "there is no subscription yet");
    assert_eq!(put(&user, a, "subscription", json!(world.emulator.user_id())).await, refused);
    assert_eq!(put(&client, a, "subscription", json!("DEFAULT")).await, refused);
    assert_eq!(put(&user, a, "subscription", json!("DEFAULT")).await, updated);
    assert_eq!(put(&client, a, verified, json!(true)).await, refused);
    assert_eq!(put(&user, a, verified, json!("yes")).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(put(&user, a, verified, json!(true)).await, updated);
    let document = async || world.get(&client, &format!("v0.10/endpoint/{a}")).await.1;
    let now = document().await;
    assert!(now["subscription_id"].is_string() && now[verified] == true, "{now}");
    // Another subscription has to be verified anew.
    assert_eq!(put(&user, a, "subscription", json!(null)).await, updated);
    let now = document().await;
    assert!(now["subscription_id"].is_null() && now[verified] == false, "{now}");
}

#[tokio::test]
async fn a_personal_computer_is_registered_before_it_is_connected() {
    let world = World::new().await;
    let user = world.user(TRANSFER).await;
    let asked = json!({
        "DATA_TYPE": "endpoint",
        "is_globus_connect": true,
        "display_name": "My laptop",
        "description": "under the desk",
        "owner_string": "somebody else",
    });
    let (status, made) = world.post(&user, "v0.10/endpoint", &asked).await;
    assert_eq!((status, &made["code"]), (StatusCode::CREATED, &json!("Created")));
    assert_eq!(text(&made["globus_connect_setup_key"]).len(), 36);
    let id = text(&made["id"]);
    let (_, document) = world.get(&user, &format!("v0.10/endpoint/{id}")).await;
    assert_eq!(document["entity_type"], "GCP_mapped_collection");
    assert_eq!(document["description"], "under the desk");
    assert_eq!(document["owner_string"], world.emulator.username());
    assert_eq!(document["gcp_connected"], false);
    let (status, body) = world.get(&user, &format!("v0.10/operation/endpoint/{id}/ls")).await;
    assert!(status.is_server_error(), "{status} {body}");
    for wrong in
        [json!({ "display_name": "a server" }), json!({ "is_globus_connect": true, "display_name": " " })]
    {
        assert_eq!(world.post(&user, "v0.10/endpoint", &wrong).await.0, StatusCode::BAD_REQUEST);
    }
}
