use globus_services::ErrorKind;
use globus_services::transfer::{EndpointSearchScope, FileType, TaskStatus};
use serde_json::json;

use crate::support::{server, transfer};

/// The path and query that a request would send, without the server's address.
macro_rules! wire {
    ($server:expr, $request:expr) => {
        $request.wire().unwrap().url().strip_prefix(&$server.url()).unwrap().to_owned()
    };
}

#[tokio::test]
async fn parameters_are_sent_in_the_spelling_of_the_service() {
    let server = server().await;
    let client = transfer(&server);
    assert_eq!(wire!(server, client.get_endpoint("e")), "/v0.10/endpoint/e");
    assert_eq!(
        wire!(
            server,
            client
                .endpoint_search()
                .filter_scope(EndpointSearchScope::MyEndpoints)
                .filter_fulltext("genomics")
                .filter_owner_id("o")
                .filter_host_endpoint("h")
                .filter_non_functional(true)
                .filter_entity_type("GCSv5_mapped_collection")
                .limit(10)
                .offset(20)
        ),
        "/v0.10/endpoint_search?filter_scope=my-endpoints&filter_fulltext=genomics&filter_owner_id=o\
         &filter_host_endpoint=h&filter_non_functional=1&filter_entity_type=GCSv5_mapped_collection&limit=10&offset=20"
    );
    assert_eq!(
        wire!(
            server,
            client
                .operation_ls("e")
                .path("/~/data")
                .show_hidden(false)
                .orderby(["type", "name DESC"])
                .filter(["name:a", "size:>0/type:dir,file"])
                .local_user("me")
        ),
        "/v0.10/operation/endpoint/e/ls?path=%2F~%2Fdata&show_hidden=0&orderby=type%2Cname+DESC&filter=name%3Aa\
         &filter=size%3A%3E0%2Ftype%3Adir%2Cfile&local_user=me"
    );
    assert_eq!(
        wire!(server, client.task_list().filter("status:ACTIVE").orderby(["request_time DESC"])),
        "/v0.10/task_list?filter=status%3AACTIVE&orderby=request_time+DESC"
    );
    assert_eq!(wire!(server, client.task_event_list("t").limit(1)), "/v0.10/task/t/event_list?limit=1");
    assert_eq!(
        wire!(server, client.operation_stat("e").path("/a+b")),
        "/v0.10/operation/endpoint/e/stat?path=%2Fa%2Bb"
    );
    assert_eq!(wire!(server, client.cancel_task("t")), "/v0.10/task/t/cancel");
    assert_eq!(wire!(server, client.get_submission_id()), "/v0.10/submission_id");
}

#[tokio::test]
async fn mkdir_sends_a_document() {
    let mut server = server().await;
    let mkdir = server
        .mock("POST", "/v0.10/operation/endpoint/e/mkdir")
        .match_body(mockito::Matcher::Json(
            json!({"DATA_TYPE": "mkdir", "path": "/~/dä ta", "local_user": "me"}),
        ))
        .with_status(202)
        .with_body(r#"{"DATA_TYPE": "mkdir_result", "code": "DirectoryCreated"}"#)
        .create_async()
        .await;
    let result = transfer(&server).operation_mkdir("e", "/~/dä ta").local_user("me").await.unwrap();
    assert_eq!(result.code, "DirectoryCreated");
    mkdir.assert_async().await;
}

#[tokio::test]
async fn documents_are_typed_and_keep_what_is_not_known() {
    let mut server = server().await;
    let task = json!({"task_id": "t", "status": "FROZEN", "type": "TRANSFER", "files": 3, "label": null, "new": [1]});
    server.mock("GET", "/v0.10/task/t").with_body(task.to_string()).create_async().await;
    let task_read = transfer(&server).get_task("t").await.unwrap();
    assert_eq!(task_read.status, Some(TaskStatus::Unknown("FROZEN".into())));
    assert_eq!((task_read.files, task_read.extra.get("new")), (Some(3), Some(&json!([1]))));
    assert_eq!(serde_json::to_value(&task_read).unwrap(), task);

    let file =
        json!({"name": "a.txt", "type": "file", "size": 4, "last_modified": "2023-12-18 16:52:50+00:00"});
    server.mock("GET", "/v0.10/operation/endpoint/e/stat").with_body(file.to_string()).create_async().await;
    let file = transfer(&server).operation_stat("e").await.unwrap();
    assert_eq!((file.file_type, file.size), (Some(FileType::File), Some(4)));
    assert!(file.last_modified.unwrap().to_system_time().is_some());
}

#[tokio::test]
async fn an_error_of_the_service_says_what_was_done_and_why_it_failed() {
    let mut server = server().await;
    let body =
        json!({"code": "ClientError.NotFound", "message": "Directory '/no' not found", "request_id": "r1"});
    server
        .mock("GET", "/v0.10/operation/endpoint/e/ls?path=%2Fno")
        .with_status(404)
        .with_header("content-type", "application/json")
        .with_body(body.to_string())
        .create_async()
        .await;
    let error = transfer(&server).operation_ls("e").path("/no").await.unwrap_err();
    assert!(error.is_not_found() && error.kind() == ErrorKind::Api);
    let text = error.to_string();
    for part in ["operation_ls", "ClientError.NotFound", "Directory '/no' not found", "404", "r1"] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
}

#[tokio::test]
async fn a_missing_consent_is_named() {
    let mut server = server().await;
    let scope =
        "urn:globus:auth:scope:transfer.api.globus.org:all[*https://auth.globus.org/scopes/c/data_access]";
    let body = json!({"code": "ConsentRequired", "message": "Missing required data_access consent", "required_scopes": [scope]});
    server
        .mock("GET", "/v0.10/operation/endpoint/c/ls")
        .with_status(403)
        .with_header("content-type", "application/json")
        .with_body(body.to_string())
        .create_async()
        .await;
    let error = transfer(&server).operation_ls("c").await.unwrap_err();
    assert_eq!(error.api().unwrap().consent_required(), Some(vec![scope.to_owned()]));
    assert!(error.needs_login());
}
