use std::fs;
use std::time::Duration;

use globus_sdk::prelude::*;
use globus_sdk::transfer::{SyncLevel, TaskOutcome, TaskStatus};

use crate::world::World;

#[tokio::test]
async fn endpoints_come_over_several_pages() {
    let world = World::new().await;
    let search = world.transfer().endpoint_search().filter_scope("all").filter_fulltext("a");
    let all = search.clone().items().try_collect().await.unwrap();
    assert!(all.len() > 200);
    assert!(world.count("GET", "/v0.10/endpoint_search") >= 3);
    assert_eq!(search.limit(150).items().try_collect().await.unwrap().len(), 150);
}

#[tokio::test]
async fn directories_are_made_listed_and_looked_at() {
    let world = World::new().await;
    let (transfer, a) = (world.transfer(), world.emulator.collection_a());
    transfer.operation_mkdir(a, "/~/new dir ü").await.unwrap();
    let home = transfer.operation_ls(a).path("/~/").filter(["type:dir"]).await.unwrap();
    assert!(home.data.iter().any(|entry| entry.name == "new dir ü" && entry.is_dir()));
    let file = transfer.operation_stat(a).path("/share/godata/file1.txt").await.unwrap();
    assert_eq!(file.name, "file1.txt");
    let paged = transfer
        .operation_ls(a)
        .path("/share/godata/")
        .items()
        .with_page_size(1)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(paged.len(), 3);
    assert!(transfer.operation_stat(a).path("/no/such").await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_tree_is_transferred_and_its_bytes_are_the_same() {
    let world = World::new().await;
    let transfer = world.transfer();
    let data = TransferData::new(world.emulator.collection_a(), world.emulator.collection_b())
        .label("tree")
        .sync_level(SyncLevel::Checksum)
        .items([TransferItem::new("/share/godata/", "/copy/").recursive(true)]);
    let task = transfer.submit_transfer(data).await.unwrap();
    let outcome = wait(&transfer, &task.task_id).await;
    assert!(outcome.is_success(), "{outcome}");
    for file in ["file1.txt", "file2.txt", "file3.txt"] {
        let source = fs::read(world.emulator.collection_a_dir().join("share/godata").join(file)).unwrap();
        assert_eq!(fs::read(world.emulator.collection_b_dir().join("copy").join(file)).unwrap(), source);
    }
    let listed = transfer.task_list().filter("label:tree").items().try_collect().await.unwrap();
    assert_eq!(listed[0].task_id, task.task_id);
    let events = transfer.task_event_list(&task.task_id).items().try_collect().await.unwrap();
    assert!(events.iter().any(|event| event.code == "SUCCEEDED"));
}

#[tokio::test]
async fn a_missing_source_is_told_instead_of_waited_for() {
    let world = World::new().await;
    let transfer = world.transfer();
    let data = TransferData::new(world.emulator.collection_a(), world.emulator.collection_b())
        .item("/no/such", "/x");
    let task = transfer.submit_transfer(data).await.unwrap();
    let outcome = wait(&transfer, &task.task_id).await;
    let TaskOutcome::Stalled { task: stalled, fault, .. } = &outcome else { panic!("{outcome}") };
    assert_eq!(stalled.status, Some(TaskStatus::Active));
    assert!(fault.is_some());
    transfer.cancel_task(&task.task_id).await.unwrap();
    assert!(matches!(wait(&transfer, &task.task_id).await, TaskOutcome::Failed(_)));
}

#[tokio::test]
async fn a_running_task_is_cancelled() {
    let emulator = globus_emulator::Emulator::builder().transfer_rate(100_000).start().await.unwrap();
    let world = World::on(emulator);
    let transfer = world.transfer();
    let data = TransferData::new(world.emulator.collection_a(), world.emulator.collection_b())
        .items([TransferItem::new("/share/climate-run/", "/run/").recursive(true)]);
    let task = transfer.submit_transfer(data).await.unwrap();
    let still = transfer.task_wait(&task.task_id).timeout(Duration::from_millis(50)).await.unwrap();
    assert!(matches!(still, TaskOutcome::TimedOut { .. }), "{still}");
    transfer.cancel_task(&task.task_id).await.unwrap();
    assert!(matches!(wait(&transfer, &task.task_id).await, TaskOutcome::Failed(_)));
}

#[tokio::test]
async fn files_are_deleted() {
    let world = World::new().await;
    let transfer = world.transfer();
    let doomed = world.emulator.collection_b_dir().join("doomed/below");
    fs::create_dir_all(&doomed).unwrap();
    fs::write(doomed.join("file"), "x").unwrap();
    let data = DeleteData::new(world.emulator.collection_b()).recursive(true).item("/doomed/");
    let task = transfer.submit_delete(data).await.unwrap();
    assert!(wait(&transfer, &task.task_id).await.is_success());
    assert!(!doomed.exists());
}

async fn wait(transfer: &TransferClient, task_id: &globus_sdk::TaskId) -> TaskOutcome {
    let wait = transfer.task_wait(task_id).polling_interval(Duration::from_millis(20));
    wait.timeout(Duration::from_secs(30)).await.unwrap()
}
