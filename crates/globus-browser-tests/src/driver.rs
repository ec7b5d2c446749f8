//! The driver: a process that speaks WebDriver on a port of its own.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::failure::{Failure, Outcome};
use crate::install::Installed;

/// A running driver, which ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Driver {
    pub(crate) port: u16,
    _process: Child,
}

/// What it prints when it listens.
const STARTED: &str = "started successfully on port ";

impl Driver {
    pub(crate) async fn start(installed: &Installed) -> Outcome<Self> {
        let shown = installed.driver.display();
        let mut process = Command::new(&installed.driver)
            .args(["--port=0", "--log-level=SEVERE"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(Failure::while_doing(format!("starting {shown}")))?;
        let output = process.stdout.take().ok_or_else(|| Failure::new("the driver has no output"))?;
        let mut lines = BufReader::new(output).lines();
        while let Some(line) = lines.next_line().await.map_err(Failure::while_doing("reading the driver"))? {
            let port = line.split_once(STARTED).map(|(_, port)| port.trim_end_matches('.'));
            if let Some(port) = port.and_then(|port| port.parse().ok()) {
                // Read on: a driver whose output nobody takes stops at some time.
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Ok(Self { port, _process: process });
            }
        }
        Err(Failure::new(format!("{shown} ended before it listened")))
    }
}
