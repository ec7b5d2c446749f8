//! `cargo xtask soak`: the long loops.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::cargo::{self, cargo};
use crate::failure::{Failure, Outcome};
use crate::test;

/// How many times as many rounds as in an ordinary run, unless the command says otherwise.
pub(crate) const ROUNDS: u32 = 20;

/// Runs every test with `soak` in its path, optimised, with `times` as many rounds as an ordinary run. Each says its rounds. Ends with
/// the line `soak: N passed, M failed`.
pub(crate) fn run(times: u32) -> Outcome {
    let packages = packages()?;
    println!("{times} x the rounds of an ordinary run, in {}", packages.join(", "));
    let mut command = cargo(["test", "--release", "--all-features", "--no-fail-fast", "--tests"]);
    for package in &packages {
        command.args(["-p", package]);
    }
    soaked(&mut command, times);
    let mut tally = test::count(&mut command, None)?;
    if let Some(mut server) = test::postgres::tests() {
        soaked(server.arg("--release"), times);
        tally.add(test::count(&mut server, None)?);
    }
    println!("\nsoak: {tally}");
    test::verdict(&tally)
}

/// Lets `command` run those tests only, and so often.
fn soaked(command: &mut Command, times: u32) {
    // The loops wait for the disk and for each other: what is gained by optimising across crates is not worth its wait.
    command.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    command.env("GLOBUS_SDK_SOAK", times.to_string());
    command.args(["soak", "--", "--nocapture"]);
}

/// The crates that have such tests: the others need not be built.
fn packages() -> Outcome<Vec<String>> {
    let crates = cargo::root().join("crates");
    let mut packages = Vec::new();
    for entry in fs::read_dir(&crates).map_err(Failure::while_doing("listing the crates"))? {
        let path = entry.map_err(Failure::while_doing("listing the crates"))?.path();
        if has_soak(&path.join("tests")) {
            packages.extend(path.file_name().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    packages.sort();
    if packages.is_empty() { Err(Failure::new("no crate has a soak test")) } else { Ok(packages) }
}

/// Whether there is a `soak.rs` or a folder `soak` at any depth.
fn has_soak(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    let mut paths = entries.flatten().map(|entry| entry.path());
    paths.any(|path| path.file_stem().is_some_and(|stem| stem == "soak") || has_soak(&path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn soak_tests_are_known_by_the_name_of_their_file() {
        let folder = std::env::temp_dir().join(format!("xtask-soak-{}", std::process::id()));
        fs::create_dir_all(folder.join("it/deep")).unwrap();
        assert!(!has_soak(&folder));
        fs::write(folder.join("it/deep/soak.rs"), "").unwrap();
        assert!(has_soak(&folder));
        assert!(!has_soak(&folder.join("nowhere")));
        fs::remove_dir_all(folder).unwrap();
    }
}
