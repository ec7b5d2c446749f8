//! The emulator that one script talks to.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use super::environment;
use super::job::State;
use super::scratch::Scratch;
use crate::failure::{Failure, Outcome};

/// Holds the id of the running process: who kills that waits for another one here.
pub(super) const PID: &str = "emulator.pid";
/// What it writes to standard error.
pub(super) const LOG: &str = "emulator.log";

/// Runs until it is dropped.
#[derive(Debug)]
pub(super) struct Emulator<'a> {
    program: &'a Path,
    scratch: &'a Scratch,
    state: State,
    process: Child,
    /// What points programs at it.
    pub(super) variables: Vec<(String, String)>,
}

impl<'a> Emulator<'a> {
    pub(super) fn start(program: &'a Path, scratch: &'a Scratch, state: State) -> Outcome<Self> {
        let process = spawn(program, scratch, state, 0)?;
        // Made first, so that one which does not become ready is ended as well.
        let mut emulator = Self { program, scratch, state, process, variables: Vec::new() };
        emulator.await_ready()?;
        Ok(emulator)
    }

    /// To be called often: starts the emulator again after a script has killed it, on the same port and with the same data.
    pub(super) fn attend(&mut self) -> Outcome {
        let ended = self.process.try_wait().map_err(Failure::while_doing("asking after the emulator"))?;
        let Some(status) = ended else { return Ok(()) };
        if !(self.state == State::OnDisk && was_killed(status)) {
            return Err(Failure::new(format!("the emulator ended ({status})")));
        }
        let port = environment::port(&self.variables)
            .ok_or_else(|| Failure::new("the emulator printed no address with a port"))?;
        self.process = spawn(self.program, self.scratch, self.state, port)?;
        self.await_ready()
    }

    /// Reads up to the line `READY`.
    fn await_ready(&mut self) -> Outcome {
        let mut lines = Vec::new();
        for line in self.process.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines) {
            let line = line.map_err(Failure::while_doing("reading what the emulator prints"))?;
            if line == "READY" {
                self.variables = environment::variables(lines.iter().map(String::as_str));
                let pid = self.process.id().to_string();
                return fs::write(self.scratch.join(PID), pid)
                    .map_err(Failure::while_doing("writing the emulator's process id"));
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

fn spawn(program: &Path, scratch: &Scratch, state: State, port: u16) -> Outcome<Child> {
    let log = File::options().create(true).append(true).open(scratch.join(LOG));
    let log = log.map_err(Failure::while_doing("making a file for what the emulator says"))?;
    let mut command = Command::new(program);
    command.args(["serve", "--print-env", "--port", &port.to_string()]);
    if state == State::OnDisk {
        command.arg("--data").arg(scratch.join("data"));
    }
    // It is killed at the end: what it leaves behind goes with the rest.
    command.env("TMPDIR", scratch.join("tmp"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
    command.spawn().map_err(Failure::while_doing(format!("starting {}", program.display())))
}

#[cfg(unix)]
fn was_killed(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    status.signal() == Some(9)
}

#[cfg(not(unix))]
fn was_killed(status: ExitStatus) -> bool {
    !status.success()
}
