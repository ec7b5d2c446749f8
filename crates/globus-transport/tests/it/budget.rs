//! What all calls of a transport may retry together.

use std::time::Duration;

use globus_transport::{ErrorKind, Transport};

use crate::hostile::{Server, serves};
use crate::{builder, get};

fn eager() -> Transport {
    builder().max_backoff(Duration::ZERO).build().unwrap()
}

/// Makes `calls` calls, `at_once` of them at a time. All fail, or none.
async fn call(transport: &Transport, server: &Server, calls: usize, at_once: usize, well: bool) {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..at_once {
        let (transport, request) = (transport.clone(), get(&server.url));
        tasks.spawn(async move {
            for _ in 0..calls / at_once {
                let result = transport.send(request.clone()).await;
                assert_eq!(result.is_ok(), well);
                assert!(result.err().is_none_or(|error| error.kind() == ErrorKind::Api));
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_failing_calls_make_a_hundred_requests_more_and_none_more_afterwards() {
    for at_once in [1, 50] {
        let (transport, server) = (eager(), Server::new([serves(500, "{}")]).await);
        call(&transport, &server, 1000, at_once, false).await;
        assert_eq!(server.arrived(), 1100, "{at_once} at a time");
        call(&transport, &server, 1000, at_once, false).await;
        assert_eq!(server.arrived(), 2100, "{at_once} at a time, once it is spent");
    }
}

#[tokio::test(start_paused = true)]
async fn throttling_that_never_ends_is_not_answered_by_more_and_more_requests() {
    let (transport, server) = (eager(), Server::new([serves(429, "{}")]).await);
    call(&transport, &server, 1000, 50, false).await;
    assert_eq!(server.arrived(), 2000);
    call(&transport, &server, 1000, 50, false).await;
    assert_eq!(server.arrived(), 3000, "once it is spent");
}

#[tokio::test(start_paused = true)]
async fn healthy_traffic_earns_it_again() {
    let transport = eager();
    let (down, up) = (Server::new([serves(502, "{}")]).await, Server::new([serves(200, "{}")]).await);
    call(&transport, &down, 1000, 50, false).await;
    call(&transport, &up, 300, 50, true).await;
    call(&transport, &down, 1000, 50, false).await;
    assert_eq!(down.arrived(), 1000 + 100 + 1000 + 30);
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_was_waited_for_in_vain_costs_nothing() {
    let transport = builder().max_retries(1).build().unwrap();
    let server = Server::new([serves(500, "{}")]).await;
    for _ in 0..300 {
        // Gives up in the middle of the wait before the retry.
        let mut call = Box::pin(transport.send(get(&server.url)));
        let before = server.arrived();
        while server.arrived() == before {
            tokio::select! { _ = &mut call => break, () = tokio::task::yield_now() => {} }
        }
        for _ in 0..20 {
            tokio::select! { biased; () = tokio::task::yield_now() => {}, _ = &mut call => break }
        }
    }
    let before = server.arrived();
    assert!(transport.send(get(&server.url)).await.unwrap_err().attempts() == 2);
    assert_eq!(server.arrived(), before + 2);
}
