use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use globus_services::transfer::requests::TaskWait;
use globus_services::transfer::{Task, TaskOutcome};
use mockito::{Matcher, ServerGuard};
use serde_json::{Value, json};

use crate::support::{server, transfer};

/// Answers the polls in turn, and the rest with the last. The count of polls is given back.
async fn polls(server: &mut ServerGuard, answers: Vec<Value>) -> Arc<AtomicUsize> {
    let count = Arc::new(AtomicUsize::new(0));
    let seen = count.clone();
    server
        .mock("GET", "/v0.10/task/t")
        .with_body_from_request(move |_| {
            let poll = seen.fetch_add(1, Ordering::SeqCst);
            answers[poll.min(answers.len() - 1)].to_string().into_bytes()
        })
        .expect_at_least(1)
        .create_async()
        .await;
    count
}

fn wait(server: &ServerGuard) -> TaskWait {
    transfer(server)
        .task_wait("t")
        .polling_interval(Duration::from_millis(10))
        .timeout(Duration::from_secs(20))
}

fn active() -> Value {
    json!({"task_id": "t", "status": "ACTIVE", "nice_status": "OK", "faults": 0})
}

#[tokio::test]
async fn a_task_that_succeeds_is_a_success_and_progress_is_seen() {
    let mut server = server().await;
    let count =
        polls(&mut server, vec![active(), active(), json!({"task_id": "t", "status": "SUCCEEDED"})]).await;
    let seen = Arc::new(AtomicUsize::new(0));
    let observed = seen.clone();
    let count_polls = move |_: &Task| {
        observed.fetch_add(1, Ordering::SeqCst);
    };
    let outcome = wait(&server).on_progress(count_polls).await.unwrap();
    assert!(outcome.is_success());
    assert_eq!((count.load(Ordering::SeqCst), seen.load(Ordering::SeqCst)), (3, 3));
}

#[tokio::test]
async fn a_task_that_failed_says_why() {
    let mut server = server().await;
    let failed = json!({"task_id": "t", "status": "FAILED", "fatal_error": {"code": "CANCELED", "description": "canceled by its owner"}});
    polls(&mut server, vec![failed]).await;
    let outcome = wait(&server).await.unwrap();
    assert!(matches!(outcome, TaskOutcome::Failed(_)) && !outcome.is_success());
    assert_eq!(outcome.to_string(), "task t failed: canceled by its owner");
}

#[tokio::test]
async fn an_inactive_task_is_neither_done_nor_failed() {
    let mut server = server().await;
    polls(&mut server, vec![json!({"task_id": "t", "status": "INACTIVE", "nice_status": "AUTH_REQUIRED"})])
        .await;
    assert!(matches!(wait(&server).await.unwrap(), TaskOutcome::Inactive(_)));
}

#[tokio::test]
async fn a_missing_path_stalls_the_task_and_its_last_fault_is_told() {
    let mut server = server().await;
    let stalled = json!({"task_id": "t", "status": "ACTIVE", "nice_status": "FILE_NOT_FOUND", "faults": 1});
    let count = polls(&mut server, vec![active(), stalled]).await;
    let event = json!({"DATA": [{"code": "FILE_NOT_FOUND", "is_error": true, "description": "No such file /x"}], "total": 1});
    let filter = Matcher::UrlEncoded("filter".into(), "is_error:1".into());
    server
        .mock("GET", "/v0.10/task/t/event_list")
        .match_query(filter)
        .with_body(event.to_string())
        .create_async()
        .await;
    let outcome = wait(&server).await.unwrap();
    let TaskOutcome::Stalled { fault, .. } = &outcome else { panic!("{outcome:?}") };
    assert_eq!(fault.as_ref().unwrap().code, "FILE_NOT_FOUND");
    assert_eq!(
        outcome.to_string(),
        "task t makes no progress: No such file /x; fix this, or cancel the task"
    );
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_stalled_task_is_told_even_when_its_events_cannot_be_read() {
    let mut server = server().await;
    polls(
        &mut server,
        vec![json!({"task_id": "t", "status": "ACTIVE", "nice_status": "FILE_NOT_FOUND", "faults": 1})],
    )
    .await;
    let events = server.mock("GET", "/v0.10/task/t/event_list").match_query(Matcher::Any).with_status(500);
    events.create_async().await;
    let outcome = wait(&server).await.unwrap();
    assert!(matches!(outcome, TaskOutcome::Stalled { fault: None, .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_fault_that_may_heal_is_waited_out() {
    let mut server = server().await;
    let faulty = json!({"task_id": "t", "status": "ACTIVE", "nice_status": "CONNECT_FAILED", "faults": 5});
    polls(&mut server, vec![faulty, json!({"task_id": "t", "status": "SUCCEEDED"})]).await;
    assert!(wait(&server).await.unwrap().is_success());
}

#[tokio::test]
async fn the_time_is_up_by_the_clock_and_the_last_state_is_told() {
    let mut server = server().await;
    polls(&mut server, vec![active()]).await;
    let outcome = wait(&server).timeout(Duration::from_millis(50)).await.unwrap();
    let TaskOutcome::TimedOut { task } = outcome else { panic!("{outcome:?}") };
    assert_eq!(task.unwrap().task_id, "t");
}

#[tokio::test]
async fn a_poll_that_fails_for_a_passing_reason_is_made_again() {
    let mut server = server().await;
    let broken = server.mock("GET", "/v0.10/task/t").with_status(503).expect(2).create_async().await;
    let waiting = tokio::spawn(std::future::IntoFuture::into_future(wait(&server)));
    while !broken.matched_async().await {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    polls(&mut server, vec![json!({"task_id": "t", "status": "SUCCEEDED"})]).await;
    broken.remove_async().await;
    assert!(waiting.await.unwrap().unwrap().is_success());
}

#[tokio::test]
async fn a_task_that_does_not_exist_ends_the_wait() {
    let mut server = server().await;
    server.mock("GET", "/v0.10/task/t").with_status(404).create_async().await;
    assert!(wait(&server).await.unwrap_err().is_not_found());
}
