//! One script, with an emulator of its own.

use std::env;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::client::{Client, Language};
use super::emulator::{self, Emulator};
use super::report::Report;
use super::scratch::Scratch;
use crate::failure::{Failure, Outcome};

/// A script that takes longer hangs.
const LIMIT: Duration = Duration::from_secs(300);
const OUTPUT: &str = "output.txt";

#[derive(Clone, Copy, Debug)]
pub(super) struct Job<'a> {
    pub(super) client: &'a Client,
    /// Where the client is installed.
    pub(super) installed: &'a Path,
    /// The emulator.
    pub(super) program: &'a Path,
    pub(super) script: &'a Path,
    pub(super) state: State,
}

/// Where the emulator has what it knows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum State {
    InMemory,
    /// Each script kills the emulator once, and goes on with the next that has the same `--data`.
    OnDisk,
}

impl Job<'_> {
    /// Whatever goes wrong is in the report.
    pub(super) fn run(&self) -> Report {
        let start = Instant::now();
        let mut report = self.attempt().unwrap_or_else(|failure| Report::broken(&failure));
        report.name = self.name();
        report.time = start.elapsed();
        report
    }

    fn name(&self) -> String {
        let name = super::name(self.script);
        if self.state == State::OnDisk { format!("{name} --data") } else { name }
    }

    fn attempt(&self) -> Outcome<Report> {
        let scratch = Scratch::new(&self.name())?;
        let outcome = self.play(&scratch);
        let mut report = Report::read(&scratch.text(OUTPUT));
        report.ended(outcome, &scratch.text(emulator::LOG));
        if report.failures.is_empty() {
            scratch.remove();
        }
        Ok(report)
    }

    /// Runs the script to its end.
    fn play(&self, scratch: &Scratch) -> Outcome {
        let mut emulator = Emulator::start(self.program, scratch, self.state)?;
        let output = File::create(scratch.join(OUTPUT))
            .map_err(Failure::while_doing("making a file for what the script prints"))?;
        let errors =
            output.try_clone().map_err(Failure::while_doing("opening the file for the script twice"))?;
        let mut script = self.command(scratch);
        script.envs(emulator.variables.iter().map(|(name, value)| (name, value)));
        let mut script = script
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .spawn()
            .map_err(Failure::while_doing("starting the script"))?;
        let start = Instant::now();
        let outcome = loop {
            match script.try_wait() {
                Ok(Some(status)) if status.success() => break Ok(()),
                Ok(Some(status)) => break Err(Failure::new(format!("it ended with {status}"))),
                Ok(None) if start.elapsed() > LIMIT => {
                    break Err(Failure::new(format!("it did not end within {} s", LIMIT.as_secs())));
                }
                Ok(None) => {}
                Err(err) => break Err(Failure::while_doing("waiting for the script")(err)),
            }
            if let Err(failure) = emulator.attend() {
                break Err(failure);
            }
            thread::sleep(Duration::from_millis(10));
        };
        // Needed when it is not its own end that ended the loop.
        let _ = script.kill();
        let _ = script.wait();
        outcome
    }

    /// The script, in an environment without the user's own settings.
    fn command(&self, scratch: &Scratch) -> Command {
        let programs = self.installed.join("bin");
        let mut command = match self.client.language {
            Language::Python => Command::new(programs.join("python")),
            Language::Shell => Command::new("bash"),
            Language::JavaScript => Command::new("node"),
        };
        command.arg(self.script).current_dir(scratch.path());
        for (name, _) in env::vars_os() {
            let shown = name.to_string_lossy();
            let foreign = ["GLOBUS_", "SSH_", "PYTHON", "NODE_"];
            if foreign.iter().any(|prefix| shown.starts_with(prefix)) {
                command.env_remove(&name);
            }
        }
        let path = env::var_os("PATH").unwrap_or_default();
        let own = [Some(programs), self.program.parent().map(Path::to_path_buf)].into_iter().flatten();
        let path = env::join_paths(own.chain(env::split_paths(&path)));
        command.envs(path.ok().map(|path| ("PATH", path)));
        command.env("HOME", scratch.join("home")).env("TMPDIR", scratch.join("tmp"));
        command.env("NODE_PATH", self.installed.join("node_modules"));
        // The scripts' own folder stays as it is.
        command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONUNBUFFERED", "1");
        // Who goes to the world through a proxy does not go to this machine so.
        command.env("NO_PROXY", "127.0.0.1,localhost").env("no_proxy", "127.0.0.1,localhost");
        if self.state == State::OnDisk {
            command.env("REAL_CLIENTS_EMULATOR_PID", scratch.join(emulator::PID));
        }
        command
    }
}
