use std::thread;

use globus_transport::{ErrorKind, Transport};

use crate::{get, transport};

/// A server with a thread of its own, that keeps connections open.
fn server() -> mockito::ServerGuard {
    let mut server = mockito::Server::new();
    server.mock("GET", "/ls").with_body("{}").create();
    server
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn a_runtime_that_is_gone_leaves_no_dead_connections() {
    let (server, transport) = (server(), transport());
    for _ in 0..30 {
        runtime().block_on(async {
            for _ in 0..3 {
                let response = transport.send(get(&server.url()).with_max_retries(0)).await.unwrap();
                assert_eq!(response.attempts(), 1);
            }
        });
    }
}

#[test]
fn a_runtime_that_nobody_drives_holds_no_connection_of_others() {
    let (server, transport) = (server(), transport());
    let (idle, busy) = (runtime(), runtime());
    idle.block_on(transport.send(get(&server.url()))).unwrap();
    // `idle` stands still from here on, with a pooled connection in it.
    busy.block_on(transport.send(get(&server.url()).with_max_retries(0))).unwrap();
    idle.block_on(transport.send(get(&server.url()).with_max_retries(0))).unwrap();
}

#[test]
fn many_runtimes_share_a_transport_at_once() {
    let (server, transport) = (server(), transport());
    let url = server.url();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                runtime().block_on(async {
                    for _ in 0..20 {
                        transport.send(get(&url)).await.unwrap();
                    }
                });
            });
        }
    });
}

#[test]
fn outside_a_runtime_there_is_an_error_and_no_panic() {
    let transport = transport();
    let mut sending = Box::pin(transport.send(get("http://127.0.0.1:1")));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(Err(error)) = sending.as_mut().poll(&mut context) else {
        panic!("it should fail at once")
    };
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(error.to_string().contains("inside a tokio runtime"), "{error}");
}

#[test]
fn the_shared_transport_is_shared() {
    let (one, two) = (Transport::shared().unwrap(), Transport::shared().unwrap());
    assert_eq!(format!("{one:?}"), format!("{two:?}"));
}

#[tokio::test]
async fn a_future_can_be_spawned_and_the_transport_sent_anywhere() {
    fn anywhere<T: Clone + Send + Sync + 'static>(_: &T) {}
    let transport = transport();
    anywhere(&transport);
    let sending =
        tokio::spawn(async move { transport.send(get("http://127.0.0.1:1").with_max_retries(0)).await });
    assert_eq!(sending.await.unwrap().unwrap_err().kind(), ErrorKind::Connect);
}
