//! A proxy that leads every tunnel to one port of this machine, whatever name was asked for.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

pub(super) struct Proxy {
    pub(super) url: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    pub(super) async fn start(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(tunnel(stream, port, Arc::clone(&log)));
            }
        });
        Self { url, seen }
    }

    /// The first lines of what it was asked.
    pub(super) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

async fn tunnel(stream: TcpStream, port: u16, log: Arc<Mutex<Vec<String>>>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let mut first = String::new();
    stream.read_line(&mut first).await.ok()?;
    log.lock().unwrap().push(first.trim_end().to_owned());
    let mut line = first;
    while !line.trim_end().is_empty() {
        line.clear();
        stream.read_line(&mut line).await.ok()?;
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
    stream.flush().await.ok()?;
    let mut there = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    copy_bidirectional(&mut stream, &mut there).await.ok()?;
    Some(())
}
