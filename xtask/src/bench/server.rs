//! The server that both programs talk to.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};

use super::pinning::{self, Pinning};
use crate::failure::{Failure, Outcome};

/// Runs until it is dropped.
#[derive(Debug)]
pub(super) struct Server {
    process: Child,
    address: String,
}

impl Server {
    pub(super) fn start(program: &Path, pinning: Option<&Pinning>) -> Outcome<Self> {
        let mut process = pinning::command(pinning, program)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(Failure::while_doing(format!("starting {}", program.display())))?;
        let mut line = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output)
                .read_line(&mut line)
                .map_err(Failure::while_doing("reading the server's address"))?;
        }
        // Made first, so that a server which says something else is ended as well.
        let mut server = Self { process, address: String::new() };
        match line.trim().strip_prefix("LISTENING ") {
            Some(address) => address.clone_into(&mut server.address),
            None => return Err(Failure::new(format!("the server said `{}`", line.trim()))),
        }
        Ok(server)
    }

    /// The base URL under which there are so many groups and endpoints.
    pub(super) fn url(&self, size: usize) -> String {
        format!("http://{}/{size}", self.address)
    }
}

impl Server {
    /// What it has counted since it was last asked, as JSON.
    pub(super) fn counts(&self) -> Outcome<String> {
        self.ask("/__counts").map_err(Failure::while_doing("asking the server what it counted"))
    }

    fn ask(&self, target: &str) -> io::Result<String> {
        let mut connection = TcpStream::connect(&self.address)?;
        write!(connection, "GET {target} HTTP/1.1\r\nhost: bench\r\n\r\n")?;
        connection.shutdown(Shutdown::Write)?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer)?;
        let (_, body) = answer.split_once("\r\n\r\n").ok_or(io::ErrorKind::InvalidData)?;
        Ok(body.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing to be done about it here.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
