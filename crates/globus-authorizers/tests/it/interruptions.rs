//! Renewals that do not come to their end.

use std::sync::Arc;

use globus_authorizers::{Authorizer, AuthorizerErrorKind};

use crate::support::{Answer, FakeAuth, authorizer, clock, settle, token_of};

#[tokio::test]
async fn a_panic_in_the_exchange_is_an_error_and_the_next_call_tries_again() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Panic]);
    let authorizer = authorizer(&auth, &clock);
    let err = authorizer.authorization_header().await.unwrap_err();
    assert_eq!(err.kind(), AuthorizerErrorKind::Interrupted);
    assert!(err.is_transient());
    assert_eq!(token_of(&authorizer).await, "AgAccess2");
}

#[tokio::test(start_paused = true)]
async fn an_exchange_that_never_ends_is_given_up() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Hang]);
    let authorizer = authorizer(&auth, &clock);
    let err = authorizer.authorization_header().await.unwrap_err();
    assert!(err.to_string().contains("longer than five minutes"), "{err}");
    assert_eq!(token_of(&authorizer).await, "AgAccess2");
}

#[test]
fn the_end_of_a_runtime_wakes_those_who_wait_on_another() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Hang]);
    let authorizer = Arc::new(authorizer(&auth, &clock));
    let build = || tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let (one, two) = (build(), build());
    let first = Arc::clone(&authorizer);
    one.block_on(async move {
        tokio::spawn(async move { first.authorization_header().await });
        settle().await;
    });
    two.block_on(async move {
        let waiting = Arc::clone(&authorizer);
        let waiting = tokio::spawn(async move { waiting.authorization_header().await });
        settle().await;
        one.shutdown_background();
        let err = waiting.await.unwrap().unwrap_err();
        assert_eq!(err.kind(), AuthorizerErrorKind::Interrupted);
        assert_eq!(token_of(&authorizer).await, "AgAccess2");
    });
}

#[test]
fn without_a_runtime_there_is_an_error_and_no_panic() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = authorizer(&auth, &clock);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(Err(err)) = authorizer.authorization_header().as_mut().poll(&mut context)
    else {
        panic!("no error");
    };
    assert!(err.to_string().contains("no tokio runtime"), "{err}");
}
