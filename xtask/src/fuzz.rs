//! `cargo xtask fuzz`: random inputs, led by what of the code they reach.

mod tally;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use self::tally::Tally;
use crate::cargo::{self, cargo};
use crate::command::FuzzSettings;
use crate::failure::{Failure, Outcome};

/// Runs each target that is named, or all, one after the other, and goes on after one that found something. Ends with a line for
/// each.
pub(crate) fn run(settings: &FuzzSettings) -> Outcome {
    let targets = chosen(&names("fuzz_targets")?, &settings.targets)?;
    if cargo::output(&mut cargo(["fuzz", "--version"])).is_err() {
        return Err(Failure::new(
            "cargo-fuzz is missing: `cargo install cargo-fuzz --locked` brings it (its programs need a C++ compiler as well)",
        ));
    }
    let mut results = Vec::new();
    for target in &targets {
        println!("\n==> {target}, for {} s", settings.seconds);
        results.push(fuzz(target, settings.seconds)?);
    }
    println!();
    for (target, tally) in targets.iter().zip(&results) {
        println!("{target:<16} {tally}");
    }
    let found: Vec<_> = targets.iter().zip(&results).filter(|(_, tally)| !tally.is_clean()).collect();
    if found.is_empty() {
        return Ok(());
    }
    let names = found.iter().map(|(target, _)| target.as_str()).collect::<Vec<_>>().join(", ");
    Err(Failure::new(format!(
        "found something in {names}: the inputs are in fuzz/artifacts; mend what they show, and keep them in fuzz/seeds"
    )))
}

/// What libFuzzer prints goes to a file, but for what a person wants to see.
fn fuzz(target: &str, seconds: u32) -> Outcome<Tally> {
    let corpus = folder("corpus").join(target);
    fs::create_dir_all(&corpus).map_err(Failure::while_doing("making a folder for the corpus"))?;
    let before = inputs(&folder("artifacts").join(target));
    let log = cargo::target_dir()?.join(format!("fuzz-{target}.log"));
    let mut copy = fs::File::create(&log).map_err(Failure::while_doing("making a file for the log"))?;
    println!("the log is {}", log.display());

    let mut command = program(target, &corpus, seconds);
    let shown = cargo::show(&command);
    let mut program = command.spawn().map_err(Failure::while_doing(format!("starting `{shown}`")))?;
    let mut tally = Tally::default();
    if let Some(output) = program.stderr.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line.map_err(Failure::while_doing("reading what the fuzzer prints"))?;
            let line = String::from_utf8_lossy(&line);
            writeln!(copy, "{line}").map_err(Failure::while_doing("writing the log"))?;
            tally.read(&line);
            if tally::is_for_people(&line) {
                eprintln!("{line}");
            }
        }
    }
    let status = program.wait().map_err(Failure::while_doing(format!("waiting for `{shown}`")))?;
    tally.ended(status.success(), inputs(&folder("artifacts").join(target)) - before);
    if tally.executions == 0 && !status.success() {
        return Err(Failure::new(format!("`{shown}` did not get to run ({status})")));
    }
    Ok(tally)
}

fn program(target: &str, corpus: &Path, seconds: u32) -> Command {
    // Without a sanitizer it runs with any compiler: there is no unsafe code here for one to look at.
    let mut command = cargo(["fuzz", "run", "--sanitizer", "none", "--fuzz-dir"]);
    command.arg(folder("")).arg(target).arg(corpus).arg(folder("seeds").join(target));
    command.args(["--", &format!("-max_total_time={seconds}"), "-print_final_stats=1", "-timeout=20"]);
    // Building is what takes longest otherwise.
    command.env("CARGO_PROFILE_RELEASE_LTO", "off");
    command.stderr(Stdio::piped());
    command
}

fn folder(name: &str) -> PathBuf {
    cargo::root().join("fuzz").join(name)
}

fn inputs(folder: &Path) -> usize {
    fs::read_dir(folder).map_or(0, Iterator::count)
}

/// The names of the files in a folder of `fuzz`, sorted, without what follows the dot.
fn names(of: &str) -> Outcome<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder(of)).map_err(Failure::while_doing("listing the targets"))? {
        let path = entry.map_err(Failure::while_doing("listing the targets"))?.path();
        names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

fn chosen(known: &[String], wanted: &[String]) -> Outcome<Vec<String>> {
    match wanted.iter().find(|name| !known.contains(name)) {
        Some(name) => {
            Err(Failure::new(format!("there is no target `{name}`; there are {}", known.join(", "))))
        }
        None if wanted.is_empty() => Ok(known.to_vec()),
        None => Ok(wanted.to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_chosen_by_name_or_all() {
        let known = ["paging", "scopes"].map(str::to_owned);
        assert_eq!(chosen(&known, &[]).unwrap(), known);
        assert_eq!(chosen(&known, &known[1..]).unwrap(), ["scopes"]);
        let wrong = chosen(&known, &["scope".to_owned()]).unwrap_err().to_string();
        assert_eq!(wrong, "there is no target `scope`; there are paging, scopes");
    }

    #[test]
    fn every_target_is_found() {
        let names = names("fuzz_targets").unwrap();
        assert!(names.iter().any(|name| name == "scopes"), "{names:?}");
    }
}
