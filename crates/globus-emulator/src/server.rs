//! The server: takes connections, reads requests from them, and sends what they are answered.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

use crate::exchange::{Dropped, Exchange};
use crate::http as web;

/// Most systems give a program 1,024 descriptors; the others are for files.
const MOST_CONNECTIONS: usize = 800;
/// How long a connection may be idle, and the head of a request may take.
const HEAD_TIME: Duration = Duration::from_secs(60);
/// How long the body of a request may take.
const BODY_TIME: Duration = Duration::from_secs(60);

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
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = async { drop(stop.wait_for(|stop| *stop).await) } => break,
            accepted = accept(&listener, &places) => match accepted {
                Ok((stream, place)) => {
                    let _ = stream.set_nodelay(true);
                    let exchange = exchange.clone();
                    connections.spawn(async move {
                        connection(stream, |request| handle(&exchange, request)).await;
                        drop(place);
                    });
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

/// The next connection, once there is a place for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> std::io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(std::io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    Ok((stream, place))
}

/// Answers what comes over one connection, until either side closes it.
async fn connection<A>(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    answer: impl Fn(http::Request<Incoming>) -> A,
) where
    A: Future<Output = Result<Response, Dropped>>,
{
    let mut server = hyper::server::conn::http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME);
    // Ends with an error when the client goes away or a fault wants it so: nothing that anybody could act on.
    let _ = server.serve_connection(TokioIo::new(stream), service_fn(answer)).await;
}

async fn handle(exchange: &Exchange, request: http::Request<Incoming>) -> Result<Response, Dropped> {
    let (parts, body) = request.into_parts();
    match whole(body).await {
        Ok(body) => exchange.answer(parts, body).await,
        Err(refusal) => Ok(refusal),
    }
}

/// All of a body, or what to say of one that is too large or too slow.
async fn whole(body: Incoming) -> Result<Bytes, Response> {
    match tokio::time::timeout(BODY_TIME, to_bytes(Body::new(body), web::MAX_BODY)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) => Err(web::text(StatusCode::PAYLOAD_TOO_LARGE, "The request is too large")),
        Err(_) => Err(web::text(StatusCode::REQUEST_TIMEOUT, "The request did not come to its end in time")),
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::Poll;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

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

    /// What a client gets that sends this, and then nothing more.
    async fn answered(request: &str) -> String {
        let (mut client, server) = tokio::io::duplex(4096);
        let answer = async |request: http::Request<Incoming>| {
            Ok(whole(request.into_body())
                .await
                .map_or_else(|refusal| refusal, |_| web::text(StatusCode::OK, "")))
        };
        let mut text = String::new();
        let ask = async {
            client.write_all(request.as_bytes()).await.unwrap();
            client.read_to_string(&mut text).await.unwrap();
        };
        tokio::join!(connection(server, answer), ask);
        text
    }

    #[tokio::test(start_paused = true)]
    async fn who_stops_in_the_middle_of_a_request_is_not_waited_for_for_ever() {
        let start = tokio::time::Instant::now();
        assert_eq!(answered("GET / HTTP/1.1\r\nHost: a\r\nX-Half: ").await, "");
        assert_eq!(start.elapsed().as_secs(), HEAD_TIME.as_secs());
        let start = tokio::time::Instant::now();
        let text = answered("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf").await;
        assert!(text.starts_with("HTTP/1.1 408 "), "{text}");
        assert!(start.elapsed() >= BODY_TIME);
        let text =
            answered("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfull")
                .await;
        assert!(text.starts_with("HTTP/1.1 200 "), "{text}");
    }

    #[tokio::test]
    async fn a_connection_waits_until_there_is_a_place_for_it() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let places = Arc::new(Semaphore::new(1));
        let _clients =
            (TcpStream::connect(address).await.unwrap(), TcpStream::connect(address).await.unwrap());
        let (_, place) = accept(&listener, &places).await.unwrap();
        let mut second = pin!(accept(&listener, &places));
        let early = poll_fn(|context| Poll::Ready(second.as_mut().poll(context))).await;
        assert!(early.is_pending());
        drop(place);
        assert!(second.await.is_ok());
    }
}
