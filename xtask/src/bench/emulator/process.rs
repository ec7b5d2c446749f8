//! The emulator's own program.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Instant;

use super::super::pinning::{self, Pinning};
use crate::failure::{Failure, Outcome};

/// Runs until it is dropped.
#[derive(Debug)]
pub(super) struct Emulator {
    process: Child,
    variables: BTreeMap<String, String>,
    /// From the start of the process until it said that it is ready.
    pub(super) start_millis: f64,
}

impl Emulator {
    pub(super) fn start(program: &Path, pinning: Option<&Pinning>) -> Outcome<Self> {
        let start = Instant::now();
        let mut process = pinning::command(pinning, program)
            .args(["serve", "--print-env"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(Failure::while_doing(format!("starting {}", program.display())))?;
        let output = process.stdout.take();
        // Made first, so that one which does not get ready is ended as well.
        let mut emulator = Self { process, variables: BTreeMap::new(), start_millis: 0.0 };
        for line in output.into_iter().flat_map(|output| BufReader::new(output).lines()) {
            let line = line.map_err(Failure::while_doing("reading the emulator's variables"))?;
            if line == "READY" {
                emulator.start_millis = start.elapsed().as_secs_f64() * 1e3;
                return Ok(emulator);
            }
            if let Some((name, value)) = line.split_once('=') {
                emulator.variables.insert(name.to_owned(), value.to_owned());
            }
        }
        Err(Failure::new("the emulator ended before it was ready"))
    }

    pub(super) fn variable(&self, name: &str) -> Outcome<&str> {
        let value = self.variables.get(name).map(String::as_str);
        value.ok_or_else(|| Failure::new(format!("the emulator did not say {name}")))
    }

    /// `http://127.0.0.1:PORT`
    pub(super) fn origin(&self) -> &str {
        let url = self.variables.get("GLOBUS_SDK_SERVICE_URL_AUTH").map_or("", String::as_str);
        url.trim_end_matches('/')
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // It leaves its directories behind when it is killed, and tidies up when it is asked to end.
        let id = self.process.id().to_string();
        let asked = std::process::Command::new("kill").args(["-TERM", &id]).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}
