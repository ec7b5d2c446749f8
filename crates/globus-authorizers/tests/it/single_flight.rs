//! One renewal for all who wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use globus_auth_core::{Clock, ExchangeErrorKind, ManualClock, UnixTime};
use globus_authorizers::{Authorizer, AuthorizerErrorKind};
use tokio::task::JoinSet;

use crate::support::{Answer, FakeAuth, LIFE, authorizer, clock, seconds, settle, token_of};

#[tokio::test]
async fn a_thousand_tasks_cost_one_exchange() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = authorizer(&auth, &clock);
    auth.close_gate();
    let mut tasks = JoinSet::new();
    for _ in 0..1000 {
        let authorizer = authorizer.clone();
        tasks.spawn(async move { token_of(&authorizer).await });
    }
    settle().await;
    auth.open_gate();
    assert!(tasks.join_all().await.iter().all(|token| token == "AgAccess1"));
    assert_eq!(auth.calls(), 1);
    assert!(authorizer.current_header().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_thousand_tasks_cost_one_exchange_however_long_it_takes() {
    for milliseconds in [0, 5, 50, 10_000] {
        let clock = clock();
        let answer = Answer::RotateAfter(Duration::from_millis(milliseconds));
        let auth = FakeAuth::new(&clock).answers([answer]);
        let authorizer = authorizer(&auth, &clock);
        let mut tasks = JoinSet::new();
        for _ in 0..1000 {
            let authorizer = authorizer.clone();
            tasks.spawn(async move { token_of(&authorizer).await });
        }
        assert!(tasks.join_all().await.iter().all(|token| token == "AgAccess1"));
        assert_eq!(auth.calls(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_tasks_on_many_threads_cost_one_exchange() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = authorizer(&auth, &clock);
    let mut tasks = JoinSet::new();
    for _ in 0..1000 {
        let authorizer = authorizer.clone();
        tasks.spawn(async move { token_of(&authorizer).await });
    }
    assert!(tasks.join_all().await.iter().all(|token| token == "AgAccess1"));
    assert_eq!(auth.calls(), 1);
}

#[tokio::test]
async fn making_an_authorizer_asks_nobody() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = authorizer(&auth, &clock);
    settle().await;
    assert_eq!((auth.calls(), authorizer.current_header()), (0, None));
}

#[tokio::test]
async fn a_given_access_token_is_used_until_a_minute_before_its_end() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let expires_at = clock.now().saturating_add(seconds(120));
    let authorizer =
        authorizer(&auth, &clock).with_access_token("AgGiven", expires_at).with_refresh_ahead(seconds(0));
    assert_eq!(token_of(&authorizer).await, "AgGiven");
    clock.advance(seconds(60));
    assert_eq!(token_of(&authorizer).await, "AgGiven");
    clock.advance(seconds(1));
    assert_eq!(authorizer.current_header(), None);
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
}

#[tokio::test]
async fn a_cancelled_waiter_cancels_nobody_else() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = authorizer(&auth, &clock);
    auth.close_gate();
    let spawn = || {
        let authorizer = authorizer.clone();
        tokio::spawn(async move { token_of(&authorizer).await })
    };
    let first = spawn();
    settle().await;
    let second = spawn();
    settle().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    auth.open_gate();
    assert_eq!(second.await.unwrap(), "AgAccess1");
    assert_eq!(auth.calls(), 1);
}

#[tokio::test]
async fn a_renewal_that_nobody_waits_for_any_more_is_still_used() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Rotate, Answer::Rotate]);
    let authorizer = authorizer(&auth, &clock);
    auth.close_gate();
    let only = tokio::spawn({
        let authorizer = authorizer.clone();
        async move { token_of(&authorizer).await }
    });
    settle().await;
    only.abort();
    auth.open_gate();
    settle().await;
    assert!(authorizer.current_header().is_some());
    clock.advance(seconds(LIFE));
    assert_eq!(token_of(&authorizer).await, "AgAccess2");
    assert_eq!(auth.refresh_tokens(), ["AgRefresh", "AgRotated1"]);
}

#[tokio::test]
async fn everyone_gets_the_same_failure_and_the_next_call_tries_again() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Fail(ExchangeErrorKind::Transient)]);
    let authorizer = authorizer(&auth, &clock);
    auth.close_gate();
    let mut tasks = JoinSet::new();
    for _ in 0..50 {
        let authorizer = authorizer.clone();
        tasks.spawn(async move { authorizer.authorization_header().await.unwrap_err() });
    }
    settle().await;
    auth.open_gate();
    for err in tasks.join_all().await {
        assert_eq!(err.kind(), AuthorizerErrorKind::Exchange);
        assert!(err.is_transient() && !err.needs_login());
        assert_eq!(err.to_string(), "no new access token for transfer.api.globus.org: failure 1");
        assert!(err.exchange_error().is_some());
    }
    assert_eq!(auth.calls(), 1);
    assert_eq!(token_of(&authorizer).await, "AgAccess2");
}

#[tokio::test]
async fn a_clock_that_is_set_back_changes_nothing() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = authorizer(&auth, &clock);
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
    clock.set(UnixTime::from_seconds(0));
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
    clock.set(UnixTime::from_seconds(1_700_000_000));
    clock.advance(seconds(LIFE));
    assert_eq!(token_of(&authorizer).await, "AgAccess2");
    settle().await;
    assert_eq!(auth.calls(), 2);
}

#[tokio::test]
async fn an_answer_for_another_service_is_an_error() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::TokensFor(vec!["groups.api.globus.org"])]);
    let err = authorizer(&auth, &clock).authorization_header().await.unwrap_err();
    assert_eq!(err.kind(), AuthorizerErrorKind::UnexpectedTokens);
    assert!(err.to_string().contains("[groups.api.globus.org]"), "{err}");
}

/// Says once that it is late, and then that it is not.
#[derive(Debug)]
struct LateOnce(ManualClock, AtomicBool);

impl Clock for LateOnce {
    fn now(&self) -> UnixTime {
        let now = self.0.now();
        if self.1.swap(false, Ordering::SeqCst) { now.saturating_add(seconds(LIFE)) } else { now }
    }
}

#[tokio::test]
async fn whoever_comes_when_the_renewal_has_just_ended_begins_no_other() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let late = Arc::new(LateOnce(clock.clone(), AtomicBool::new(false)));
    let authorizer = authorizer(&auth, &clock).with_clock(Arc::clone(&late));
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
    // The first look finds the token ended, the second, under the lock, finds a good one.
    late.1.store(true, Ordering::SeqCst);
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
    settle().await;
    assert_eq!(auth.calls(), 1);
}
