//! `cargo xtask test`.

pub(crate) mod postgres;
mod tally;

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

pub(crate) use self::tally::Tally;
use crate::cargo::{self, cargo};
use crate::failure::{Failure, Outcome};

/// Runs every test of the workspace: beside the code, of whole crates, in documentation, of the examples, and the vectors.
/// Ends with the line `N passed, M failed`.
pub(crate) fn run() -> Outcome {
    let mut tally = count(&mut all(), None)?;
    if let Some(mut tests) = postgres::tests() {
        tally.add(count(&mut tests, None)?);
    }
    println!("\n{tally}");
    verdict(&tally)
}

/// What runs every test, but those that need a server.
pub(crate) fn all() -> Command {
    cargo(["test", "--workspace", "--all-features", "--no-fail-fast"])
}

/// The tests' own output passes through while it is counted, and is copied to `copy`. Failed tests are in the tally; an error means
/// that nothing ran.
pub(crate) fn count(command: &mut Command, copy: Option<&Path>) -> Outcome<Tally> {
    let shown = cargo::show(command);
    let copy = copy.map(File::create).transpose();
    let copy = copy.map_err(Failure::while_doing("making a file for what the tests print"))?;
    let mut tests = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(Failure::while_doing(format!("starting `{shown}`")))?;
    let mut tally = Tally::default();
    if let Some(output) = tests.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line.map_err(Failure::while_doing("reading what the tests print"))?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            if let Some(mut copy) = copy.as_ref() {
                writeln!(copy, "{line}").map_err(Failure::while_doing("copying what the tests print"))?;
            }
            tally.read(&line);
        }
    }
    let status = tests.wait().map_err(Failure::while_doing(format!("waiting for `{shown}`")))?;
    tally.ended(status.success());
    Ok(tally)
}

pub(crate) fn verdict(tally: &Tally) -> Outcome {
    match tally {
        Tally { passed: 0, failed: 0, .. } => Err(Failure::new("no test ran")),
        Tally { broken: true, .. } => {
            Err(Failure::new("a test program does not compile, or ended without a result"))
        }
        Tally { failed: 0, .. } => Ok(()),
        _ => Err(Failure::new("tests failed")),
    }
}
