//! Asks a server for one thing over and over, on several connections, and counts the answers.
//!
//! `http-load URL CONNECTIONS SECONDS`; a token to be sent is in the variable `HTTP_LOAD_TOKEN`. There is no HTTP library in between, so that the
//! server is what is measured.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

fn main() -> ExitCode {
    match run() {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(err) => {
            eprintln!("http-load: {err}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> io::Result<String> {
    let usage = || io::Error::other("usage: http-load http://HOST:PORT/PATH CONNECTIONS SECONDS");
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [url, connections, seconds] = words.as_slice() else { return Err(usage()) };
    let target = url.strip_prefix("http://").ok_or_else(usage)?;
    let (host, path) = target.split_once('/').ok_or_else(usage)?;
    let connections: usize = connections.parse().map_err(|_| usage())?;
    let time = Duration::from_secs_f64(seconds.parse().map_err(|_| usage())?);
    let mut request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\n");
    if let Ok(token) = std::env::var("HTTP_LOAD_TOKEN") {
        request.push_str(&format!("Authorization: Bearer {token}\r\n"));
    }
    request.push_str("\r\n");

    let start = Instant::now();
    let counts: Vec<io::Result<u64>> = thread::scope(|scope| {
        let asking: Vec<_> =
            (0..connections).map(|_| scope.spawn(|| ask(host, request.as_bytes(), start + time))).collect();
        let lost = |_| Err(io::Error::other("a thread broke off"));
        asking.into_iter().map(|asking| asking.join().unwrap_or_else(lost)).collect()
    });
    let seconds = start.elapsed().as_secs_f64();
    let items = counts.into_iter().sum::<io::Result<u64>>()?;
    Ok(format!("{{\"items\":{items},\"seconds\":{seconds:.3}}}"))
}

/// How many answers of 200 came on one connection.
fn ask(host: &str, request: &[u8], end: Instant) -> io::Result<u64> {
    let mut connection = TcpStream::connect(host)?;
    connection.set_nodelay(true)?;
    let (mut count, mut buffer) = (0, vec![0; 1 << 18]);
    while Instant::now() < end {
        connection.write_all(request)?;
        answer(&mut connection, &mut buffer)?;
        count += 1;
    }
    Ok(count)
}

/// Reads one whole answer.
fn answer(connection: &mut TcpStream, buffer: &mut [u8]) -> io::Result<()> {
    let wrong = |what: &str| io::Error::other(format!("the server sent {what}"));
    let (mut have, mut whole) = (0, None);
    while whole.is_none_or(|whole| have < whole) {
        let read = connection.read(&mut buffer[have..])?;
        if read == 0 {
            return Err(wrong("half an answer"));
        }
        have += read;
        if whole.is_none()
            && let Some(end) = buffer[..have].windows(4).position(|four| four == b"\r\n\r\n")
        {
            let head = String::from_utf8_lossy(&buffer[..end]);
            if !head.starts_with("HTTP/1.1 200 ") {
                return Err(wrong(head.lines().next().unwrap_or_default()));
            }
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.trim().parse::<usize>().ok())
                    .flatten()
            });
            whole = Some(end + 4 + length.ok_or_else(|| wrong("an answer without a length"))?);
        }
    }
    Ok(())
}
