//! Serves canned documents on loopback, for measurements. Threads and blocking sockets: nothing to wait for but the client.

mod counts;
mod documents;
mod http;

use std::io::{self, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::counts::Counts;
use crate::documents::Documents;
use crate::http::Request;

#[derive(Default)]
struct Server {
    documents: Documents,
    counts: Counts,
}

/// Little, as there may be very many threads.
const STACK_BYTES: usize = 256 * 1024;

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            eprintln!("bench-server: {err}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("LISTENING {}", listener.local_addr()?);
    let server = Arc::new(Server::default());
    for connection in listener.incoming() {
        let server = Arc::clone(&server);
        // A connection that a client breaks off is that client's affair.
        thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn(move || connection.and_then(|connection| server.answer(&connection)))?;
    }
    Ok(())
}

impl Server {
    /// Answers one request after another until the client closes.
    fn answer(&self, connection: &TcpStream) -> io::Result<()> {
        connection.set_nodelay(true)?;
        let mut requests = BufReader::new(connection);
        let mut writer = connection;
        let mut counted = None;
        while let Some(request) = http::read_request(&mut requests)? {
            let json = if request.target == "/__counts" {
                Some(self.counts.take().into_bytes().into())
            } else {
                counted.get_or_insert_with(|| self.counts.connection());
                self.find(&request)
            };
            let answer = match json {
                Some(json) => http::answer("200 OK", &json),
                None => http::answer("404 Not Found", br#"{"code":"NotFound","message":"no such document"}"#),
            };
            writer.write_all(&answer)?;
        }
        Ok(())
    }

    fn find(&self, request: &Request) -> Option<Arc<[u8]>> {
        if request.method == "GET" {
            return self.documents.find(&request.target);
        }
        if documents::is_transfer(&request.target) {
            return Some(documents::accepted().to_string().into_bytes().into());
        }
        let wait = documents::token_time(&request.target)?;
        self.counts.token();
        thread::sleep(Duration::from_millis(wait));
        Some(documents::token().to_string().into_bytes().into())
    }
}
