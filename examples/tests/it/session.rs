//! Runs a program as a person at a terminal would: reads the link, logs in, pastes the code.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use globus_emulator::Emulator;

pub(crate) struct Session {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    seen: String,
}

impl Session {
    /// Starts an example with the emulator's variables, `home` as its home directory, and nothing else to go by.
    pub(crate) fn start(example: &str, arguments: &[&str], emulator: &Emulator, home: &Path) -> Self {
        let program = program(example);
        let mut child = Command::new(&program)
            .args(arguments)
            .envs(emulator.variables())
            .env("HOME", home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|err| {
                panic!("{} does not start: {err}; `cargo test` builds it", program.display())
            });
        let (stdin, stdout) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, stdin, stdout, seen: String::new() }
    }

    /// Logs in at the link that the program prints, and types the code.
    pub(crate) async fn log_in(&mut self, emulator: &Emulator) {
        let url = loop {
            let mut line = String::new();
            let read = self.stdout.read_line(&mut line).unwrap();
            self.seen.push_str(&line);
            if read == 0 {
                let mut errors = String::new();
                self.child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
                panic!("the program ended before it printed a link:\n{}{errors}", self.seen);
            }
            if line.starts_with("http") {
                break line.trim().to_owned();
            }
        };
        let code = emulator.approve(&url).await.unwrap();
        self.type_line(&code);
    }

    /// Reads on until the program has printed this.
    pub(crate) fn wait_for(&mut self, text: &str) {
        while !self.seen.contains(text) {
            let read = self.stdout.read_line(&mut self.seen).unwrap();
            assert!(read > 0, "the program ended before it printed {text:?}:\n{}", self.seen);
        }
    }

    /// What it has printed so far.
    #[cfg(unix)]
    pub(crate) fn seen(&self) -> &str {
        &self.seen
    }

    /// Asks the program to end, as a service manager does.
    #[cfg(unix)]
    pub(crate) fn terminate(&self) {
        let status = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    pub(crate) fn type_line(&mut self, line: &str) {
        writeln!(self.stdin, "{line}").unwrap();
    }

    /// Waits for the program's end and gives what it printed. It must have succeeded.
    pub(crate) fn output(self) -> String {
        let (output, errors, success) = self.finish();
        assert!(success, "the program failed:\n{output}{errors}");
        output
    }

    /// Waits for the program's end and gives what it wrote on standard error. It must have failed.
    pub(crate) fn failure(self) -> String {
        let (output, errors, success) = self.finish();
        assert!(!success, "the program should have failed:\n{output}{errors}");
        errors
    }

    fn finish(self) -> (String, String, bool) {
        let Self { mut child, stdin, mut stdout, mut seen } = self;
        drop(stdin);
        stdout.read_to_string(&mut seen).unwrap();
        let mut errors = String::new();
        child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        (seen, errors, child.wait().unwrap().success())
    }
}

/// The built example: beside the directory that this test runs from.
fn program(example: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().parent().unwrap().join("examples").join(example)
}
