//! The pages for people, as text; how they look is tested in a browser.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{GROUPS, TRANSFER, World, text};

async fn page(world: &World, path: &str) -> (StatusCode, String) {
    let answer = world.http.get(world.at(path)).send().await.unwrap();
    assert!(answer.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    (answer.status(), answer.text().await.unwrap())
}

#[tokio::test]
async fn what_programs_send_is_shown_and_not_obeyed() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let name = json!({ "display_name": "<script>alert(1)</script>", "organization": "\"><b>" });
    let path = format!("v0.10/endpoint/{}", world.emulator.collection_a());
    assert_eq!(world.send(Method::PUT, &token, &path, &name).await.0, StatusCode::OK);
    let groups = world.user(GROUPS).await;
    let (status, _) = world.post(&groups, "v2/groups", &json!({ "name": "<i>x</i>" })).await;
    assert_eq!(status, StatusCode::CREATED);
    world
        .http
        .get(world.at("v9?q=<b>&code=s3cret"))
        .header("User-Agent", "<img src=x>")
        .send()
        .await
        .unwrap();
    let task = world.transfer(&token, &[("/share/godata/file1.txt", "/~/<em>.txt")], json!({})).await;
    for path in ["", &format!("tasks/{}", text(&task["task_id"]))] {
        let (status, html) = page(&world, path).await;
        assert_eq!(status, StatusCode::OK);
        for tag in ["<script", "<b>", "<i>", "<em>", "<img", "s3cret"] {
            assert!(!html.contains(tag), "{tag} is in {html}");
        }
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{html}");
    }
}

#[tokio::test]
async fn the_page_renews_itself_only_while_something_runs() {
    let world = World::with(globus_emulator::Emulator::builder().transfer_rate(1)).await;
    let token = world.user(TRANSFER).await;
    let renews = async |path: &str| page(&world, path).await.1.contains("http-equiv=\"refresh\"");
    assert!(!renews("").await);
    let (_, task) =
        world.submit(&token, &[("/share/climate-run/1990/wind.nc", "/~/wind.nc")], json!({})).await;
    let task = text(&task["task_id"]);
    assert!(renews("").await && renews(&format!("tasks/{task}")).await);
    assert!(!renews("?renew=no").await && !renews(&format!("tasks/{task}?renew=no")).await);
    world.post(&token, &format!("v0.10/task/{task}/cancel"), &json!({})).await;
    assert!(!renews("").await && !renews(&format!("tasks/{task}")).await);
}

#[tokio::test]
async fn a_task_that_is_not_there_has_a_page_that_says_so() {
    let world = World::new().await;
    let (status, html) = page(&world, "tasks/00000000-0000-0000-0000-000000000000").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(html.contains("There is no such task"));
}

#[tokio::test]
async fn no_secret_is_on_the_page() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    world.http.get(world.at(&format!("v2/web/auth-code?code={token}"))).send().await.unwrap();
    let (_, html) = page(&world, "").await;
    assert!(html.contains("/v2/web/auth-code"));
    assert!(world.emulator.issued_secrets().iter().all(|secret| !html.contains(secret)));
}
