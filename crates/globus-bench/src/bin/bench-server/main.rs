//! Serves canned documents on loopback, for measurements. Threads and blocking sockets: nothing to wait for but the client.

mod documents;
mod http;

use std::io::{self, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;

use crate::documents::Documents;

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
    let documents = Arc::new(Documents::default());
    for connection in listener.incoming() {
        let documents = Arc::clone(&documents);
        // A connection that a client breaks off is that client's affair.
        thread::spawn(move || connection.and_then(|connection| answer(&connection, &documents)));
    }
    Ok(())
}

/// Answers one request after another until the client closes.
fn answer(connection: &TcpStream, documents: &Documents) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut requests = BufReader::new(connection);
    let mut writer = connection;
    while let Some(target) = http::read_target(&mut requests)? {
        let answer = match documents.find(&target) {
            Some(document) => http::answer("200 OK", &document),
            None => http::answer("404 Not Found", br#"{"code":"NotFound","message":"no such document"}"#),
        };
        writer.write_all(&answer)?;
    }
    Ok(())
}
