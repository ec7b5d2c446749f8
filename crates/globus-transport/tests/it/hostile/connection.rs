//! Plays a script on a connection.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Act, Log};

pub(super) async fn play(mut stream: TcpStream, script: Vec<Act>, log: Arc<Log>) {
    let _ = stream.set_nodelay(true);
    let reads = |act: &Act| matches!(act, Act::Read | Act::Serve(_));
    if !script.iter().any(reads) {
        log.connections.lock().unwrap().unread += 1;
    }
    for act in script {
        match act {
            Act::Read => match read_request(&mut stream).await {
                Some(request) => log.requests.lock().unwrap().push(request),
                None => return,
            },
            Act::ReadSome => drop(stream.read(&mut [0; 4096]).await),
            Act::Say(bytes) => {
                if !write(&mut stream, &bytes, &log).await {
                    return;
                }
            }
            Act::Repeat(bytes, times) => {
                for _ in 0..times {
                    if !write(&mut stream, &bytes, &log).await {
                        return;
                    }
                }
            }
            Act::Serve(bytes) => {
                while let Some(request) = read_request(&mut stream).await {
                    log.requests.lock().unwrap().push(request);
                    if !write(&mut stream, &bytes, &log).await {
                        return;
                    }
                }
                return;
            }
            Act::Pause(time) => tokio::time::sleep(time).await,
            Act::Reset => {
                let _ = stream.set_zero_linger();
                return;
            }
            Act::Hang => {
                // Until the other side gives up; what it still sends is not answered.
                while matches!(stream.read(&mut [0; 4096]).await, Ok(1..)) {}
                return;
            }
        }
    }
    // What was not read must not turn the close into a reset that overtakes the answer.
    let _ = stream.shutdown().await;
    while matches!(stream.read(&mut [0; 4096]).await, Ok(1..)) {}
}

async fn write(stream: &mut TcpStream, bytes: &[u8], log: &Log) -> bool {
    let mut rest = bytes;
    while !rest.is_empty() {
        match stream.write(rest).await {
            Ok(written @ 1..) => {
                *log.written.lock().unwrap() += written;
                rest = &rest[written..];
            }
            _ => return false,
        }
    }
    true
}

/// A whole request; nothing when the connection ends before it is one.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut read = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some(head) = text.find("\r\n\r\n") {
            let length = text[..head].lines().find_map(|line| {
                line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok()
            });
            if read.len() >= head + 4 + length.unwrap_or(0) {
                return Some(text);
            }
        }
        match stream.read(&mut buffer).await {
            Ok(some @ 1..) => read.extend_from_slice(&buffer[..some]),
            _ => return None,
        }
    }
}
