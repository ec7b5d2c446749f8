use globus_emulator::{Fault, FaultAction};
use globus_sdk::prelude::*;

use crate::world::World;

#[tokio::test]
async fn a_service_that_is_down_for_a_moment_is_asked_again() {
    let world = World::new().await;
    let transfer = world.transfer();
    for status in [503, 429] {
        let fault = FaultAction::status(status).header("Retry-After", "0");
        world.emulator.inject(Fault::on("/v0.10/endpoint/*", fault).once()).unwrap();
        transfer.get_endpoint(world.emulator.collection_a()).await.unwrap();
    }
    assert_eq!(world.count("GET", &format!("/v0.10/endpoint/{}", world.emulator.collection_a())), 4);
}

#[tokio::test]
async fn a_submission_whose_answer_was_lost_makes_one_task() {
    let world = World::new().await;
    let transfer = world.transfer();
    let fault = Fault::on("/v0.10/transfer", FaultAction::Truncate).method("POST").once();
    world.emulator.inject(fault).unwrap();
    let data = TransferData::new(world.emulator.collection_a(), world.emulator.collection_b())
        .items([TransferItem::new("/share/godata/", "/once/").recursive(true)]);
    let task = transfer.submit_transfer(data).await.unwrap();
    assert!(task.is_duplicate());
    assert_eq!(world.count("POST", "/v0.10/transfer"), 2);
    let tasks = transfer.task_list().items().try_collect().await.unwrap();
    assert_eq!(tasks.iter().map(|listed| &listed.task_id).collect::<Vec<_>>(), [&task.task_id]);
}

#[tokio::test]
async fn making_a_group_is_not_repeated_when_the_answer_was_lost() {
    let world = World::new().await;
    let tokens = world.log_in([GroupsClient::SCOPES.all]).await;
    let token = tokens.require(GroupsClient::RESOURCE_SERVER).unwrap();
    let groups: GroupsClient = world.client(AccessTokenAuthorizer::new(token.access_token()));
    world.emulator.inject(Fault::on("/v2/groups", FaultAction::Truncate).method("POST").once()).unwrap();
    let error = groups.create_group("once").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Network, "{error}");
    let mine = groups.get_my_groups().await.unwrap();
    assert_eq!(mine.iter().filter(|group| group.name.as_deref() == Some("once")).count(), 1);
}

#[tokio::test]
async fn an_html_error_page_is_told_without_its_markup() {
    let world = World::new().await;
    let page = FaultAction::status(404).body("text/html", "<html><body>nothing here</body></html>");
    world.emulator.inject(Fault::on("/v0.10/task_list", page).once()).unwrap();
    let error = world.transfer().task_list().await.unwrap_err();
    assert_eq!(error.status(), Some(404));
    assert!(error.to_string().contains("task_list") && !error.to_string().contains("<html>"), "{error}");
}

#[tokio::test]
async fn a_broken_token_file_is_named_and_kept() {
    let world = World::new().await;
    let directory = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("truncated.json", r#"{"data": {"#),
        ("empty.json", ""),
        ("newer.json", r#"{"format_version": "9.0"}"#),
    ] {
        let path = directory.path().join(name);
        std::fs::write(&path, content).unwrap();
        let storage = JsonTokenStorage::new(&path);
        let authorizer = RefreshTokenAuthorizer::from_storage(
            world.native(),
            storage.clone(),
            GroupsClient::RESOURCE_SERVER,
        );
        let error = world.client::<GroupsClient>(authorizer).get_my_groups().await.unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
        let tokens = world.log_in([GroupsClient::SCOPES.all]).await;
        storage.store_token_response(&tokens).await.unwrap_err();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
    }
}
