//! Running a check over files, without a fuzzer.

use std::process::ExitCode;
use std::{env, fs};

/// Checks every file that is named on the command line. A property that does not hold ends the program.
pub fn replay(check: fn(&[u8])) -> ExitCode {
    let mut verdict = ExitCode::SUCCESS;
    for path in env::args_os().skip(1) {
        match fs::read(&path) {
            Ok(input) => {
                check(&input);
                println!("{}: holds", path.display());
            }
            Err(err) => {
                eprintln!("cannot read {}: {err}", path.display());
                verdict = ExitCode::FAILURE;
            }
        }
    }
    verdict
}
