//! A call that is given up at any point leaves nothing behind.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use globus_transport::{HttpRequest, HttpResponse, Transport};

use crate::hostile::{Calm, Script, Server, hangs, said, say, serves};
use crate::scripted::Scripted;
use crate::{builder, get};

/// Polls `future` so many times at most, and drops it. Whether that was enough.
async fn polled<F: Future>(times: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = times;
    poll_fn(|context| {
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Gives a call up after one poll, after two, and so on until it comes to its end by itself, and says how many it took. After each, the next call must
/// succeed on the one connection that there may be.
async fn given_up_everywhere(
    scripts: impl Fn() -> Vec<Script>,
    request: impl Fn(&str) -> HttpRequest,
) -> usize {
    let calm = Calm::new();
    for times in 1..1_000 {
        let transport = builder().max_connections_per_host(1).max_backoff(Duration::ZERO).build().unwrap();
        let server = Server::in_virtual_time(&calm, scripts()).await;
        let well = Server::in_virtual_time(&calm, [serves(200, "{}")]).await;
        let ended = polled(times, transport.send(request(&server.url))).await;
        calm.watch(next_succeeds(&transport, &request(&well.url))).await;
        // Also where it was given up, as far as that server is willing.
        if let Some(result) = ended {
            assert!(result.is_ok());
            return times;
        }
        calm.watch(next_succeeds(&transport, &request(&server.url))).await;
    }
    usize::MAX
}

async fn next_succeeds(transport: &Transport, request: &HttpRequest) -> HttpResponse {
    transport.send(request.clone()).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_call_can_be_given_up_at_every_point_of_an_exchange() {
    let polls = given_up_everywhere(|| vec![serves(200, "{}")], get).await;
    assert!((3..100).contains(&polls), "{polls}");
}

#[tokio::test(start_paused = true)]
async fn a_call_can_be_given_up_at_every_point_of_a_retry() {
    let half = || said("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{");
    given_up_everywhere(move || vec![say(503, "", "{}"), half(), serves(200, "{}")], get).await;
}

#[tokio::test(start_paused = true)]
async fn a_call_can_be_given_up_at_every_point_of_a_redirect() {
    given_up_everywhere(|| vec![say(302, "Location: /there\r\n", "{}"), serves(200, "{}")], get).await;
}

#[tokio::test(start_paused = true)]
async fn a_renewal_is_not_lost_with_the_call_that_asked_for_it() {
    // One authorizer for all: what it was told by a call that was given up counts for the next one.
    let authorizer = Arc::new(Scripted::default());
    given_up_everywhere(
        || vec![say(401, "", "{}"), serves(200, "{}")],
        move |url| get(url).with_authorizer(authorizer.clone()),
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn whoever_gives_up_waiting_for_a_place_holds_up_nobody() {
    let calm = Calm::new();
    let server = Server::in_virtual_time(&calm, [hangs(), serves(200, "{}")]).await;
    let transport = builder().max_connections_per_host(1).max_retries(0).build().unwrap();
    let mut first = Box::pin(transport.send(get(&server.url)));
    while server.arrived() == 0 {
        let _ = polled(1, first.as_mut()).await;
        tokio::task::yield_now().await;
    }
    for _ in 0..20 {
        assert!(polled(1, transport.send(get(&server.url))).await.is_none());
    }
    drop(first);
    assert!(calm.watch(transport.send(get(&server.url))).await.is_ok());
}
