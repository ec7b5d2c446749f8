//! A server on this machine, and calls to it, in one thread: what a call does depends on nothing but the answers.

use std::cell::RefCell;
use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use globus_transport::{Settings, Transport, Variables};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

/// What the server does with a request: from the target (`/path?query`) to the whole answer, head and body.
type Script = Box<dyn FnMut(&str) -> Vec<u8> + Send>;

struct Loopback {
    runtime: Runtime,
    url: String,
    transport: Transport,
    script: Arc<Mutex<Script>>,
}

thread_local! {
    static LOOPBACK: RefCell<Option<Loopback>> = const { RefCell::new(None) };
}

/// Runs `work`, which gets the server's address and a transport, while `script` answers.
///
/// The server and its connections stay for the next time: each would leave a port behind that cannot be used for a minute.
pub(crate) fn run<T>(
    script: impl FnMut(&str) -> Vec<u8> + Send + 'static,
    work: impl AsyncFnOnce(&str, Transport) -> T,
) -> T {
    LOOPBACK.with_borrow_mut(|loopback| {
        let loopback = loopback.get_or_insert_with(|| {
            Loopback::start().unwrap_or_else(|err| unreachable!("a fuzzer needs a loopback device: {err}"))
        });
        *loopback.script.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(script);
        loopback.runtime.block_on(work(&loopback.url, loopback.transport.clone()))
    })
}

/// An answer with this status line and these header lines; its length is added.
pub(crate) fn answer(status: u16, headers: &[(&str, &[u8])], body: &[u8]) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 {status} Scripted\r\ncontent-length: {}\r\n", body.len()).into_bytes();
    for (name, value) in headers {
        answer.extend_from_slice(name.as_bytes());
        answer.extend_from_slice(b": ");
        answer.extend_from_slice(value);
        answer.extend_from_slice(b"\r\n");
    }
    answer.extend_from_slice(b"\r\n");
    answer.extend_from_slice(body);
    answer
}

/// Whether `value` can stand in a header line (RFC 9110, section 5.5); nothing else reaches a client's code.
pub(crate) fn is_header_value(value: &[u8]) -> bool {
    value.len() < 4096 && value.iter().all(|byte| matches!(byte, b'\t' | b' '..=b'~' | 0x80..))
}

impl Loopback {
    fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let url = format!("http://{}/", listener.local_addr()?);
        let script: Arc<Mutex<Script>> = Arc::new(Mutex::new(Box::new(|_: &str| Vec::new())));
        runtime.spawn(accept(listener, Arc::clone(&script)));
        let transport = Settings::from_variables(&Variables::from_pairs::<&str, &str>([]))
            .and_then(|settings| {
                let transport = Transport::builder().settings(settings).proxy_from_env(false);
                transport.max_backoff(Duration::ZERO).attempt_timeout(Duration::from_secs(5)).build()
            })
            .map_err(io::Error::other)?;
        Ok(Self { runtime, url, transport, script })
    }
}

async fn accept(listener: TcpListener, script: Arc<Mutex<Script>>) {
    while let Ok((connection, _)) = listener.accept().await {
        tokio::spawn(serve(connection, Arc::clone(&script)));
    }
}

/// Answers one request after the other. Those of the checks have no body.
async fn serve(mut connection: TcpStream, script: Arc<Mutex<Script>>) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut head = Vec::new();
    loop {
        head.clear();
        while !head.ends_with(b"\r\n\r\n") {
            if connection.read_buf(&mut head).await? == 0 {
                return Ok(());
            }
        }
        let text = String::from_utf8_lossy(&head);
        let target = text.split(' ').nth(1).unwrap_or_default();
        let answer = {
            let mut script = script.lock().unwrap_or_else(PoisonError::into_inner);
            script(target)
        };
        connection.write_all(&answer).await?;
    }
}
