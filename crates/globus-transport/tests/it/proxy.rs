use std::process::Command;
use std::sync::Arc;

use globus_authorizers::AccessTokenAuthorizer;
use globus_transport::{Settings, Transport};

use crate::get;
use crate::hostile::{Server, say};

/// Set in the process that has the proxy in its environment.
const CHILD: &str = "TEST_BEHIND_PROXY";

#[tokio::test]
async fn requests_to_this_machine_never_go_through_a_proxy() {
    if std::env::var_os(CHILD).is_some() {
        return behind_the_proxy().await;
    }
    let proxy = Server::new([say(200, "", "{}")]).await;
    let url = proxy.url.clone();
    let child = tokio::task::spawn_blocking(move || {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "proxy::requests_to_this_machine_never_go_through_a_proxy"]).env(CHILD, "1");
        for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            child.env(name, &url);
        }
        child.env_remove("NO_PROXY").env_remove("no_proxy").output()
    });
    let child = child.await.unwrap().unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
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
