//! A server that does what no well-behaved server does, one script step a connection.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What is done with one connection.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Answers with these bytes after the request was read, and closes.
    Say(String),
    /// Closes after the request was read.
    Drop,
    /// Never answers.
    Stall,
    /// Says these bytes and then nothing, without closing.
    SayAndStall(String),
}

pub(crate) struct Peer {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Peer {
    /// Does the steps, one a connection; the last one is repeated.
    pub(crate) async fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        let steps: Vec<_> = steps.into_iter().collect();
        tokio::spawn(async move {
            let mut stalled = Vec::new();
            for at in 0.. {
                let Ok((mut stream, _)) = listener.accept().await else { return };
                let request = read_request(&mut stream).await;
                log.lock().unwrap().push(request);
                match steps.get(at).or(steps.last()).unwrap() {
                    Step::Say(text) => {
                        let _ = stream.write_all(text.as_bytes()).await;
                        let _ = stream.shutdown().await;
                    }
                    Step::Drop => {}
                    Step::Stall => stalled.push(stream),
                    Step::SayAndStall(text) => {
                        let _ = stream.write_all(text.as_bytes()).await;
                        stalled.push(stream);
                    }
                }
            }
        });
        Self { url, requests }
    }

    /// What was asked so far, head and body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// A whole answer with a JSON body.
pub(crate) fn say(status: u16, headers: &str, body: &str) -> Step {
    Step::Say(answer(status, headers, body))
}

pub(crate) fn answer(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\n{headers}Content-Length: \
         {length}\r\n\r\n{body}"
    )
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some(head) = text.find("\r\n\r\n") {
            let length = text[..head].lines().find_map(|line| {
                line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok()
            });
            if read.len() >= head + 4 + length.unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return text,
            Ok(some) => read.extend_from_slice(&buffer[..some]),
        }
    }
}
