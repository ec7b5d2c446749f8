//! Clients of a scripted server.

use globus_authorizers::AccessTokenAuthorizer;
use globus_services::ServiceClient;
use globus_services::groups::GroupsClient;
use globus_services::transfer::TransferClient;
use globus_transport::Transport;
use mockito::{Server, ServerGuard};

pub(crate) const TOKEN: &str = "AgTestToken";

pub(crate) async fn server() -> ServerGuard {
    globus_test_support::record_log();
    Server::new_async().await
}

/// A client without pauses between tries, so that a test of a failure takes no time.
fn client<C: ServiceClient>(server: &ServerGuard) -> C {
    let transport = Transport::builder().max_retries(0).build().unwrap();
    C::builder()
        .base_url(server.url())
        .transport(transport)
        .authorizer(AccessTokenAuthorizer::new(TOKEN))
        .build()
        .unwrap()
}

pub(crate) fn transfer(server: &ServerGuard) -> TransferClient {
    client(server)
}

pub(crate) fn groups(server: &ServerGuard) -> GroupsClient {
    client(server)
}
