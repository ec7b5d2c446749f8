use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use globus_transport::ErrorKind;

use crate::hostile::{Script, Server, say};
use crate::scripted::{Behaviour, Scripted};
use crate::{builder, get, post, transport};

async fn send(
    behaviour: Behaviour,
    steps: Vec<Script>,
) -> (Result<u16, globus_transport::Error>, Vec<String>, usize) {
    let peer = Server::new(steps).await;
    let authorizer = Arc::new(Scripted::with(behaviour));
    let request = get(&peer.url).with_authorizer(authorizer.clone());
    let result = transport().send(request).await.map(|response| response.status());
    (result, peer.tokens(), authorizer.refusals.load(Ordering::SeqCst))
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_renewed_once_and_the_call_succeeds() {
    let (result, sent, refusals) =
        send(Behaviour::Renews, vec![say(401, "", "{}"), say(200, "", "{}")]).await;
    assert_eq!(result.unwrap(), 200);
    assert_eq!((sent, refusals), (vec!["token-0".into(), "token-1".into()], 1));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_after_another_failure_is_renewed_as_well() {
    let steps = vec![say(503, "", "{}"), say(401, "", "{}"), say(200, "", "{}")];
    let (result, sent, _) = send(Behaviour::Renews, steps).await;
    assert_eq!(result.unwrap(), 200);
    assert_eq!(sent, ["token-0", "token-0", "token-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_second_refusal_is_the_callers_and_asks_for_a_login() {
    let (result, sent, refusals) = send(Behaviour::Renews, vec![say(401, "", "{}")]).await;
    let error = result.unwrap_err();
    assert_eq!((error.kind(), error.status(), error.attempts()), (ErrorKind::Api, Some(401), 2));
    assert!(error.needs_login() && !error.is_transient());
    assert_eq!((sent.len(), refusals), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_renewal_does_not_count_as_a_retry() {
    let peer = Server::new([say(401, "", "{}"), say(200, "", "{}")]).await;
    let request = post(&peer.url).with_authorizer(Arc::new(Scripted::default())).with_max_retries(0);
    assert_eq!(transport().send(request).await.unwrap().attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_fixed_token_is_not_sent_twice() {
    let (result, sent, refusals) = send(Behaviour::Fixed, vec![say(401, "", "{}")]).await;
    assert_eq!(result.unwrap_err().attempts(), 1);
    assert_eq!((sent.len(), refusals), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_demand_for_consent_is_not_taken_for_a_refused_token() {
    for body in [
        r#"{"code": "ConsentRequired", "required_scopes": ["s"]}"#,
        r#"{"code": "X", "authorization_parameters": {"session_required_mfa": true}}"#,
    ] {
        let (result, sent, refusals) = send(Behaviour::Renews, vec![say(401, "", body)]).await;
        assert!(result.unwrap_err().needs_login());
        assert_eq!((sent.len(), refusals), (1, 0), "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_forbidden_call_is_not_renewed() {
    let (result, sent, refusals) = send(Behaviour::Renews, vec![say(403, "", "{}")]).await;
    assert_eq!(result.unwrap_err().status(), Some(403));
    assert_eq!((sent.len(), refusals), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn without_a_token_nothing_is_sent() {
    let (result, sent, _) = send(Behaviour::LoggedOut, vec![say(200, "", "{}")]).await;
    let error = result.unwrap_err();
    assert!(error.kind() == ErrorKind::LoginRequired && error.needs_login() && error.attempts() == 0);
    assert!(sent.is_empty());
    assert!(error.to_string().ends_with(": no tokens are stored for transfer.api.globus.org: log in first"));
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_token_ends_with_the_call() {
    let authorizer = Arc::new(Scripted::with(Behaviour::Stalls));
    let request = get("http://127.0.0.1:9").with_authorizer(authorizer).with_timeout(Duration::from_secs(20));
    let error = builder().build().unwrap().send(request).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0));
    assert_eq!(error.elapsed(), Duration::from_secs(20));
}
