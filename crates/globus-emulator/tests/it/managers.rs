//! What managers see and do, and that others do not.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{TRANSFER, World, text};

const EM: &str = "v0.10/endpoint_manager";

/// Gives somebody a role on the first collection.
async fn give(world: &World, owner: &str, principal: (&str, &str), role: &str) -> Value {
    let body = json!({ "principal_type": principal.0, "principal": principal.1, "role": role });
    let path = format!("v0.10/endpoint/{}/role", world.emulator.collection_a());
    let (status, made) = world.post(owner, &path, &body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    made
}

async fn missing(world: &World, token: &str) -> String {
    let (_, accepted) = world.submit(token, &[("/no/such", "/~/x")], json!({})).await;
    text(&accepted["task_id"])
}

#[tokio::test]
async fn who_monitors_nothing_sees_nothing() {
    let world = World::new().await;
    let (stranger, owner) =
        (world.user_named("noor@example.org", TRANSFER).await, world.user(TRANSFER).await);
    let task = missing(&world, &stranger).await;
    let a = world.emulator.collection_a();
    for path in [
        format!("{EM}/monitored_endpoints"),
        format!("{EM}/endpoint/{a}"),
        format!("{EM}/endpoint/{a}/hosted_endpoint_list"),
        format!("{EM}/task_list?filter_status=ACTIVE"),
        format!("{EM}/task/{task}"),
        format!("{EM}/task/{task}/pause_info"),
        format!("{EM}/pause_rule_list"),
    ] {
        let (status, body) = world.get(&stranger, &path).await;
        assert_eq!((status, &body["code"]), (StatusCode::FORBIDDEN, &json!("PermissionDenied")), "{path}");
        assert_eq!(world.get(&owner, &path).await.0, StatusCode::OK, "{path}");
    }
    let (status, body) = world.get(&owner, &format!("{EM}/task/{}", world.emulator.user_id())).await;
    assert_eq!((status, &body["code"]), (StatusCode::NOT_FOUND, &json!("TaskNotFound")));
}

#[tokio::test]
async fn a_monitor_sees_tasks_and_a_manager_stops_them() {
    let world = World::new().await;
    let (owner, client) = (world.user(TRANSFER).await, world.client(TRANSFER).await);
    let kim = world.user_named("kim@example.org", TRANSFER).await;
    let id = world.identity("kim@example.org").await;
    let task = missing(&world, &client).await;
    let role = give(&world, &owner, ("identity", &id), "activity_monitor").await;
    let (_, seen) = world.get(&kim, &format!("{EM}/task/{task}")).await;
    assert_eq!(seen["task_id"], task.as_str());
    assert!(text(&seen["owner_string"]).ends_with("@clients.auth.globus.org"));
    // Kim monitors the source only.
    assert_eq!(seen["source_local_user_status"], "OK");
    assert_eq!(
        (&seen["destination_local_user"], &seen["destination_local_user_status"]),
        (&json!(null), &json!("NO_PERMISSION"))
    );
    let cancel = json!({ "task_id_list": [task], "message": "no such file" });
    assert_eq!(world.post(&kim, &format!("{EM}/admin_cancel"), &cancel).await.0, StatusCode::FORBIDDEN);
    let path = format!("v0.10/endpoint/{}/role/{}", world.emulator.collection_a(), text(&role["id"]));
    assert_eq!(world.send(Method::DELETE, &owner, &path, &json!({})).await.1["code"], "Deleted");
    assert_eq!(world.get(&kim, &format!("{EM}/task/{task}")).await.0, StatusCode::FORBIDDEN);
    give(&world, &owner, ("identity", &id), "activity_manager").await;
    let (status, cancelled) = world.post(&kim, &format!("{EM}/admin_cancel"), &cancel).await;
    assert_eq!(status, StatusCode::OK, "{cancelled}");
    let document = world.until(&client, &task, |task| task["status"] != "ACTIVE").await;
    assert_eq!((&document["status"], &document["canceled_by_admin"]), (&json!("FAILED"), &json!("SOURCE")));
    assert_eq!(document["canceled_by_admin_message"], "no such file");
    let path = format!("{EM}/admin_cancel/{}", text(&cancelled["id"]));
    let (_, state) = world.get(&kim, &path).await;
    assert_eq!((&state["done"], &state["task_id_list"]), (&json!(true), &json!([task])));
    let (status, body) = world.get(&owner, &path).await;
    assert_eq!((status, &body["code"]), (StatusCode::NOT_FOUND, &json!("AdminCancelNotFound")));
}

#[tokio::test]
async fn a_role_of_a_group_is_one_of_its_active_members() {
    let world = World::new().await;
    let owner = world.user(TRANSFER).await;
    // Kim is a manager of the working group, Sam asks to be let in.
    let (kim, sam) = (
        world.user_named("kim@example.org", TRANSFER).await,
        world.user_named("sam@example.org", TRANSFER).await,
    );
    let groups = world.user(crate::support::GROUPS).await;
    let (_, mine) = world.get(&groups, "v2/groups/my_groups").await;
    let group = mine.as_array().unwrap().iter().find(|group| group["name"] == "Climate Data Working Group");
    give(&world, &owner, ("group", &text(&group.unwrap()["id"])), "administrator").await;
    let path = format!("v0.10/endpoint/{}", world.emulator.collection_a());
    let change = json!({ "description": "ours" });
    assert_eq!(world.send(Method::PUT, &kim, &path, &change).await.0, StatusCode::OK);
    assert_eq!(world.send(Method::PUT, &sam, &path, &change).await.0, StatusCode::FORBIDDEN);
    let (_, document) = world.get(&kim, &path).await;
    assert_eq!(document["my_effective_roles"].as_array().unwrap().len(), 4);
    assert_eq!(world.get(&sam, &path).await.1["my_effective_roles"], json!([]));
    let (_, found) = world.get(&kim, "v0.10/endpoint_search?filter_scope=administered-by-me").await;
    let is_a = |found: &Value| found["id"] == world.emulator.collection_a();
    assert!(found["DATA"].as_array().unwrap().iter().any(is_a));
}

#[tokio::test]
async fn a_task_list_is_filtered_and_read_in_pages() {
    let world = World::new().await;
    let (owner, client) = (world.user(TRANSFER).await, world.client(TRANSFER).await);
    let (a, b) = (world.emulator.collection_a(), world.emulator.collection_b());
    let running = missing(&world, &client).await;
    let mut done = Vec::new();
    for to in ["/~/one.txt", "/~/two.txt", "/~/three.txt"] {
        let task = world.transfer(&owner, &[("/share/godata/file1.txt", to)], json!({})).await;
        done.push(text(&task["task_id"]));
    }
    let list = async |query: &str| {
        let (status, body) = world.get(&owner, &format!("{EM}/task_list?{query}")).await;
        assert_eq!(status, StatusCode::OK, "{query}: {body}");
        body
    };
    let ids = |body: &Value| -> Vec<String> {
        body["DATA"].as_array().unwrap().iter().map(|task| text(&task["task_id"])).collect()
    };
    // What runs comes first, in pages as well.
    let mut pages = Vec::new();
    let mut query = format!("filter_endpoint={a}&limit=2");
    loop {
        let page = list(&query).await;
        pages.extend(ids(&page));
        if page["has_next_page"] == false {
            break;
        }
        query = format!("filter_endpoint={a}&limit=2&last_key={}", text(&page["last_key"]));
    }
    assert_eq!((pages.len(), &pages[0]), (4, &running));
    let mut sorted = pages[1..].to_vec();
    sorted.sort();
    done.sort();
    assert_eq!(sorted, done);
    for (query, count) in [
        ("filter_status=ACTIVE".to_owned(), 1),
        (format!("filter_endpoint={b}&filter_status=SUCCEEDED,FAILED"), 3),
        (format!("filter_endpoint={b}&filter_endpoint_use=source"), 0),
        (format!("filter_endpoint={b}&filter_endpoint_use=destination"), 4),
        (format!("filter_endpoint={a}&filter_owner_id={}", world.emulator.client_id()), 1),
        (format!("filter_endpoint={a}&filter_min_faults=1"), 1),
        ("filter_status=ACTIVE&filter_is_paused=True".to_owned(), 0),
        ("filter_status=ACTIVE&filter_is_paused=False".to_owned(), 1),
        (format!("filter_endpoint={a}&filter_completion_time=,2000-01-01"), 0),
        (format!("filter_endpoint={a}&filter_completion_time=2000-01-01,2099-01-01"), 3),
        (format!("filter_endpoint={a}&filter_completion_time=2000-01-01,"), 4),
        (format!("filter_endpoint={a}&filter_local_user=researcher"), 3),
        (format!("filter_task_id={},{running}", done[0]), 2),
    ] {
        if query.contains("faults") {
            world.until(&client, &running, |task| task["faults"] != 0).await;
        }
        assert_eq!(ids(&list(&query).await).len(), count, "{query}");
    }
    for query in [
        "".to_owned(),
        "filter_status=SUCCEEDED".to_owned(),
        "filter_status=DONE".to_owned(),
        format!("filter_endpoint={a}&filter_is_paused=True"),
        "filter_status=ACTIVE&filter_endpoint_use=source".to_owned(),
        "filter_status=ACTIVE&filter_local_user=x".to_owned(),
        format!("filter_task_id={running}&filter_status=ACTIVE"),
        format!("filter_endpoint={a}&filter_completion_time=,"),
        format!("filter_endpoint={a}&last_key=x"),
        format!("filter_endpoint={a}&limit=1001"),
    ] {
        let (status, body) = world.get(&owner, &format!("{EM}/task_list?{query}")).await;
        assert_eq!(
            (status, &body["code"]),
            (StatusCode::BAD_REQUEST, &json!("ClientError.BadRequest")),
            "{query}"
        );
    }
    let nobody = format!("{EM}/task_list?filter_status=ACTIVE&filter_owner_id={a}");
    assert_eq!(world.get(&owner, &nobody).await.1["code"], "UserNotFound");
}

#[tokio::test]
async fn what_happened_in_a_task_is_seen_by_its_managers() {
    let world = World::new().await;
    let (owner, client) = (world.user(TRANSFER).await, world.client(TRANSFER).await);
    let items = [("/share/godata/", "/~/data/"), ("/no/such", "/~/x")];
    let task = world.transfer(&client, &items, json!({ "skip_source_errors": true })).await;
    let at = format!("{EM}/task/{}", text(&task["task_id"]));
    let (_, events) = world.get(&owner, &format!("{at}/event_list?limit=1")).await;
    assert_eq!((&events["DATA"][0]["code"], &events["limit"]), (&json!("SUCCEEDED"), &json!(1)));
    assert!(events["total"].as_u64() > Some(1));
    let (_, errors) = world.get(&owner, &format!("{at}/event_list?filter_is_error=1")).await;
    assert_eq!(errors["total"], 0);
    let (_, successes) = world.get(&owner, &format!("{at}/successful_transfers")).await;
    assert_eq!((successes["DATA"].as_array().unwrap().len(), &successes["marker"]), (3, &json!(0)));
    let (_, skipped) = world.get(&owner, &format!("{at}/skipped_errors")).await;
    assert_eq!(skipped["DATA"][0]["error_code"], "FILE_NOT_FOUND");
}

#[tokio::test]
async fn a_manager_of_a_host_manages_its_guests_and_overrules_their_managers() {
    let world = World::new().await;
    let (owner, client) = (world.user(TRANSFER).await, world.client(TRANSFER).await);
    // The service account shares its own directory, on a collection that the user owns.
    let b = world.emulator.collection_b();
    world.get(&client, &format!("v0.10/operation/endpoint/{b}/ls?path=/~/")).await;
    let share = json!({ "DATA_TYPE": "shared_endpoint", "host_endpoint": b, "host_path": "/~/", "display_name": "mine" });
    let (_, made) = world.post(&client, "v0.10/shared_endpoint", &share).await;
    let guest = text(&made["id"]);
    let (_, hosted) = world.get(&owner, &format!("{EM}/endpoint/{b}/hosted_endpoint_list")).await;
    assert_eq!(hosted["DATA"][0]["id"], guest.as_str());
    let (_, seen) = world.get(&owner, &format!("{EM}/endpoint/{guest}")).await;
    assert_eq!(seen["my_effective_roles"], json!(["activity_manager", "activity_monitor"]));
    let (_, rules) = world.get(&owner, &format!("{EM}/endpoint/{guest}/access_list")).await;
    assert_eq!(rules["DATA"][0]["role_type"], "administrator");
    assert_eq!(
        world.get(&owner, &format!("v0.10/endpoint/{guest}/access_list")).await.0,
        StatusCode::FORBIDDEN
    );

    let rule = json!({ "endpoint_id": guest, "message": "by the host" });
    let (_, above) = world.post(&owner, &format!("{EM}/pause_rule"), &rule).await;
    assert_eq!(above["created_by_host_manager"], true);
    let path = format!("{EM}/pause_rule/{}", text(&above["id"]));
    assert_eq!(world.get(&client, &path).await.1["editable"], false);
    assert_eq!(world.send(Method::DELETE, &client, &path, &json!({})).await.0, StatusCode::FORBIDDEN);
    let delete = json!({
        "DATA_TYPE": "delete",
        "submission_id": text(&world.get(&client, "v0.10/submission_id").await.1["value"]),
        "endpoint": guest,
        "DATA": [{ "DATA_TYPE": "delete_item", "path": "/gone" }],
    });
    let task = text(&world.post(&client, "v0.10/delete", &delete).await.1["task_id"]);
    let pause = json!({ "task_id_list": [task], "message": "both say so" });
    world.post(&owner, &format!("{EM}/admin_pause"), &pause).await;
    world.post(&client, &format!("{EM}/admin_pause"), &pause).await;
    world.send(Method::DELETE, &owner, &path, &json!({})).await;
    let info = async || world.get(&client, &format!("v0.10/task/{task}/pause_info")).await.1;
    let told = info().await;
    assert_eq!(
        (&told["source_pause_message"], &told["source_pause_message_share"]),
        (&json!("both say so"), &json!("both say so"))
    );
    // The manager of the guest collection takes back only what was said there.
    let resume = json!({ "task_id_list": [task] });
    world.post(&client, &format!("{EM}/admin_resume"), &resume).await;
    let told = info().await;
    assert_eq!(
        (&told["source_pause_message"], &told["source_pause_message_share"]),
        (&json!("both say so"), &json!(null))
    );
    assert_eq!(world.get(&client, &format!("v0.10/task/{task}")).await.1["is_paused"], true);
    world.post(&owner, &format!("{EM}/admin_resume"), &resume).await;
    assert_eq!(world.get(&client, &format!("v0.10/task/{task}")).await.1["is_paused"], false);
}

#[tokio::test]
async fn at_most_fifty_tasks_are_acted_on_at_once_and_all_or_none() {
    let world = World::new().await;
    let owner = world.user(TRANSFER).await;
    let task = missing(&world, &owner).await;
    let act = async |tasks: Value| {
        let body = json!({ "task_id_list": tasks, "message": "m" });
        let (status, body) = world.post(&owner, &format!("{EM}/admin_pause"), &body).await;
        (status.as_u16(), text(&body["code"]))
    };
    assert_eq!(act(json!(vec![&task; 51])).await, (409, "LimitExceeded".to_owned()));
    assert_eq!(act(json!([])).await, (400, "ClientError.BadRequest".to_owned()));
    assert_eq!(act(json!([task, "no-task"])).await, (404, "TaskNotFound".to_owned()));
    assert_eq!(world.get(&owner, &format!("v0.10/task/{task}")).await.1["is_paused"], false);
    assert_eq!(act(json!(vec![&task; 50])).await.0, 200);
    let (status, _) =
        world.post(&owner, &format!("{EM}/admin_cancel"), &json!({ "task_id_list": [task] })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "a message is needed");
}
