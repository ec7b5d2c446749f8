//! Running the programs.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

pub(crate) const SDK: &str = env!("CARGO_BIN_EXE_sdk-bench");
pub(crate) const BARE: &str = env!("CARGO_BIN_EXE_bare-bench");

/// What `program` prints.
pub(crate) fn report(program: &str, arguments: &[&str]) -> Value {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Runs until it is dropped.
pub(crate) struct Server {
    process: Child,
    address: String,
}

impl Server {
    pub(crate) fn start() -> Self {
        let mut process =
            Command::new(env!("CARGO_BIN_EXE_bench-server")).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("LISTENING ").unwrap().to_owned();
        Self { process, address }
    }

    /// The base URL under which there are so many things, or a token takes so many milliseconds.
    pub(crate) fn url(&self, size: u32) -> String {
        format!("http://{}/{size}", self.address)
    }

    /// What it has counted since it was last asked.
    pub(crate) fn counts(&self) -> Value {
        let mut connection = TcpStream::connect(&self.address).unwrap();
        connection.write_all(b"GET /__counts HTTP/1.1\r\n\r\n").unwrap();
        connection.shutdown(Shutdown::Write).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}
