//! Those who look after collections, with tasks that really run.

use std::time::Duration;

use globus_emulator::Emulator;
use globus_sdk::prelude::*;
use globus_sdk::transfer::{
    EndpointRole, PauseRuleData, PauseRuleUpdate, RoleData, RolePrincipalType, TaskOutcome, TaskStatus,
};

use crate::world::World;

/// The owner of the collections.
async fn manager(world: &World) -> TransferClient {
    let tokens = world.log_in([TransferClient::SCOPES.all]).await;
    let token = tokens.require(TransferClient::RESOURCE_SERVER).unwrap();
    world.client(AccessTokenAuthorizer::new(token.access_token()))
}

fn copy(world: &World, from: &str, to: &str) -> TransferData {
    TransferData::new(world.emulator.collection_a(), world.emulator.collection_b()).item(from, to)
}

#[tokio::test]
async fn a_manager_finds_a_running_task_pauses_it_and_lets_it_go_on() {
    let world = World::new().await;
    let (manager, user) = (manager(&world).await, world.transfer());
    let task = user.submit_transfer(copy(&world, "/late.txt", "/~/late.txt")).await.unwrap().task_id;
    let running = manager.endpoint_manager_task_list().filter_status([TaskStatus::Active]);
    let found = running.items().try_collect().await.unwrap();
    assert_eq!(found.iter().map(|task| &task.task_id).collect::<Vec<_>>(), [&task]);

    manager.endpoint_manager_pause_tasks([&task], "one moment").await.unwrap();
    assert_eq!(user.get_task(&task).await.unwrap().is_paused, Some(true));
    let told = user.task_pause_info(&task).await.unwrap();
    assert_eq!(told.source_pause_message.as_deref(), Some("one moment"));
    assert_eq!(manager.endpoint_manager_task_pause_info(&task).await.unwrap(), told);
    let paused =
        manager.endpoint_manager_task_list().filter_status([TaskStatus::Active]).filter_is_paused(true);
    assert_eq!(paused.await.unwrap().data.len(), 1);
    std::fs::write(world.emulator.collection_a_dir().join("late.txt"), "late").unwrap();

    manager.endpoint_manager_resume_tasks([&task]).await.unwrap();
    let outcome = user.task_wait(&task).polling_interval(Duration::from_millis(20)).await.unwrap();
    assert!(outcome.is_success(), "{outcome}");
    let seen = manager.endpoint_manager_get_task(&task).await.unwrap();
    assert_eq!((seen.status, seen.is_paused), (Some(TaskStatus::Succeeded), Some(false)));
    let events = manager.endpoint_manager_task_event_list(&task).items().try_collect().await.unwrap();
    let codes: Vec<_> = events.iter().map(|event| event.code.as_str()).collect();
    assert!(codes.contains(&"PAUSED") && codes.contains(&"UNPAUSED"), "{codes:?}");
    let copied =
        manager.endpoint_manager_task_successful_transfers(&task).items().try_collect().await.unwrap();
    assert_eq!(copied[0].source_path.as_deref(), Some("/late.txt"));
}

#[tokio::test]
async fn a_manager_cancels_a_task_and_its_owner_learns_why() {
    let world = World::new().await;
    let (manager, user) = (manager(&world).await, world.transfer());
    let task = user.submit_transfer(copy(&world, "/no/such", "/~/x")).await.unwrap().task_id;
    let cancel = manager.endpoint_manager_cancel_tasks([&task], "there is no such file").await.unwrap();
    // Who waits earlier may be told that the task has stalled.
    while manager.endpoint_manager_cancel_status(&cancel.id).await.unwrap().done != Some(true) {
        tokio::task::yield_now().await;
    }
    let outcome = user.task_wait(&task).polling_interval(Duration::from_millis(20)).await.unwrap();
    let TaskOutcome::Failed(task) = outcome else { panic!("{outcome}") };
    assert_eq!(task.canceled_by_admin_message.as_deref(), Some("there is no such file"));
}

#[tokio::test]
async fn a_pause_rule_holds_new_tasks_and_refuses_listings_until_it_is_gone() {
    let world = World::new().await;
    let (manager, user) = (manager(&world).await, world.transfer());
    let b = world.emulator.collection_b();
    let data = PauseRuleData::new(b, "new disks until Friday");
    let rule = manager.endpoint_manager_create_pause_rule(data).await.unwrap();
    assert_eq!((rule.editable, rule.pause_task_transfer_write), (Some(true), Some(true)));
    let task =
        user.submit_transfer(copy(&world, "/share/godata/file1.txt", "/~/one.txt")).await.unwrap().task_id;
    assert_eq!(user.get_task(&task).await.unwrap().is_paused, Some(true));
    let outcome = user.task_wait(&task).polling_interval(Duration::from_millis(20)).await.unwrap();
    assert!(matches!(outcome, TaskOutcome::Paused(_)), "{outcome}");
    assert_eq!(user.task_pause_info(&task).await.unwrap().pause_rules[0].id, rule.id);
    let mine = user.my_effective_pause_rule_list(b).await.unwrap();
    assert_eq!(mine.data[0].message.as_deref(), Some("new disks until Friday"));
    let refused = user.operation_ls(b).path("/~/").await.unwrap_err();
    assert!(refused.to_string().contains("new disks until Friday"), "{refused}");

    let change = PauseRuleUpdate::new().pause_ls(false);
    manager.endpoint_manager_update_pause_rule(&rule.id, change).await.unwrap();
    user.operation_ls(b).path("/~/").await.unwrap();
    assert_eq!(manager.endpoint_manager_get_pause_rule(&rule.id).await.unwrap().pause_ls, Some(false));
    assert_eq!(manager.endpoint_manager_pause_rule_list().filter_endpoint(b).await.unwrap().data.len(), 1);
    manager.endpoint_manager_delete_pause_rule(&rule.id).await.unwrap();
    let outcome = user.task_wait(&task).polling_interval(Duration::from_millis(20)).await.unwrap();
    assert!(outcome.is_success(), "{outcome}");
}

#[tokio::test]
async fn a_role_opens_what_was_closed_and_its_end_closes_it() {
    let world = World::new().await;
    let (owner, monitor) = (manager(&world).await, world.transfer());
    let a = world.emulator.collection_a();
    let refused = monitor.endpoint_manager_monitored_endpoints().await.unwrap_err();
    assert_eq!((refused.status(), refused.code()), (Some(403), Some("PermissionDenied")));
    let data =
        RoleData::new(RolePrincipalType::Identity, world.emulator.client_id(), EndpointRole::ActivityMonitor);
    let role = owner.add_endpoint_role(a, data.clone()).await.unwrap();
    assert_eq!(owner.add_endpoint_role(a, data).await.unwrap_err().code(), Some("Exists"));
    let monitored = monitor.endpoint_manager_monitored_endpoints().await.unwrap();
    assert_eq!(monitored.data.iter().map(|endpoint| endpoint.id.as_str()).collect::<Vec<_>>(), [a]);
    assert_eq!(
        monitor.endpoint_manager_get_endpoint(a).await.unwrap().my_effective_roles,
        ["activity_monitor"]
    );
    assert_eq!(owner.endpoint_role_list(a).await.unwrap().data.len(), 2);
    let id = role.id.unwrap();
    assert_eq!(owner.get_endpoint_role(a, &id).await.unwrap().role, Some(EndpointRole::ActivityMonitor));
    owner.delete_endpoint_role(a, &id).await.unwrap();
    assert_eq!(monitor.endpoint_manager_get_endpoint(a).await.unwrap_err().status(), Some(403));
}

#[tokio::test]
async fn a_task_list_of_managers_is_read_to_its_end_page_by_page() {
    let emulator = Emulator::builder().retry_interval(Duration::from_millis(20)).start().await.unwrap();
    let world = World::on(emulator);
    let (manager, user) = (manager(&world).await, world.transfer());
    // More than one page of a hundred.
    for number in 0..101 {
        let data = copy(&world, "/share/godata/file1.txt", &format!("/~/{number}.txt"));
        user.submit_transfer(data).await.unwrap();
    }
    let tasks = manager.endpoint_manager_task_list().filter_endpoint(world.emulator.collection_a());
    let tasks = tasks.items().try_collect().await.unwrap();
    let ids: std::collections::BTreeSet<_> = tasks.iter().map(|task| task.task_id.as_str()).collect();
    assert!(ids.len() >= 101 && world.count("GET", "/v0.10/endpoint_manager/task_list") >= 2);
}
