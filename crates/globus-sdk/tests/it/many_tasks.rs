//! Plans and sets of tasks, with tasks that really run.

use std::fs;
use std::time::Duration;

use globus_emulator::{Fault, FaultAction};
use globus_sdk::prelude::*;
use globus_sdk::transfer::{PlanEntry, PlanJournal, TaskOutcome, TaskProgress, TaskSet, TransferPlan};

use crate::world::World;

/// Makes so many files at the source.
fn world_with(world: World, files: usize) -> World {
    let source = world.emulator.collection_a_dir().join("many");
    fs::create_dir_all(&source).unwrap();
    for number in 0..files {
        fs::write(source.join(number.to_string()), number.to_string()).unwrap();
    }
    world
}

fn data(world: &World) -> TransferData {
    TransferData::new(world.emulator.collection_a(), world.emulator.collection_b()).label("planned")
}

fn items(count: usize) -> impl Iterator<Item = TransferItem> + Send + 'static {
    (0..count).map(|i| TransferItem::new(format!("/many/{i}"), format!("/copied/{i}")))
}

fn copied(world: &World, count: usize) {
    for number in 0..count {
        let path = world.emulator.collection_b_dir().join("copied").join(number.to_string());
        assert_eq!(fs::read_to_string(path).unwrap(), number.to_string());
    }
}

async fn all_succeed(tasks: TaskSet, transfer: &TransferClient) -> usize {
    let mut watch = tasks.watch(transfer).polling_interval(Duration::from_millis(20));
    let mut ended = 0;
    while let Some(end) = watch.try_next().await.unwrap() {
        let outcome = end.outcome.unwrap();
        assert!(outcome.is_success(), "{outcome}");
        ended += 1;
    }
    ended
}

#[tokio::test]
async fn all_items_of_a_plan_arrive_in_tasks_that_are_watched_together() {
    let world = world_with(World::new().await, 50);
    let transfer = world.transfer();
    let mut submissions =
        transfer.submit_plan(TransferPlan::from_iter(data(&world), items(50)).max_items(20));
    let mut tasks = TaskSet::new();
    while let Some(submission) = submissions.try_next().await.unwrap() {
        tasks.insert(&submission.response);
    }
    assert_eq!(all_succeed(tasks, &transfer).await, 3);
    copied(&world, 50);
    assert_eq!(world.count("GET", "/v0.10/submission_id"), 3);
    assert!(world.emulator.requests().iter().all(|seen| !seen.path.starts_with("/v0.10/task/")));
}

#[tokio::test]
async fn a_plan_that_was_cut_off_is_resumed_without_a_second_task() {
    let world = world_with(World::new().await, 30);
    let transfer = world.transfer();
    let (lines, written) = std::sync::mpsc::channel();
    let plan = TransferPlan::from_iter(data(&world), items(30)).max_items(10).in_flight(1);
    let plan =
        plan.record(move |entry| std::future::ready(lines.send(serde_json::to_string(&entry).unwrap())));
    let mut submissions = transfer.submit_plan(plan);
    assert!(submissions.try_next().await.unwrap().is_some());
    // The second submission is on its way when the process is gone.
    let hang = FaultAction::delay(Duration::from_secs(3600));
    world.emulator.inject(Fault::on("/v0.10/transfer", hang).once()).unwrap();
    let wait = tokio::time::timeout(Duration::from_millis(300), submissions.try_next()).await;
    assert!(wait.is_err());
    drop(submissions);

    let lines = written.try_iter();
    let journal: PlanJournal = lines.map(|line| serde_json::from_str::<PlanEntry>(&line).unwrap()).collect();
    assert_eq!((journal.len(), journal.tasks().len()), (2, 1));
    let transfer = world.transfer();
    let mut submissions =
        transfer.submit_plan(TransferPlan::from_iter(data(&world), items(30)).max_items(10).resume(journal));
    while submissions.try_next().await.unwrap().is_some() {}
    assert_eq!(all_succeed(submissions.journal().tasks(), &transfer).await, 3);
    let tasks = transfer.task_list().filter("label:planned").items().try_collect().await.unwrap();
    assert_eq!(tasks.len(), 3);
    copied(&world, 30);
}

#[tokio::test]
async fn a_restart_between_submission_and_wait_leaves_one_task_and_its_outcome() {
    let world = world_with(World::new().await, 1);
    let id = world.transfer().get_submission_id().await.unwrap().value;
    let document = || data(&world).items(items(1)).submission_id(&id);
    // Accepted, but the answer breaks off; then the process ends.
    world.emulator.inject(Fault::on("/v0.10/transfer", FaultAction::Truncate).once()).unwrap();
    let lost = world.transfer().submit_transfer(document()).with_max_retries(0).await;
    assert!(lost.is_err());

    let transfer = world.transfer();
    let response = transfer.submit_transfer(document()).await.unwrap();
    assert!(response.is_duplicate());
    let stored = serde_json::to_string(&TaskSet::from_iter([&response])).unwrap();
    drop(transfer);

    // Another restart, now with the task's id.
    let transfer = world.transfer();
    let tasks: TaskSet = serde_json::from_str(&stored).unwrap();
    assert_eq!(tasks.iter().next().unwrap().submission_id.as_ref(), Some(&id));
    assert_eq!(all_succeed(tasks, &transfer).await, 1);
    assert_eq!(transfer.task_list().items().try_collect().await.unwrap().len(), 1);
}

#[tokio::test]
async fn two_hundred_running_tasks_are_watched_with_two_calls_a_round() {
    let world = World::new().await;
    let transfer = world.transfer();
    let plan = (0..200).map(|i| TransferItem::new("/share/godata/file1.txt", format!("/many/{i}")));
    let mut submissions =
        transfer.submit_plan(TransferPlan::from_iter(data(&world), plan).max_items(1).in_flight(8));
    while submissions.try_next().await.unwrap().is_some() {}
    let mut watch = submissions.journal().tasks().watch(&transfer);
    let began = std::time::Instant::now();
    let mut ended = 0;
    while let Some(end) = watch.try_next().await.unwrap() {
        assert!(end.outcome.unwrap().is_success());
        ended += 1;
    }
    assert_eq!(ended, 200);
    // Looks are at least a tenth of a second apart.
    let rounds = 1 + began.elapsed().as_millis() / 100;
    let calls = world.count("GET", "/v0.10/task_list");
    assert!(calls as u128 <= 2 * rounds, "{calls} calls in {rounds} rounds");
}

#[tokio::test]
async fn a_wait_tells_what_happens_and_then_the_outcome() {
    let world = world_with(World::new().await, 3);
    let transfer = world.transfer();
    let task = transfer.submit_transfer(data(&world).items(items(3))).await.unwrap();
    let mut updates = transfer.task_wait(&task.task_id).polling_interval(Duration::from_millis(20)).updates();
    let mut codes = Vec::new();
    let outcome = loop {
        match updates.try_next().await.unwrap().unwrap() {
            TaskProgress::Event(event) => codes.push(event.code),
            TaskProgress::Outcome(outcome) => break outcome,
            _ => {}
        }
    };
    assert!(outcome.is_success(), "{outcome}");
    let mut listed = transfer.task_event_list(&task.task_id).items().try_collect().await.unwrap();
    listed.reverse();
    assert_eq!(codes, listed.into_iter().map(|event| event.code).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_task_without_a_source_is_cancelled_when_it_stalls() {
    let world = World::new().await;
    let transfer = world.transfer();
    let task = transfer.submit_transfer(data(&world).item("/no/such", "/x")).await.unwrap();
    let outcome = transfer.task_wait(&task.task_id).cancel_when_stalled(true).await.unwrap();
    assert!(matches!(outcome, TaskOutcome::Stalled { canceled: true, .. }), "{outcome}");
    assert!(matches!(transfer.task_wait(&task.task_id).await.unwrap(), TaskOutcome::Failed(_)));
}
