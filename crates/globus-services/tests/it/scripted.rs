//! A server on the test's own thread: what arrives, and when, depends on nothing but the test. With the clock paused, its time moves
//! only when neither side has anything to do.

use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use globus_transport::{Settings, Transport, Variables};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What arrived.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arrival {
    /// The method and the target.
    pub(crate) line: String,
    /// Name and port of this server.
    pub(crate) host: String,
    pub(crate) body: String,
}

type Script = Box<dyn FnMut(&Arrival) -> (u16, String) + Send>;

pub(crate) struct Scripted {
    url: String,
    arrivals: Arc<Mutex<Vec<Arrival>>>,
}

impl Scripted {
    /// A server that answers with the status and the JSON that `script` gives.
    pub(crate) async fn start(script: impl FnMut(&Arrival) -> (u16, String) + Send + 'static) -> Self {
        globus_test_support::record_log();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let arrivals = Arc::default();
        let script: Arc<Mutex<Script>> = Arc::new(Mutex::new(Box::new(script)));
        tokio::spawn(accept(listener, script, Arc::clone(&arrivals)));
        Self { url, arrivals }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What has arrived so far, in order.
    pub(crate) fn arrivals(&self) -> Vec<Arrival> {
        self.arrivals.lock().unwrap().clone()
    }

    /// The first line of what has arrived so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.arrivals().into_iter().map(|arrival| arrival.line).collect()
    }

    /// How many requests have arrived whose first line begins so.
    pub(crate) fn count(&self, start: &str) -> usize {
        self.lines().iter().filter(|line| line.starts_with(start)).count()
    }
}

/// A transport that does not try again: what arrives twice was sent twice by the test.
pub(crate) fn transport() -> Transport {
    let settings = Settings::from_variables(&Variables::from_pairs::<&str, &str>([])).unwrap();
    Transport::builder().settings(settings).proxy_from_env(false).max_retries(0).build().unwrap()
}

/// Lets everything that is under way come to its end; for tests whose clock is paused.
pub(crate) async fn settle() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

async fn accept(listener: TcpListener, script: Arc<Mutex<Script>>, arrivals: Arc<Mutex<Vec<Arrival>>>) {
    while let Ok((connection, _)) = listener.accept().await {
        tokio::spawn(serve(connection, Arc::clone(&script), Arc::clone(&arrivals)));
    }
}

async fn serve(
    mut connection: TcpStream,
    script: Arc<Mutex<Script>>,
    arrivals: Arc<Mutex<Vec<Arrival>>>,
) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut received = Vec::new();
    loop {
        let arrival = loop {
            if let Some((arrival, length)) = whole(&received) {
                received.drain(..length);
                break arrival;
            }
            if connection.read_buf(&mut received).await? == 0 {
                return Ok(());
            }
        };
        let (status, body) = {
            arrivals.lock().unwrap().push(arrival.clone());
            (script.lock().unwrap())(&arrival)
        };
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status} Scripted\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        );
        // Two parts, so that there is a moment between them.
        connection.write_all(head.as_bytes()).await?;
        tokio::task::yield_now().await;
        connection.write_all(body.as_bytes()).await?;
    }
}

/// The request at the start of `received`, and how long it is; nothing while a part of it is missing.
fn whole(received: &[u8]) -> Option<(Arrival, usize)> {
    let end = received.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&received[..end]).into_owned();
    let header = |wanted: &str| {
        let mut pairs = head.lines().filter_map(|line| line.split_once(':'));
        pairs.find_map(|(name, value)| name.eq_ignore_ascii_case(wanted).then(|| value.trim()))
    };
    let length = end + header("content-length").map_or(0, |length| length.parse().unwrap());
    let host = header("host").unwrap_or_default().to_owned();
    let body = String::from_utf8_lossy(received.get(end..length)?).into_owned();
    let line = head.lines().next().unwrap_or_default();
    let line = line.strip_suffix(" HTTP/1.1").unwrap_or(line).to_owned();
    Some((Arrival { line, host, body }, length))
}
