use std::process::Command;
use std::sync::Arc;

use globus_authorizers::AccessTokenAuthorizer;
use globus_transport::{Settings, Transport};

use crate::get;
use crate::hostile::{Server, say};

/// Set in the process that has the proxy in its environment.
const CHILD: &str = "TEST_BEHIND_PROXY";

/// Runs a test of this file in a process of its own, with `proxy` for everything.
async fn behind(proxy: &str, test: &'static str) {
    let proxy = proxy.to_owned();
    let child = tokio::task::spawn_blocking(move || {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", test]).env(CHILD, "1");
        for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            child.env(name, &proxy);
        }
        child.env_remove("NO_PROXY").env_remove("no_proxy").output()
    });
    let child = child.await.unwrap().unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
}

#[tokio::test]
async fn requests_to_this_machine_never_go_through_a_proxy() {
    if std::env::var_os(CHILD).is_some() {
        return behind_the_proxy().await;
    }
    let proxy = Server::new([say(200, "", "{}")]).await;
    behind(&proxy.url, "proxy::requests_to_this_machine_never_go_through_a_proxy").await;
    // The proxy works: it got what was for another machine, and nothing else.
    let seen = proxy.requests();
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert!(seen[0].starts_with("GET http://service.invalid/ls "), "{seen:?}");
}

async fn behind_the_proxy() {
    let transport = Transport::builder().settings(Settings::default()).max_retries(0).build().unwrap();
    transport.send(get("http://service.invalid")).await.unwrap();
    let peer = Server::new([say(200, "", "{}")]).await;
    let port = peer.url.rsplit(':').next().unwrap();
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"] {
        let request = get(&format!("http://{host}:{port}"))
            .with_authorizer(Arc::new(AccessTokenAuthorizer::new("AgExample")));
        transport.send(request).await.unwrap();
    }
    assert_eq!(peer.requests().len(), 3);
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn a_proxy_that_cannot_be_used_is_named_as_the_cause() {
    const TEST: &str = "proxy::a_proxy_that_cannot_be_used_is_named_as_the_cause";
    if std::env::var_os(CHILD).is_some() {
        let transport = Transport::builder().settings(Settings::default()).max_retries(0).build().unwrap();
        let error = transport.send(get("https://service.invalid")).await.unwrap_err();
        crate::chain::assert_said_once(&error);
        assert_eq!((error.kind(), error.is_transient()), (globus_transport::ErrorKind::Connect, true));
        assert_eq!(
            error.to_string(),
            "transfer operation_ls (GET https://service.invalid/ls): the proxy on the way to service.invalid cannot be reached, \
             or does not let requests through; check HTTPS_PROXY, ALL_PROXY and NO_PROXY"
        );
        return;
    }
    let wants_a_password = Server::new([say(407, "Proxy-Authenticate: Basic\r\n", "{}")]).await;
    let forbids = Server::new([say(403, "", "{}")]).await;
    for proxy in [crate::nobody().await, wants_a_password.url.clone(), forbids.url.clone()] {
        behind(&proxy, TEST).await;
    }
    behind("http://no-such-proxy.invalid:3128", TEST).await;
    for server in [wants_a_password, forbids] {
        assert_eq!(server.requests().len(), 1);
        assert!(server.requests()[0].starts_with("CONNECT service.invalid:443 "));
    }
}
