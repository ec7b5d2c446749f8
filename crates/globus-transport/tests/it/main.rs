//! The transport against real connections.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod authorization;
mod budget;
mod cancel;
mod chain;
mod connections;
mod demands;
mod faults;
mod headers;
mod hostile;
mod limits;
mod messages;
mod properties;
mod proxy;
mod redirects;
mod requirements;
mod retries;
mod runtimes;
mod safety;
mod scripted;
#[cfg(feature = "rustls")]
mod tls;
mod traces;

use globus_transport::{HttpRequest, Method, Service, Settings, Transport, TransportBuilder};

/// A transport without timeouts and without the surroundings' settings: where time is paused, a timer would run out while
/// a real connection is waited for.
fn builder() -> TransportBuilder {
    globus_test_support::record_log();
    Transport::builder()
        .settings(Settings::default())
        .proxy_from_env(false)
        .connect_timeout(None)
        .attempt_timeout(None)
        .timeout(None)
}

fn transport() -> Transport {
    builder().build().unwrap()
}

fn get(url: &str) -> HttpRequest {
    HttpRequest::new(Service::Transfer, "operation_ls", Method::Get, format!("{url}/ls"))
}

fn post(url: &str) -> HttpRequest {
    HttpRequest::new(Service::Transfer, "submit_transfer", Method::Post, format!("{url}/submit"))
}

/// An address where nothing listens.
async fn nobody() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
