//! What an error of the HTTP stack means: its kind, whether the request may have arrived, and the words for it.

use std::{error, io};

use url::Url;

use super::{Error, ErrorKind};
use crate::base_url::is_loopback;

/// What is known about the request after a failure below HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// It never left: sending it again cannot do anything twice.
    Never,
    /// It never left, for nothing listens on this machine: a server that is being started again comes back within a second, and
    /// one that was forgotten does not.
    NeverHere,
    /// It may have arrived and may have been carried out.
    Perhaps,
    /// It will fail in the same way each time.
    Hopeless,
}

/// Turns an error of the HTTP stack, for a request to `url`, into ours.
pub(crate) fn classify(err: reqwest::Error, url: &Url) -> (Error, Sent) {
    let host = url.host_str().unwrap_or("the service");
    if let Some(reason) = crate::tls::failure_in_words(&err, host) {
        return (Error::from_network(ErrorKind::Tls, reason, err), Sent::Hopeless);
    }
    if err.is_connect() && has_tunnel(&err) {
        let message = format!(
            "the proxy on the way to {host} cannot be reached, or does not let requests through; check HTTPS_PROXY, ALL_PROXY and \
             NO_PROXY"
        );
        return (Error::from_network(ErrorKind::Connect, message, err), Sent::Never);
    }
    if err.is_dns() {
        // The resolver says "try again" in words only.
        if deepest(&err).to_string().contains("emporary failure") {
            let message = format!(
                "the address of {host} cannot be looked up at the moment; check the network connection"
            );
            return (Error::from_network(ErrorKind::HostNotFound, message, err).transient(true), Sent::Never);
        }
        let message = format!("the host {host} was not found; check its name and the network connection");
        return (Error::from_network(ErrorKind::HostNotFound, message, err), Sent::Hopeless);
    }
    if err.is_connect() {
        return if err.is_timeout() {
            let message =
                format!("connecting to {host} timed out; check the network, a firewall may be in the way");
            (Error::from_network(ErrorKind::Timeout, message, err), Sent::Never)
        } else if io_kind(&err) == Some(io::ErrorKind::ConnectionRefused) {
            let message =
                format!("{host} refused the connection; nothing listens there, or a firewall is in the way");
            let sent = if is_loopback(url) { Sent::NeverHere } else { Sent::Never };
            (Error::from_network(ErrorKind::Connect, message, err), sent)
        } else {
            (
                Error::from_network(
                    ErrorKind::Connect,
                    format!("no connection to {host} could be made"),
                    err,
                )
                .advise("check the network, and the proxy if there is one"),
                Sent::Never,
            )
        };
    }
    if err.is_builder() {
        return (
            Error::from_network(ErrorKind::Usage, "the request cannot be sent".to_owned(), err),
            Sent::Hopeless,
        );
    }
    if err.is_timeout() {
        let message = format!("{host} stopped answering");
        return (
            Error::from_network(ErrorKind::Timeout, message, err).advise("try again later"),
            Sent::Perhaps,
        );
    }
    if let Some(reason) = not_http(&err, host) {
        return (Error::from_network(ErrorKind::Network, reason, err).transient(false), Sent::Hopeless);
    }
    (broken_off(err, host), Sent::Perhaps)
}

/// Whether it was on the way to, or in, the tunnel that a proxy was asked for. Only the words say so.
fn has_tunnel(err: &reqwest::Error) -> bool {
    chain(err).any(|err| err.to_string().starts_with("tunnel error"))
}

/// Whoever does not speak HTTP will not learn it.
fn not_http(err: &reqwest::Error, host: &str) -> Option<String> {
    let err = chain(err).find_map(|err| err.downcast_ref::<hyper::Error>())?;
    // The question for it is there only for servers. Should the words change, the answer below has to do.
    if err.is_parse() && err.to_string().contains("head is too large") {
        return Some(format!("the head of the answer of {host} is larger than any service needs"));
    }
    err.is_parse().then(|| {
        format!("{host} answered with something that is not HTTP; check the address, and whether it wants https://")
    })
}

fn broken_off(err: reqwest::Error, host: &str) -> Error {
    let message = if err.is_body() || err.is_decode() {
        format!("the answer of {host} broke off")
    } else {
        format!("the connection to {host} broke off before the answer")
    };
    Error::from_network(ErrorKind::Network, message, err).advise("try again later")
}

/// The innermost error: the operating system's, the TLS library's, or the HTTP parser's own words.
pub(crate) fn deepest(err: &reqwest::Error) -> &(dyn error::Error + 'static) {
    chain(err).last().unwrap_or(err)
}

/// The error and all below it.
pub(crate) fn chain(err: &reqwest::Error) -> impl Iterator<Item = &(dyn error::Error + 'static)> {
    std::iter::successors(Some(err as &(dyn error::Error + 'static)), |err| err.source())
}

fn io_kind(err: &reqwest::Error) -> Option<io::ErrorKind> {
    chain(err).find_map(|err| err.downcast_ref::<io::Error>()).map(io::Error::kind)
}
