//! What `--data` keeps: an emulator that goes on where the last one stopped.

use std::path::Path;
use std::time::Duration;

use globus_emulator::{Builder, Emulator};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{GROUPS, TRANSFER, World, text};

fn kept(data: &Path) -> Builder {
    Emulator::builder().data(data).retry_interval(Duration::from_millis(20))
}

/// Stops it, and starts another on the same directory.
async fn restarted(world: World, builder: Builder) -> World {
    world.emulator.stop().await;
    World::with(builder).await
}

#[tokio::test]
async fn a_login_outlives_the_emulator_that_gave_it() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::with(kept(dir.path())).await;
    let login = world.login("openid email").await;
    let code = world.code("openid").await;
    let (_, keys) = world.get("", "jwk.json").await;
    let secret = world.emulator.client_secret().to_owned();
    let world = restarted(world, kept(dir.path())).await;

    assert_eq!(world.emulator.client_secret(), secret);
    assert_eq!(world.get("", "jwk.json").await.1, keys);
    let access = text(&login["access_token"]);
    let (status, user) = world.get(&access, "v2/oauth2/userinfo").await;
    assert_eq!((status, &user["email"]), (StatusCode::OK, &json!("researcher@example.org")));
    let refresh = text(&login["refresh_token"]);
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh.as_str()),
        ("client_id", world.emulator.native_client_id()),
    ];
    let (status, body) = world.token(&form, None).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    // It was asked for at the old address; only the port differs from a code that is still good.
    let (status, _) = world.exchange(&code, &[]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let issued = world.emulator.issued_secrets();
    assert!(issued.contains(&access) && issued.contains(&secret));
}

#[tokio::test]
async fn a_code_can_be_exchanged_after_a_restart_on_the_same_port() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::with(kept(dir.path())).await;
    let port: u16 = world.emulator.url().rsplit(':').next().unwrap().trim_end_matches('/').parse().unwrap();
    let code = world.code("openid").await;
    let world = restarted(world, kept(dir.path()).port(port)).await;
    let (status, body) = world.exchange(&code, &[]).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let (status, _) = world.exchange(&code, &[]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_was_revoked_stays_revoked_and_the_clock_does_not_go_back() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::with(kept(dir.path())).await;
    let (gone, old) = (world.user(GROUPS).await, world.user(GROUPS).await);
    world.emulator.revoke_token(&gone);
    world.emulator.advance_clock(Duration::from_secs(47 * 3600));
    let young = world.user(GROUPS).await;
    let world = restarted(world, kept(dir.path())).await;
    world.emulator.advance_clock(Duration::from_secs(2 * 3600));
    for (token, status) in
        [(gone, StatusCode::UNAUTHORIZED), (old, StatusCode::UNAUTHORIZED), (young, StatusCode::OK)]
    {
        assert_eq!(world.get(&token, "v2/groups/my_groups").await.0, status);
    }
}

#[tokio::test]
async fn groups_bookmarks_rules_and_consents_are_kept_and_what_was_deleted_stays_away() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::with(kept(dir.path())).await;
    let token = world.user(&format!("{GROUPS} {TRANSFER}")).await;
    let transfer = world.user(TRANSFER).await;
    let make =
        async |name: &str| text(&world.post(&token, "v2/groups", &json!({ "name": name })).await.1["id"]);
    let (group, deleted) = (make("Kept").await, make("Deleted").await);
    world.send(Method::DELETE, &token, &format!("v2/groups/{deleted}"), &json!({})).await;
    let bookmark = json!({ "name": "b", "endpoint_id": world.emulator.collection_a(), "path": "/share/" });
    let (_, bookmark) = world.post(&transfer, "v0.10/bookmark", &bookmark).await;
    let guest = json!({
        "host_endpoint": world.emulator.collection_a(),
        "host_path": "/share/godata/",
        "display_name": "Shared",
    });
    let guest = text(&world.post(&transfer, "v0.10/shared_endpoint", &guest).await.1["id"]);
    let rule = json!({ "principal_type": "all_authenticated_users", "principal": "", "path": "/", "permissions": "r" });
    let (_, rule) = world.post(&transfer, &format!("v0.10/endpoint/{guest}/access"), &rule).await;
    let world = restarted(world, kept(dir.path())).await;

    let (_, body) = world.get(&token, &format!("v2/groups/{group}")).await;
    assert_eq!(body["name"], "Kept");
    assert_eq!(world.get(&token, &format!("v2/groups/{deleted}")).await.0, StatusCode::NOT_FOUND);
    let path = format!("v0.10/bookmark/{}", text(&bookmark["id"]));
    assert_eq!(world.get(&transfer, &path).await.1, bookmark);
    let path = format!("v0.10/endpoint/{guest}/access/{}", text(&rule["access_id"]));
    assert_eq!(world.get(&transfer, &path).await.1["permissions"], "r");
    let (_, listing) = world.get(&transfer, &format!("v0.10/operation/endpoint/{guest}/ls?path=/")).await;
    assert_eq!(listing["DATA"].as_array().unwrap().len(), 3);
    // A second time nobody needs to be asked: the consents are there.
    let login = world.login("openid").await;
    let view = world.login("urn:globus:auth:scope:auth.globus.org:view_consents").await;
    assert!(login["id_token"].is_string());
    let path = format!("v2/api/identities/{}/consents?all=true", world.emulator.user_id());
    let (_, consents) = world.get(&text(&view["access_token"]), &path).await;
    let names: Vec<&Value> =
        consents["consents"].as_array().unwrap().iter().map(|c| &c["scope_name"]).collect();
    assert!(names.contains(&&json!(GROUPS)) && names.contains(&&json!(TRANSFER)), "{names:?}");
}

#[tokio::test]
async fn a_finished_task_keeps_its_document_events_and_lists() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::with(kept(dir.path())).await;
    let token = world.user(TRANSFER).await;
    let items = [("/share/godata/", "/~/copy/"), ("/missing", "/~/missing")];
    let done = world.transfer(&token, &items, json!({ "skip_source_errors": true, "label": "kept" })).await;
    let id = text(&done["task_id"]);
    let lists = ["event_list", "successful_transfers", "skipped_errors"];
    let mut before = Vec::new();
    for list in lists {
        before.push(world.get(&token, &format!("v0.10/task/{id}/{list}")).await.1);
    }
    let world = restarted(world, kept(dir.path())).await;
    let (_, task) = world.get(&token, &format!("v0.10/task/{id}")).await;
    assert_eq!(task, done);
    assert_eq!((&task["files_transferred"], &task["subtasks_skipped_errors"]), (&json!(3), &json!(1)));
    for (list, before) in lists.into_iter().zip(before) {
        let (_, after) = world.get(&token, &format!("v0.10/task/{id}/{list}")).await;
        assert_eq!((after["DATA"].as_array().unwrap().is_empty(), after), (false, before), "{list}");
    }
}

#[tokio::test]
async fn a_task_goes_on_by_itself_and_copies_no_finished_file_again() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::with(kept(dir.path()).transfer_rate(2_000_000)).await;
    let token = world.user(TRANSFER).await;
    let items = [("/share/climate-run/", "/~/run/")];
    let (_, accepted) = world.submit(&token, &items, json!({})).await;
    let id = text(&accepted["task_id"]);
    world.until(&token, &id, |task| task["files_transferred"].as_u64() >= Some(3)).await;
    // As another thread would leave it when it is killed.
    let left =
        world.emulator.collection_b_dir().join(format!("home/researcher/run/1999/.globus-{id}-1.part"));
    std::fs::write(&left, "half of something").unwrap();
    let world = restarted(world, kept(dir.path())).await;
    let copied = world.emulator.collection_b_dir().join("home/researcher/run/1990/humidity.nc");
    let time = std::fs::metadata(&copied).unwrap().modified().unwrap();
    let task = world.until(&token, &id, |task| task["status"] != "ACTIVE").await;
    assert_eq!((&task["status"], &task["files_transferred"]), (&json!("SUCCEEDED"), &json!(40)), "{task}");
    assert_eq!((&task["files"], &task["directories"]), (&json!(40), &json!(11)));
    assert_eq!(std::fs::metadata(&copied).unwrap().modified().unwrap(), time);
    assert!(!left.exists());
    let mut size = 0;
    for year in 1990..2000 {
        for name in ["humidity", "pressure", "temperature", "wind"] {
            let path = format!("{year}/{name}.nc");
            let read = |root: &Path| std::fs::read(root.join(&path)).unwrap();
            let from = read(&world.emulator.collection_a_dir().join("share/climate-run"));
            assert!(from == read(&world.emulator.collection_b_dir().join("home/researcher/run")), "{path}");
            size += from.len();
        }
    }
    assert_eq!(task["bytes_transferred"], size);
}

#[tokio::test]
async fn a_directory_that_was_moved_is_found_where_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::with(kept(&dir.path().join("here"))).await;
    let token = world.user(TRANSFER).await;
    world.emulator.stop().await;
    std::fs::rename(dir.path().join("here"), dir.path().join("there")).unwrap();
    let world = World::with(kept(&dir.path().join("there"))).await;
    let path = format!("v0.10/operation/endpoint/{}/ls?path=/share/godata", world.emulator.collection_a());
    let (status, body) = world.get(&token, &path).await;
    assert_eq!((status, body["DATA"].as_array().map(Vec::len)), (StatusCode::OK, Some(3)), "{body}");
    assert!(world.emulator.collection_a_dir().starts_with(dir.path().canonicalize().unwrap().join("there")));
}

#[tokio::test]
async fn a_seed_gives_nothing_out_twice_over_restarts() {
    let dir = tempfile::tempdir().unwrap();
    let mut given = Vec::new();
    for _ in 0..3 {
        let world = World::with(kept(dir.path()).seed(7)).await;
        given.push(world.user(TRANSFER).await);
        world.emulator.stop().await;
    }
    assert!(given[0] != given[1] && given[1] != given[2] && given[0] != given[2]);
}

#[tokio::test]
async fn what_was_paused_stays_paused_and_its_rules_are_there() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::with(kept(dir.path())).await;
    let token = world.user(TRANSFER).await;
    let submit = async |to: &str| {
        let (_, accepted) = world.submit(&token, &[("/late.txt", to)], json!({})).await;
        text(&accepted["task_id"])
    };
    let by_hand = submit("/~/one.txt").await;
    let pause = json!({ "task_id_list": [by_hand], "message": "m" });
    world.post(&token, "v0.10/endpoint_manager/admin_pause", &pause).await;
    let rule = json!({ "endpoint_id": world.emulator.collection_b(), "message": "new disks" });
    let (_, rule) = world.post(&token, "v0.10/endpoint_manager/pause_rule", &rule).await;
    let by_rule = submit("/~/two.txt").await;
    std::fs::write(world.emulator.collection_a_dir().join("late.txt"), "late").unwrap();
    let world = restarted(world, kept(dir.path())).await;

    for task in [&by_hand, &by_rule] {
        let (_, document) = world.get(&token, &format!("v0.10/task/{task}")).await;
        assert_eq!((&document["status"], &document["is_paused"]), (&json!("ACTIVE"), &json!(true)));
    }
    let path = format!("v0.10/endpoint_manager/pause_rule/{}", text(&rule["id"]));
    let (_, body) = world.send(Method::DELETE, &token, &path, &json!({})).await;
    assert_eq!(body["code"], "Deleted");
    let done = world.until(&token, &by_rule, |task| task["status"] != "ACTIVE").await;
    assert_eq!(done["status"], "SUCCEEDED");
    let (_, events) = world.get(&token, &format!("v0.10/task/{by_rule}/event_list")).await;
    let codes: Vec<&Value> =
        events["DATA"].as_array().unwrap().iter().rev().map(|event| &event["code"]).collect();
    assert_eq!(codes[..3], ["STARTED", "PAUSED", "UNPAUSED"]);
    assert_eq!(world.get(&token, &format!("v0.10/task/{by_hand}")).await.1["is_paused"], true);
    let resume = json!({ "task_id_list": [by_hand] });
    world.post(&token, "v0.10/endpoint_manager/admin_resume", &resume).await;
    let done = world.until(&token, &by_hand, |task| task["status"] != "ACTIVE").await;
    assert_eq!(done["status"], "SUCCEEDED");
}

#[tokio::test]
async fn after_a_reset_nothing_of_before_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::with(kept(dir.path())).await;
    let old = world.user(GROUPS).await;
    let transfer = world.user(TRANSFER).await;
    let group = text(&world.post(&old, "v2/groups", &json!({ "name": "Old" })).await.1["id"]);
    let done = world.transfer(&transfer, &[("/share/godata/", "/~/copy/")], json!({})).await;
    world.emulator.reset().await.unwrap();
    let world = restarted(world, kept(dir.path())).await;
    assert_eq!(world.get(&old, "v2/groups/my_groups").await.0, StatusCode::UNAUTHORIZED);
    let token = world.user(GROUPS).await;
    assert_eq!(world.get(&token, &format!("v2/groups/{group}")).await.0, StatusCode::NOT_FOUND);
    let transfer = world.user(TRANSFER).await;
    for list in ["", "/event_list"] {
        let path = format!("v0.10/task/{}{list}", text(&done["task_id"]));
        assert_eq!(world.get(&transfer, &path).await.0, StatusCode::NOT_FOUND);
    }
    assert!(!world.emulator.collection_b_dir().join("home/researcher/copy").exists());
}
