//! The emulator that one script talks to.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::environment;
use super::scratch::Scratch;
use crate::failure::{Failure, Outcome};

/// What it writes to standard error.
pub(super) const LOG: &str = "emulator.log";

/// Runs until it is dropped.
#[derive(Debug)]
pub(super) struct Emulator<'a> {
    scratch: &'a Scratch,
    process: Child,
    /// What points programs at it.
    pub(super) variables: Vec<(String, String)>,
}

impl<'a> Emulator<'a> {
    pub(super) fn start(program: &Path, scratch: &'a Scratch) -> Outcome<Self> {
        let process = spawn(program, scratch)?;
        // Made first, so that one which does not become ready is ended as well.
        let mut emulator = Self { scratch, process, variables: Vec::new() };
        emulator.await_ready()?;
        Ok(emulator)
    }

    /// Whether it still runs.
    pub(super) fn attend(&mut self) -> Outcome {
        let ended = self.process.try_wait().map_err(Failure::while_doing("asking after the emulator"))?;
        ended.map_or(Ok(()), |status| Err(Failure::new(format!("the emulator ended ({status})"))))
    }

    /// Reads up to the line `READY`.
    fn await_ready(&mut self) -> Outcome {
        let mut lines = Vec::new();
        for line in self.process.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines) {
            let line = line.map_err(Failure::while_doing("reading what the emulator prints"))?;
            if line == "READY" {
                self.variables = environment::variables(lines.iter().map(String::as_str));
                return Ok(());
            }
            lines.push(line);
        }
        Err(Failure::new(format!("the emulator did not start: {}", self.scratch.text(LOG).trim())))
    }
}

impl Drop for Emulator<'_> {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing to be done about it here.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn spawn(program: &Path, scratch: &Scratch) -> Outcome<Child> {
    let log = File::options().create(true).append(true).open(scratch.join(LOG));
    let log = log.map_err(Failure::while_doing("making a file for what the emulator says"))?;
    let mut command = Command::new(program);
    command.args(["serve", "--print-env"]);
    // It is killed at the end: what it leaves behind goes with the rest.
    command.env("TMPDIR", scratch.join("tmp"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
    command.spawn().map_err(Failure::while_doing(format!("starting {}", program.display())))
}
