//! Renewal in the background, while the token is still good.

use globus_auth_core::ExchangeErrorKind;
use globus_authorizers::{Authorizer, RefreshTokenAuthorizer};

use crate::support::{Answer, FakeAuth, LIFE, authorizer, clock, seconds, settle, token_of};

/// An authorizer whose token is inside its early window, and the clock at that time.
async fn in_the_window(auth: &FakeAuth, clock: &globus_auth_core::ManualClock) -> RefreshTokenAuthorizer {
    let authorizer = authorizer(auth, clock).with_refresh_ahead(seconds(600));
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
    clock.advance(seconds(LIFE - 500));
    authorizer
}

#[tokio::test]
async fn the_old_token_is_served_while_one_renewal_runs() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = in_the_window(&auth, &clock).await;
    auth.close_gate();
    for _ in 0..50 {
        assert_eq!(token_of(&authorizer).await, "AgAccess1");
        settle().await;
    }
    assert_eq!(auth.calls(), 2);
    auth.open_gate();
    settle().await;
    assert_eq!(token_of(&authorizer).await, "AgAccess2");
    assert_eq!(auth.calls(), 2);
}

#[tokio::test]
async fn reading_the_current_header_starts_it_too() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = in_the_window(&auth, &clock).await;
    assert!(authorizer.current_header().is_some());
    settle().await;
    assert_eq!(auth.calls(), 2);
}

#[tokio::test]
async fn who_only_looks_at_the_held_header_begins_nothing_and_is_told_whether_all_is_settled() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = in_the_window(&auth, &clock).await;
    let held = authorizer.held_header().unwrap();
    settle().await;
    assert!(authorizer.is_settled() && auth.calls() == 1);
    auth.close_gate();
    assert_eq!(authorizer.current_header(), Some(held.clone()));
    assert!(!authorizer.is_settled());
    assert_eq!(authorizer.held_header(), Some(held));
    auth.open_gate();
    authorizer.settle().await;
    assert!(authorizer.is_settled() && auth.calls() == 2);
}

#[test]
fn outside_of_a_runtime_the_token_is_only_served() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let authorizer = runtime.block_on(in_the_window(&auth, &clock));
    assert!(authorizer.current_header().is_some());
    assert!(authorizer.current_header().is_some());
    assert_eq!(auth.calls(), 1);
    // Inside one again, it is not forgotten.
    runtime.block_on(async {
        authorizer.current_header();
        settle().await;
    });
    assert_eq!(auth.calls(), 2);
}

#[tokio::test]
async fn a_failure_is_no_error_while_the_token_lives_and_is_tried_again_after_a_pause() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = in_the_window(&auth, &clock).await;
    auth.next_answer(Answer::Fail(ExchangeErrorKind::Transient));
    auth.next_answer(Answer::Fail(ExchangeErrorKind::Transient));
    for _ in 0..10 {
        assert_eq!(token_of(&authorizer).await, "AgAccess1");
        settle().await;
    }
    assert_eq!(auth.calls(), 2);
    for (pause, calls) in [(4, 2), (1, 3), (9, 3), (1, 4)] {
        clock.advance(seconds(pause));
        token_of(&authorizer).await;
        settle().await;
        assert_eq!(auth.calls(), calls);
    }
    assert_eq!(token_of(&authorizer).await, "AgAccess4");
}

#[tokio::test]
async fn a_token_that_ends_during_the_renewal_makes_callers_wait_for_it() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = in_the_window(&auth, &clock).await;
    auth.close_gate();
    token_of(&authorizer).await;
    settle().await;
    clock.advance(seconds(500));
    let waiting = tokio::spawn(async move { token_of(&authorizer).await });
    settle().await;
    assert!(!waiting.is_finished());
    auth.open_gate();
    assert_eq!(waiting.await.unwrap(), "AgAccess2");
    assert_eq!(auth.calls(), 2);
}

#[tokio::test]
async fn a_clock_that_is_set_back_during_a_renewal_begins_no_second_one() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = authorizer(&auth, &clock).with_refresh_ahead(seconds(600));
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
    auth.close_gate();
    clock.advance(seconds(LIFE));
    let waiting = tokio::spawn({
        let authorizer = authorizer.clone();
        async move { token_of(&authorizer).await }
    });
    settle().await;
    clock.set(globus_auth_core::UnixTime::from_seconds(1_700_000_000));
    clock.advance(seconds(LIFE - 500));
    assert!(authorizer.current_header().is_some());
    settle().await;
    auth.open_gate();
    assert_eq!(waiting.await.unwrap(), "AgAccess2");
    assert_eq!(auth.calls(), 2);
}

#[tokio::test]
async fn a_window_longer_than_the_life_of_the_tokens_does_not_renew_with_every_request() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = authorizer(&auth, &clock).with_refresh_ahead(seconds(10 * LIFE));
    for _ in 0..10 {
        assert_eq!(token_of(&authorizer).await, "AgAccess1");
        settle().await;
    }
    assert_eq!(auth.calls(), 1);
    // In the second half of its life it is due.
    clock.advance(seconds(LIFE / 2 + LIFE / 20));
    token_of(&authorizer).await;
    settle().await;
    assert_eq!(token_of(&authorizer).await, "AgAccess2");
    assert_eq!(auth.calls(), 2);
}
