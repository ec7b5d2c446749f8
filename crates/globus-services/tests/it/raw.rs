use std::future::IntoFuture;

use globus_transport::Method;
use serde_json::{Value, json};

use crate::support::{TOKEN, server, transfer};

#[tokio::test]
async fn a_route_without_a_method_is_reached_with_the_same_authorization() {
    let mut server = server().await;
    let route = server
        .mock("POST", "/v0.10/new_route?x=a+b")
        .match_header("authorization", &*format!("Bearer {TOKEN}"))
        .match_header("content-type", "application/json")
        .match_body(mockito::Matcher::Json(json!({"k": 1})))
        .with_body(r#"{"answer": 42}"#)
        .create_async()
        .await;
    let client = transfer(&server);
    let request = client.request(Method::Post, "v0.10/new_route").query("x", "a b").json(&json!({"k": 1}));
    let answer: Value = request.await.unwrap().json().unwrap();
    assert_eq!(answer["answer"], 42);
    route.assert_async().await;
}

#[tokio::test]
async fn an_id_that_would_change_the_route_is_refused_before_anything_is_sent() {
    let server = server().await;
    let error = transfer(&server).get_task("..").await.unwrap_err();
    assert_eq!(error.kind(), globus_services::ErrorKind::Usage);
    assert!(error.to_string().contains("`..` is not a usable task_id"), "{error}");
    let wire = transfer(&server).get_task("a/../b").wire().unwrap();
    assert!(wire.url().ends_with("/v0.10/task/a%2F..%2Fb"), "{}", wire.url());
}

#[tokio::test]
async fn call_settings_do_not_collide_with_what_the_service_is_asked_for() {
    let server = server().await;
    let timeout = std::time::Duration::from_secs(3);
    let request = transfer(&server)
        .operation_ls("e")
        .path("/a")
        .with_query_param("path", "/b")
        .with_timeout(timeout)
        .with_max_retries(0)
        .with_header("X-Test", "1");
    let wire = request.wire().unwrap();
    assert!(wire.url().ends_with("/ls?path=%2Fb"), "{}", wire.url());
    assert_eq!((wire.timeout(), wire.max_retries()), (Some(timeout), Some(0)));
    assert!(wire.headers().any(|(name, value)| name.eq_ignore_ascii_case("x-test") && value == "1"));
}

#[test]
fn clients_and_requests_can_be_shared_and_sent_from_any_task() {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    fn sent<T: Send + 'static>(_: T) {}
    shared::<globus_services::transfer::TransferClient>();
    shared::<globus_services::groups::GroupsClient>();
    shared::<globus_services::auth::AuthClient>();
    shared::<globus_services::auth::NativeAppAuthClient>();
    shared::<globus_services::auth::ConfidentialAppAuthClient>();
    let client =
        globus_services::transfer::TransferClient::builder().base_url("http://127.0.0.1:1/").build().unwrap();
    sent(client.task_wait("1"));
    sent(client.endpoint_search().items());
    sent(client.get_task("1").into_future());
}

#[tokio::test]
async fn a_form_is_sent_as_one_and_a_path_takes_no_query() {
    let mut server = server().await;
    let route = server
        .mock("POST", "/v0.10/form")
        .match_body("token=a%26b&include=x")
        .with_body("{}")
        .create_async()
        .await;
    let client = transfer(&server);
    client.request(Method::Post, "v0.10/form").form([("token", "a&b"), ("include", "x")]).await.unwrap();
    route.assert_async().await;
    let error = client.request(Method::Get, "v0.10/x?token=secret").await.unwrap_err();
    assert!(
        error.kind() == globus_services::ErrorKind::Usage && !error.to_string().contains("secret"),
        "{error}"
    );
}

#[tokio::test]
async fn debug_of_a_request_shows_names_and_no_values() {
    let server = server().await;
    let client = transfer(&server);
    let raw = client.request(Method::Post, "v0.10/x").query("q", "AgQuery").json(&json!({"b": "AgBody"}));
    let raw = raw.with_header("Authorization", "Bearer AgHeader");
    let listing = client.operation_ls("e").path("AgPath").with_header("X-Key", "AgHeader").items();
    let submission =
        client.submit_transfer(globus_services::transfer::TransferData::new("a", "b").label("AgLabel"));
    let shown = format!("{raw:?} {listing:?} {submission:?} {:?}", raw.wire().unwrap());
    assert!(shown.contains("Authorization") && shown.contains("operation_ls"));
    for secret in ["AgQuery", "AgBody", "AgHeader", "AgPath", "AgLabel"] {
        assert!(!shown.contains(secret), "{secret} is in {shown}");
    }
}
