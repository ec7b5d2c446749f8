//! Other processes: this test binary, told by variables to be a child and what to do.

use std::env;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Lines, Write, stdin};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

use crate::processes;

const PATH: &str = "TOKENSTORAGE_TEST_PATH";
const ROLE: &str = "TOKENSTORAGE_TEST_ROLE";

/// A process that ends with its value.
pub(crate) struct Child {
    process: std::process::Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Child {
    /// A child in `role`, which uses the storage at `path`.
    pub(crate) fn start(role: &str, path: &Path) -> Self {
        Self::start_by(Command::new(env::current_exe().unwrap()), role, path)
    }

    /// The same by a command that runs this binary with the arguments that are added here.
    pub(crate) fn start_by(mut command: Command, role: &str, path: impl AsRef<OsStr>) -> Self {
        let mut process = command
            .args(["--exact", "children::a_child_does_as_it_is_told", "--nocapture"])
            .env(PATH, path)
            .env(ROLE, role)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { stdin: process.stdin.take().unwrap(), process, lines }
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Lets a child go on that [waits](wait_to_go).
    pub(crate) fn go(&mut self) {
        writeln!(self.stdin).unwrap();
    }

    /// Waits until the child has said something that begins with `word`, and gives the rest of it.
    pub(crate) fn hear(&mut self, word: &str) -> String {
        self.hear_all(word).next().unwrap_or_else(|| panic!("the child never said {word}"))
    }

    /// All that the child says after `word`, to its end.
    pub(crate) fn hear_all(&mut self, word: &str) -> impl Iterator<Item = String> {
        self.lines
            .by_ref()
            .map_while(Result::ok)
            .filter_map(move |line| line.strip_prefix(word).map(str::to_owned))
    }

    /// `kill -9`, at whatever it is doing.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Waits for a child that ends by itself, and whose tests passed.
    pub(crate) fn finish(mut self) {
        assert!(self.process.wait().unwrap().success());
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended long since.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What a child says to its parent. On a line of its own, which the test harness may have begun.
pub(crate) fn say(what: impl std::fmt::Display) {
    println!("\n{what}");
}

/// Waits until the parent says so, so that many children begin as one.
pub(crate) fn wait_to_go() {
    say("ready");
    stdin().read_line(&mut String::new()).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_child_does_as_it_is_told() {
    let (Ok(path), Ok(role)) = (env::var(PATH), env::var(ROLE)) else { return };
    let path = PathBuf::from(path);
    match role.as_str() {
        "hold a lock" => processes::hold(&path).await,
        "hold a file" => processes::hold_file(&path).await,
        "write for ever" => processes::write_for_ever(&path).await,
        "read" => processes::read(&path).await,
        "count" => processes::count(&path).await,
        "write and read once" => processes::write_and_read_once(&path).await,
        #[cfg(unix)]
        "faults" => crate::faults::work_through(&path).await,
        #[cfg(unix)]
        "fill up" => crate::faults::fill_up(&path).await,
        #[cfg(unix)]
        "watch" => crate::modes::watch(&path).await,
        writer => processes::write(&path, writer).await,
    }
}
