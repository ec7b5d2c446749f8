use globus_services::transfer::{DeleteData, TransferData};
use mockito::{Matcher, ServerGuard};
use serde_json::json;

use crate::support::{server, transfer};

async fn submission_id(server: &mut ServerGuard, id: &str) -> mockito::Mock {
    let body = json!({"value": id}).to_string();
    server.mock("GET", "/v0.10/submission_id").with_body(body).expect(1).create_async().await
}

async fn accept(server: &mut ServerGuard, path: &str, id: &str, code: &str) -> mockito::Mock {
    server
        .mock("POST", path)
        .match_body(Matcher::PartialJson(json!({"submission_id": id})))
        .with_status(202)
        .with_body(json!({"task_id": "t1", "submission_id": id, "code": code}).to_string())
        .expect(1)
        .create_async()
        .await
}

#[tokio::test]
async fn a_submission_takes_its_id_before_it_is_sent() {
    let mut server = server().await;
    let fetched = submission_id(&mut server, "s1").await;
    let accepted = accept(&mut server, "/v0.10/transfer", "s1", "Accepted").await;
    let task = transfer(&server).submit_transfer(TransferData::new("a", "b").item("/x", "/y")).await.unwrap();
    assert_eq!(task.task_id, "t1");
    assert!(!task.is_duplicate());
    fetched.assert_async().await;
    accepted.assert_async().await;
}

#[tokio::test]
async fn a_submission_with_an_id_keeps_it_and_may_be_a_duplicate() {
    let mut server = server().await;
    let duplicate = accept(&mut server, "/v0.10/delete", "mine", "Duplicate").await;
    let data = DeleteData::new("a").item("/x").submission_id("mine");
    assert!(transfer(&server).submit_delete(data).await.unwrap().is_duplicate());
    duplicate.assert_async().await;
}

#[tokio::test]
async fn a_changed_document_gets_a_new_id() {
    let mut server = server().await;
    let fetched = submission_id(&mut server, "fresh").await;
    let accepted = accept(&mut server, "/v0.10/transfer", "fresh", "Accepted").await;
    let data = TransferData::new("a", "b").item("/x", "/y").submission_id("used").item("/new", "/new");
    transfer(&server).submit_transfer(data).await.unwrap();
    fetched.assert_async().await;
    accepted.assert_async().await;
}

#[tokio::test]
async fn a_submission_may_be_sent_again_because_its_id_makes_it_recognisable() {
    let server = server().await;
    let wire =
        transfer(&server).submit_transfer(TransferData::new("a", "b").submission_id("s")).wire().unwrap();
    assert_eq!(wire.idempotency(), globus_transport::Idempotency::Keyed);
}

#[tokio::test]
async fn a_refused_submission_says_why() {
    let mut server = server().await;
    submission_id(&mut server, "s1").await;
    let body = json!({"code": "ClientError.BadRequest.NoTransferItems", "message": "A transfer requires at least one item"});
    server
        .mock("POST", "/v0.10/transfer")
        .with_status(400)
        .with_header("content-type", "application/json")
        .with_body(body.to_string())
        .create_async()
        .await;
    let error = transfer(&server).submit_transfer(TransferData::new("a", "b")).await.unwrap_err();
    assert_eq!(error.api().unwrap().code(), Some("ClientError.BadRequest.NoTransferItems"));
}

#[tokio::test]
async fn call_settings_hold_for_the_submission_id_as_well() {
    let mut server = server().await;
    let fetched = server
        .mock("GET", "/v0.10/submission_id")
        .match_header("x-trace", "1")
        .with_body(r#"{"value": "s"}"#);
    let fetched = fetched.create_async().await;
    let accepted = accept(&mut server, "/v0.10/transfer", "s", "Accepted").await;
    let data = TransferData::new("a", "b").item("/x", "/y");
    let timeout = std::time::Duration::from_secs(20);
    transfer(&server).submit_transfer(data).with_header("X-Trace", "1").with_timeout(timeout).await.unwrap();
    fetched.assert_async().await;
    accepted.assert_async().await;
}
