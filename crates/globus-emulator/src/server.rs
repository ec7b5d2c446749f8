//! The server: takes connections, reads requests from them, and sends what they are answered.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::response::Response;
use http::StatusCode;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::exchange::{Dropped, Exchange};
use crate::http as web;

/// The URL of a server that listens there, as programs reach it.
pub(crate) fn origin(address: SocketAddr, name: Option<&String>) -> String {
    let port = address.port();
    match (name, address.ip()) {
        (Some(name), _) => format!("http://{name}:{port}"),
        (None, IpAddr::V4(ip)) if ip.is_unspecified() => format!("http://127.0.0.1:{port}"),
        (None, IpAddr::V6(ip)) if ip.is_unspecified() => format!("http://[::1]:{port}"),
        (None, _) => format!("http://{address}"),
    }
}

/// Serves until told to stop; then requests in progress are cut off.
pub(crate) async fn serve(exchange: Exchange, listener: TcpListener, mut stop: watch::Receiver<bool>) {
    tokio::spawn(crate::transfer::watch_pauses(Arc::clone(exchange.app())));
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = async { drop(stop.wait_for(|stop| *stop).await) } => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(exchange.clone(), stream));
                }
                // Out of descriptors, most likely: others will end soon.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    exchange.app().stop();
    connections.shutdown().await;
}

async fn connection(exchange: Exchange, stream: TcpStream) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| handle(&exchange, request));
    // Ends with an error when the client goes away or a fault wants it so: nothing that anybody could act on.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn handle(exchange: &Exchange, request: http::Request<Incoming>) -> Result<Response, Dropped> {
    let (parts, body) = request.into_parts();
    match to_bytes(Body::new(body), web::MAX_BODY).await {
        Ok(body) => exchange.answer(parts, body).await,
        Err(_) => Ok(web::text(StatusCode::PAYLOAD_TOO_LARGE, "The request is too large")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_is_one_that_programs_can_reach() {
        let url = |address: &str, name: Option<&str>| {
            origin(address.parse().unwrap(), name.map(str::to_owned).as_ref())
        };
        assert_eq!(url("127.0.0.1:80", None), "http://127.0.0.1:80");
        assert_eq!(url("0.0.0.0:80", None), "http://127.0.0.1:80");
        assert_eq!(url("[::]:80", None), "http://[::1]:80");
        assert_eq!(url("[fd00::1]:80", None), "http://[fd00::1]:80");
        assert_eq!(url("0.0.0.0:80", Some("globus")), "http://globus:80");
    }
}
