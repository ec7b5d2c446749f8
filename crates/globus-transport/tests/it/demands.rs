//! Demands for another login, which the authorizer may meet.

use std::sync::Arc;
use std::time::Duration;

use globus_auth_core::LoginDemand;
use globus_transport::{Error, ErrorKind, HttpRequest};

use crate::hostile::{Script, Server, say};
use crate::scripted::{Behaviour, Scripted};
use crate::{get, post, transport};

const CONSENT: &str =
    r#"{"code": "ConsentRequired", "message": "more, please", "required_scopes": ["s[t]"]}"#;
const SESSION: &str =
    r#"{"code": "AuthorizationRequired", "authorization_parameters": {"session_required_mfa": true}}"#;

struct Sent {
    result: Result<u16, Error>,
    /// The tokens that arrived.
    tokens: Vec<String>,
    demands: Vec<LoginDemand>,
}

async fn send(request: fn(&str) -> HttpRequest, behaviour: Behaviour, steps: Vec<Script>) -> Sent {
    let peer = Server::new(steps).await;
    let authorizer = Arc::new(Scripted::with(behaviour));
    let request = request(&peer.url).with_authorizer(authorizer.clone());
    let result = transport().send(request).await.map(|response| response.status());
    let demands = authorizer.demands.lock().unwrap().clone();
    Sent { result, tokens: peer.tokens(), demands }
}

#[tokio::test(start_paused = true)]
async fn a_demand_that_is_met_is_followed_by_the_same_request_with_the_new_token() {
    for (status, body) in [(401, CONSENT), (403, CONSENT), (401, SESSION), (403, SESSION)] {
        // Nothing was carried out, so that this goes for what must not be repeated, too.
        for request in [get, post] {
            let sent =
                send(request, Behaviour::LogsIn, vec![say(status, "", body), say(200, "", "{}")]).await;
            assert_eq!(sent.result.unwrap(), 200);
            assert_eq!(sent.tokens, ["token-0", "token-1"]);
            let [demand] = &sent.demands[..] else { panic!("{:?}", sent.demands) };
            match body {
                CONSENT => assert_eq!(demand.required_scopes, ["s[t]"]),
                _ => assert_eq!(demand.session_required_mfa, Some(true)),
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_goes_on_demanding_is_obeyed_once() {
    let sent = send(post, Behaviour::LogsIn, vec![say(403, "", CONSENT)]).await;
    let error = sent.result.unwrap_err();
    assert!(error.needs_login());
    assert_eq!((error.status(), error.attempts()), (Some(403), 2));
    assert_eq!((sent.tokens.len(), sent.demands.len()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_demand_counts_as_no_retry_and_comes_after_one_as_well() {
    let steps = vec![say(503, "", "{}"), say(403, "", CONSENT), say(503, "", "{}"), say(200, "", "{}")];
    let sent = send(get, Behaviour::LogsIn, steps).await;
    assert_eq!(sent.result.unwrap(), 200);
    assert_eq!(sent.tokens, ["token-0", "token-0", "token-1", "token-1"]);
    let without_retries = |url: &str| get(url).with_max_retries(0);
    let steps = vec![say(403, "", CONSENT), say(200, "", "{}")];
    assert_eq!(send(without_retries, Behaviour::LogsIn, steps).await.result.unwrap(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_demand_that_is_not_met_is_the_callers() {
    let sent = send(post, Behaviour::Renews, vec![say(403, "", CONSENT), say(200, "", "{}")]).await;
    let error = sent.result.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(403)));
    assert_eq!(sent.demands, [error.api().unwrap().auth_requirement().unwrap().login_demand()]);
    assert_eq!(sent.tokens.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_login_that_fails_is_told_with_what_the_service_had_answered() {
    let sent = send(get, Behaviour::DoesNotLogIn, vec![say(403, "", CONSENT)]).await;
    let error = sent.result.unwrap_err();
    assert!(error.needs_login() && sent.tokens.len() == 1, "{error}");
    let told = error.to_string();
    assert!(told.contains("nobody logged in") && told.contains("more, please"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn a_login_takes_no_longer_than_the_call_may() {
    let limited = |url: &str| get(url).with_timeout(Duration::from_secs(3600));
    let start = tokio::time::Instant::now();
    let sent = send(limited, Behaviour::NeverAnswers, vec![say(403, "", CONSENT)]).await;
    let error = sent.result.unwrap_err();
    assert_eq!((error.kind(), sent.tokens.len()), (ErrorKind::Timeout, 1));
    assert!(error.to_string().contains("demands another login"), "{error}");
    assert_eq!(start.elapsed().as_secs(), 3600);
}

#[tokio::test(start_paused = true)]
async fn only_what_our_own_token_was_answered_is_a_demand() {
    for (status, body) in [(400, CONSENT), (404, SESSION), (403, "{}"), (403, "<html>ConsentRequired</html>")]
    {
        let sent = send(get, Behaviour::LogsIn, vec![say(status, "", body)]).await;
        assert_eq!((sent.tokens.len(), sent.demands.len()), (1, 0), "{status} {body}");
    }
    // Behind a redirect to another place no token is sent, and nobody logs in for that place.
    let elsewhere = Server::new([say(403, "", CONSENT)]).await;
    let location = format!("Location: {}/other\r\n", elsewhere.url);
    let sent = send(get, Behaviour::LogsIn, vec![say(302, &location, "")]).await;
    assert!(sent.result.is_err() && sent.demands.is_empty());
}
