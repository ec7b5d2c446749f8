//! There is nobody to talk to.

use globus_transport::ErrorKind::{Connect, HostNotFound};
#[cfg(feature = "rustls")]
use globus_transport::ErrorKind::{Timeout, Tls};

use super::*;
#[cfg(feature = "rustls")]
use crate::hostile::{Act, answer};

#[tokio::test(start_paused = true)]
async fn what_never_arrived_is_tried_again_whatever_it_is() {
    let refused = "127.0.0.1 refused the connection; nothing listens there, or a firewall is in the way [after 5 attempts]";
    check([fault("is not started", []).at(Place::Nobody).all(5, 0.0..=1.0, Connect, refused)]).await;
}

#[tokio::test(start_paused = true)]
async fn a_name_without_an_address_fails_at_once() {
    let unknown = format!(
        "the host {}.invalid was not found; check its name and the network connection",
        "a".repeat(64)
    );
    check([fault("does not exist", []).at(Place::UnknownHost).all(1, AT_ONCE, HostNotFound, &unknown)]).await;
}

#[cfg(feature = "rustls")]
#[tokio::test(start_paused = true)]
async fn before_the_end_of_the_handshake_nothing_was_sent() {
    let (make, tls) =
        ("no connection to 127.0.0.1 could be made", "no secure connection to 127.0.0.1 could be made");
    let make = format!("{make}; check the network, and the proxy if there is one [after 6 attempts]");
    let slow = "connecting to 127.0.0.1 timed out; check the network, a firewall may be in the way [after 6 attempts]";
    let tls = format!("{tls}; does it speak TLS?");
    let plain = || Act::Say(answer(400, "", "{}").into());
    check([
        fault("closes before the handshake", [vec![]]).at(Place::ServerByTls).all(
            6,
            0.0..=BACKOFF,
            Connect,
            &make,
        ),
        fault("closes within the handshake", [vec![Act::ReadSome]]).at(Place::ServerByTls).all(
            6,
            0.0..=BACKOFF,
            Connect,
            &make,
        ),
        fault("resets within the handshake", [vec![Act::ReadSome, Act::Reset]]).at(Place::ServerByTls).all(
            6,
            0.0..=BACKOFF,
            Connect,
            &make,
        ),
        fault("is silent in the handshake", [vec![Act::Hang]]).at(Place::ServerByTls).all(
            6,
            60.0..=60.0 + BACKOFF,
            Timeout,
            slow,
        ),
        fault("speaks HTTP without TLS", [vec![Act::ReadSome, plain()]])
            .at(Place::ServerByTls)
            .all(1, AT_ONCE, Tls, &tls),
    ])
    .await;
}
