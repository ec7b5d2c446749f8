//! Many tasks watched together, and one watched closely, in paused time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use globus_services::transfer::{TaskOutcome, TaskProgress, TaskSet, TransferClient};
use serde_json::{Value, json};

use crate::scripted::{Arrival, Scripted, settle, transport};

/// Task documents by id; they change when they have been looked at often enough.
type Tasks = Arc<Mutex<BTreeMap<String, Value>>>;

fn task(id: &str, status: &str) -> Value {
    json!({"task_id": id, "status": status, "nice_status": "OK", "faults": 0})
}

/// Lists the tasks that the filter names.
fn answer(tasks: &Tasks, arrival: &Arrival) -> (u16, String) {
    let tasks = tasks.lock().unwrap();
    if let Some(id) = arrival.line.strip_prefix("GET /v0.10/task/") {
        return match tasks.get(id) {
            Some(task) => (200, task.to_string()),
            None => (404, json!({"code": "ClientError.NotFound", "message": "no such task"}).to_string()),
        };
    }
    let query = arrival.line.strip_prefix("GET /v0.10/task_list?filter=task_id%3A").unwrap();
    let (ids, limit) = query.split_once("&limit=").unwrap();
    let found: Vec<_> = ids.split("%2C").filter_map(|id| tasks.get(id)).cloned().collect();
    assert!(found.len() <= limit.parse().unwrap() && arrival.line.len() < 4000);
    (200, json!({"DATA": found, "total": found.len()}).to_string())
}

async fn serve(tasks: &Tasks) -> (Scripted, TransferClient) {
    let tasks = Arc::clone(tasks);
    start(move |arrival| answer(&tasks, arrival)).await
}

async fn start(script: impl FnMut(&Arrival) -> (u16, String) + Send + 'static) -> (Scripted, TransferClient) {
    let server = Scripted::start(script).await;
    let client = TransferClient::builder().base_url(server.url()).transport(transport()).build().unwrap();
    (server, client)
}

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("00000000-0000-4000-8000-{number:012}")).collect()
}

#[tokio::test(start_paused = true)]
async fn two_hundred_tasks_are_watched_with_two_calls_a_round_and_each_end_is_told_once() {
    let tasks: Tasks = Arc::default();
    tasks.lock().unwrap().extend(ids(200).into_iter().map(|id| (id.clone(), task(&id, "ACTIVE"))));
    let (server, client) = serve(&tasks).await;
    let set: TaskSet = ids(200).into_iter().map(globus_services::TaskId::from).collect();
    let mut watch = set.watch(&client).polling_interval(Duration::from_secs(1));
    let mut ended = BTreeSet::new();
    for end in [0..50_usize, 50..200] {
        // Nothing has ended: rounds go by.
        let before = server.lines().len();
        assert!(tokio::time::timeout(Duration::from_secs(20), watch.try_next()).await.is_err());
        let calls = server.lines().len() - before;
        assert!((10..=60).contains(&calls), "{calls} calls in twenty seconds");
        for id in &ids(200)[end.clone()] {
            tasks
                .lock()
                .unwrap()
                .insert(id.clone(), task(id, if end.start == 0 { "SUCCEEDED" } else { "FAILED" }));
        }
        for _ in end {
            let end = watch.try_next().await.unwrap().unwrap();
            assert_eq!(end.outcome.unwrap().is_success(), ended.len() < 50);
            assert!(ended.insert(end.handle.task_id.to_string()));
        }
        assert_eq!(watch.tasks().len(), 200 - ended.len());
    }
    assert!(watch.try_next().await.unwrap().is_none());
    assert_eq!(server.count("GET /v0.10/task/"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_set_that_was_stored_goes_on_after_a_restart() {
    let tasks: Tasks = Arc::default();
    for (id, status) in [("a", "SUCCEEDED"), ("b", "ACTIVE"), ("c", "INACTIVE")] {
        tasks.lock().unwrap().insert(id.to_owned(), task(id, status));
    }
    let (_server, client) = serve(&tasks).await;
    let set: TaskSet = ["a", "b", "c"].map(globus_services::TaskId::from).into_iter().collect();
    let mut watch = set.watch(&client);
    assert!(watch.try_next().await.unwrap().is_some());
    // `c` has ended as well, but that was not told.
    let stored = serde_json::to_string(watch.tasks()).unwrap();
    drop(watch);
    tasks.lock().unwrap().insert("b".to_owned(), task("b", "SUCCEEDED"));
    let set: TaskSet = serde_json::from_str(&stored).unwrap();
    assert_eq!(set.len(), 2);
    let mut watch = set.watch(&client);
    let mut ended = Vec::new();
    while let Some(end) = watch.try_next().await.unwrap() {
        ended.push((end.handle.task_id.to_string(), end.outcome.unwrap().is_success()));
    }
    assert_eq!(ended, [("b".to_owned(), true), ("c".to_owned(), false)]);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_is_not_there_ends_with_an_error_and_the_others_go_on() {
    let tasks: Tasks = Arc::default();
    tasks.lock().unwrap().insert("a".to_owned(), task("a", "SUCCEEDED"));
    let (_server, client) = serve(&tasks).await;
    let set: TaskSet = ["a", "gone"].map(globus_services::TaskId::from).into_iter().collect();
    let mut watch = set.watch(&client);
    assert!(watch.try_next().await.unwrap().unwrap().outcome.unwrap().is_success());
    assert!(watch.try_next().await.unwrap().unwrap().outcome.unwrap_err().is_not_found());
    assert!(watch.try_next().await.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn tasks_that_are_not_done_in_time_say_so_and_stay_in_the_set() {
    let tasks: Tasks = Arc::default();
    tasks.lock().unwrap().insert("a".to_owned(), task("a", "ACTIVE"));
    let (_server, client) = serve(&tasks).await;
    let mut set = TaskSet::new();
    set.insert(globus_services::transfer::TaskHandle::new("a").named("nightly"));
    let mut watch = set.watch(&client).timeout(Duration::from_secs(60));
    let began = tokio::time::Instant::now();
    let end = watch.try_next().await.unwrap().unwrap();
    assert!(matches!(end.outcome.unwrap(), TaskOutcome::TimedOut { .. }));
    assert_eq!((end.handle.name.as_deref(), began.elapsed().as_secs()), (Some("nightly"), 60));
    assert!(watch.try_next().await.unwrap().is_none());
    assert_eq!(watch.tasks().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_fails_for_a_passing_reason_is_made_again_and_one_that_fails_for_good_is_told() {
    let mut answers = vec![403, 503, 503];
    let script = move |arrival: &Arrival| match answers.pop() {
        Some(status) => (status, json!({"code": "X", "message": "x"}).to_string()),
        None => {
            assert!(arrival.line.contains("task_list"));
            (200, json!({"DATA": [task("a", "SUCCEEDED")], "total": 1}).to_string())
        }
    };
    let (server, client) = start(script).await;
    let set: TaskSet = [globus_services::TaskId::from("a")].into_iter().collect();
    let mut watch = set.watch(&client);
    assert_eq!(watch.try_next().await.unwrap_err().status(), Some(403));
    assert_eq!(server.lines().len(), 3);
    // The task is still in the set.
    assert!(watch.try_next().await.unwrap().unwrap().outcome.unwrap().is_success());
}

/// A task that has one more event at each look, and the newest first in its list.
fn eventful(looks: &mut u64, arrival: &Arrival) -> (u16, String) {
    if arrival.line == "GET /v0.10/task/t" {
        *looks += 1;
        let status = if *looks < 5 { "ACTIVE" } else { "SUCCEEDED" };
        return (200, json!({"task_id": "t", "status": status, "bytes_transferred": *looks / 2}).to_string());
    }
    // While it is listed, more happens.
    let total = *looks * 70;
    let number = |name: &str| {
        let (_, rest) = arrival.line.split_once(name).unwrap();
        rest.split('&').next().unwrap().parse::<u64>().unwrap()
    };
    let (offset, limit) = (number("offset="), number("limit="));
    let page: Vec<_> = (0..total)
        .rev()
        .skip(offset as usize)
        .take(limit as usize)
        .map(|n| json!({"code": n.to_string()}))
        .collect();
    (200, json!({"DATA": page, "total": total}).to_string())
}

#[tokio::test(start_paused = true)]
async fn every_event_comes_once_and_in_order_and_the_outcome_is_last() {
    let mut looks = 0;
    let (_server, client) = start(move |arrival| eventful(&mut looks, arrival)).await;
    let mut updates = client.task_wait("t").updates();
    let (mut events, mut seen) = (Vec::new(), Vec::new());
    let outcome = loop {
        match updates.try_next().await.unwrap().unwrap() {
            TaskProgress::State(task) => seen.push(task.bytes_transferred),
            TaskProgress::Event(event) => events.push(event.code.parse::<u64>().unwrap()),
            TaskProgress::Outcome(outcome) => break outcome,
            other => panic!("{other:?}"),
        }
    };
    assert!(outcome.is_success() && updates.try_next().await.unwrap().is_none());
    assert_eq!(events, (0..350).collect::<Vec<_>>());
    // A look at which nothing had changed is no progress.
    assert_eq!(seen, [Some(0), Some(1), Some(2), Some(2)]);
}

#[tokio::test(start_paused = true)]
async fn a_stalled_task_is_cancelled_when_that_is_wanted() {
    let stalled =
        json!({"task_id": "t", "status": "ACTIVE", "nice_status": "PERMISSION_DENIED", "faults": 3});
    let script = move |arrival: &Arrival| match arrival.line.as_str() {
        "GET /v0.10/task/t" => (200, stalled.to_string()),
        "POST /v0.10/task/t/cancel" => (200, json!({"code": "Canceled"}).to_string()),
        _ => (200, json!({"DATA": [], "total": 0}).to_string()),
    };
    let (server, client) = start(script).await;
    let outcome = client.task_wait("t").await.unwrap();
    assert!(matches!(outcome, TaskOutcome::Stalled { canceled: false, .. }));
    assert_eq!(server.count("POST"), 0);
    let outcome = client.task_wait("t").cancel_when_stalled(true).stall_after_faults(3).await.unwrap();
    assert!(matches!(outcome, TaskOutcome::Stalled { canceled: true, .. }));
    assert!(outcome.to_string().ends_with("it was cancelled"), "{outcome}");
    let patient = client.task_wait("t").stall_after_faults(4).timeout(Duration::from_secs(60)).await.unwrap();
    assert!(matches!(patient, TaskOutcome::TimedOut { .. }));
    settle().await;
    assert_eq!(server.count("POST"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_paused_task_is_told_or_waited_for() {
    let mut looks = 0;
    let script = move |_: &Arrival| {
        looks += 1;
        let status = if looks < 4 { "ACTIVE" } else { "SUCCEEDED" };
        (200, json!({"task_id": "t", "status": status, "is_paused": true}).to_string())
    };
    let (_server, client) = start(script).await;
    assert!(matches!(client.task_wait("t").await.unwrap(), TaskOutcome::Paused(_)));
    assert!(client.task_wait("t").wait_while_paused(true).await.unwrap().is_success());
}

#[tokio::test(start_paused = true)]
async fn an_inactive_task_says_which_login_it_waits_for() {
    let reason =
        json!({"code": "ConsentRequired", "required_scopes": ["urn:x"], "message": "consent, please"});
    let inactive = json!({"task_id": "t", "status": "INACTIVE", "nice_status_details": reason.to_string()});
    let (_server, client) = start(move |_| (200, inactive.to_string())).await;
    let requirement = client.task_wait("t").await.unwrap().auth_requirement().unwrap();
    assert_eq!(requirement.authorization_parameters.required_scopes.unwrap(), ["urn:x"]);
}
