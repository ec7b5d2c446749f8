//! How many connections there are, and who waits for one.

use std::time::Duration;

use globus_transport::{ErrorKind, Settings, Transport};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::hostile::{Calm, Server, dropped, hangs, said, said_then_hangs, say, serves};
use crate::{builder, get, post};

/// All at once; each succeeds at the first attempt.
async fn call(transport: &Transport, url: &str, calls: usize) {
    let mut tasks = JoinSet::new();
    for _ in 0..calls {
        let (transport, request) = (transport.clone(), get(url));
        tasks.spawn(async move { transport.send(request).await.unwrap().attempts() });
    }
    while let Some(attempts) = tasks.join_next().await {
        assert_eq!(attempts.unwrap(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_calls_at_once_succeed_and_connections_do_not_grow_with_them() {
    let server = Server::new([serves(200, "{}")]).await;
    let transport = Transport::builder().settings(Settings::default()).proxy_from_env(false).build().unwrap();
    call(&transport, &server.url, 10_000).await;
    // A hundred, as a rule; twice as many at most while some are being made, and a few more that the server did not see end.
    let most = server.most_connections();
    assert!((90..=250).contains(&most), "{most}");
    assert_eq!(server.arrived(), 10_000);
}

/// Where connecting takes longer than a call, the HTTP stack would begin a new connection with each call.
#[cfg(feature = "rustls")]
#[tokio::test]
async fn a_slow_handshake_does_not_pile_up_connections() {
    let server = crate::tls::Patient::new().await;
    let transport =
        builder().add_root_certificates(server.ca_pem.clone()).max_connections_per_host(10).build().unwrap();
    call(&transport, &server.url, 1_000).await;
    assert!(server.accepted() <= 20, "{}", server.accepted());
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_connection_counts_to_the_time_of_the_call_and_is_said() {
    let calm = Calm::new();
    let server = Server::in_virtual_time(&calm, [hangs()]).await;
    let transport = builder().max_connections_per_host(1).max_retries(0).build().unwrap();
    let slow = transport.send(get(&server.url).with_attempt_timeout(Duration::from_secs(300)));
    let hurried = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let request = get(&server.url).with_attempt_timeout(Duration::from_secs(5));
        calm.watch(transport.send(request.with_timeout(Duration::from_secs(30)))).await
    };
    let (slow, hurried) = tokio::join!(calm.watch(slow), hurried);
    assert_eq!(slow.unwrap_err().elapsed().as_secs(), 300);
    let error = hurried.unwrap_err();
    assert_eq!((error.kind(), error.elapsed().as_secs()), (ErrorKind::Timeout, 30));
    assert_eq!(
        error.to_string().replace(&server.url, "http://host"),
        "transfer operation_ls (GET http://host/ls): none of the 1 connections to 127.0.0.1 that this transport may have was \
         free within the time of the call; start fewer calls at once, or raise max_connections_per_host"
    );
    assert_eq!(server.arrived(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_place_is_given_back_whatever_becomes_of_the_call() {
    let calm = Calm::new();
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{";
    for script in [
        dropped(),
        hangs(),
        said_then_hangs(half),
        said_then_hangs("HTT"),
        say(500, "", "{}"),
        say(302, "", ""),
    ] {
        let server = Server::in_virtual_time(&calm, [script, say(200, "", "{}")]).await;
        let transport = builder().max_connections_per_host(1).max_retries(0).build().unwrap();
        let request = get(&server.url).with_attempt_timeout(Duration::from_secs(60));
        assert!(calm.watch(transport.send(request.clone())).await.is_err());
        let started = Instant::now();
        assert!(calm.watch(transport.send(request)).await.is_ok());
        assert_eq!(started.elapsed(), Duration::ZERO);
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_that_does_not_answer_holds_up_no_other() {
    let calm = Calm::new();
    let (silent, well) = (
        Server::in_virtual_time(&calm, [hangs()]).await,
        Server::in_virtual_time(&calm, [serves(200, "{}")]).await,
    );
    let transport = builder().max_connections_per_host(2).build().unwrap();
    let mut waiting = JoinSet::new();
    for _ in 0..10 {
        let (transport, request) = (transport.clone(), get(&silent.url));
        waiting.spawn(async move { transport.send(request).await.is_ok() });
    }
    while silent.arrived() < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(calm.watch(transport.send(get(&well.url))).await.unwrap().status(), 200);
    assert_eq!(silent.connections(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_was_closed_while_nobody_used_it_is_not_used_for_an_unsafe_request() {
    let calm = Calm::new();
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    let server = Server::in_virtual_time(&calm, [said(answer)]).await;
    let transport = builder().build().unwrap();
    for _ in 0..10 {
        assert_eq!(calm.watch(transport.send(post(&server.url))).await.unwrap().attempts(), 1);
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert_eq!((server.arrived(), server.connections()), (10, 10));
}

#[tokio::test]
async fn a_transport_without_connections_is_refused() {
    for places in [0, usize::MAX] {
        let error = builder().max_connections_per_host(places).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage, "{error}");
    }
}
