//! Scope strings against recorded ones: those of `GLOBUS_CONTRACT_DIR`, or else those beside this file.
//!
//! It has its own main, so that plain `cargo test` ends with the count.

#[path = "../support/contract.rs"]
mod contract;
mod differences;
mod sections;

use std::process::ExitCode;

use crate::differences::Differences;
use crate::sections::Case;

fn main() -> ExitCode {
    // What a test runner asks before it runs anything.
    if std::env::args().any(|arg| arg == "--list") {
        if !std::env::args().any(|arg| arg == "--ignored") {
            println!("scope_vectors: test");
        }
        return ExitCode::SUCCESS;
    }
    match run() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(err) => {
            println!("scope vectors: {err}");
            ExitCode::FAILURE
        }
    }
}

/// How many cases failed.
fn run() -> Result<usize, String> {
    let file = contract::read("scope-vectors.json", "vectors/scope-vectors.json")?;
    let differences = Differences::read()?;
    let cases = sections::cases(&file)?;
    let mut failed = 0;
    for case in &cases {
        if case.is_as_recorded() {
            continue;
        }
        match differences.covering(case) {
            Some((rule, reason)) => println!("differs on purpose ({rule}): {}\n    {reason}", case.name),
            None => {
                failed += 1;
                println!("FAILED {}\n    expected {}\n    got      {}", case.name, case.expected, case.got);
            }
        }
    }
    println!("scope vectors: {} cases, {failed} failed", cases.len());
    Ok(failed)
}

impl Case {
    fn is_as_recorded(&self) -> bool {
        self.expected == self.got
    }
}
