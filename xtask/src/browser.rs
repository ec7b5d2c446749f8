//! `cargo xtask browser-test`: what a person sees, in a real browser.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use crate::cargo::{self, cargo};
use crate::failure::{Failure, Outcome};
use crate::test;

/// Name the driver and the browser to use.
const NAMED: [&str; 2] = ["GLOBUS_SDK_TEST_CHROMEDRIVER", "GLOBUS_SDK_TEST_BROWSER"];
/// What they are called in `PATH`, as the tests look for them.
const PROGRAMS: [&[&str]; 2] =
    [&["chromedriver"], &["chromium", "chromium-browser", "google-chrome", "chrome"]];
/// Set where a browser must be there: without one, CI fails and says what is missing.
const DEMANDED: &str = "GLOBUS_SDK_REQUIRE_BROWSER";

const MISSING: &str = "no browser here; install Chromium (apt-get install chromium chromium-driver), or name the programs in \
                       GLOBUS_SDK_TEST_CHROMEDRIVER and GLOBUS_SDK_TEST_BROWSER";

/// The arguments of cargo that choose them.
pub(crate) const TARGET: [&str; 4] = ["-p", "globus-browser-tests", "--test", "browser"];

/// The program that some of them start.
const PORTAL: [&str; 5] = ["build", "-p", "globus-examples", "--example", "web_portal_many_users"];

/// Runs them all, or those whose names hold one of `words`. Ends with the line `browser: N passed, M failed`.
pub(crate) fn run(words: &[String]) -> Outcome {
    if !is_installed() {
        return Err(Failure::new(format!("browser tests: {MISSING}")));
    }
    cargo::run(&mut cargo(PORTAL))?;
    let mut command = tests();
    if !words.is_empty() {
        command.arg("--").args(words);
    }
    let tally = test::count(&mut command, None)?;
    println!("\nbrowser: {tally}");
    test::verdict(&tally)
}

/// The same where there is a browser; elsewhere, unless one is demanded, a line says that they are not run.
pub(crate) fn run_where_installed() -> Outcome {
    if is_installed() || env::var_os(DEMANDED).is_some() {
        return run(&[]);
    }
    println!("Browser tests: not run: {MISSING}");
    Ok(())
}

fn tests() -> Command {
    let mut command = cargo(["test", "--no-fail-fast"]);
    command.args(TARGET);
    command
}

fn is_installed() -> bool {
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    NAMED
        .iter()
        .zip(PROGRAMS)
        .all(|(variable, names)| env::var_os(variable).is_some() || is_in(&folders, names))
}

fn is_in(folders: &[PathBuf], names: &[&str]) -> bool {
    folders.iter().any(|folder| names.iter().any(|name| folder.join(name).is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_known_by_any_of_its_names() {
        let folder = env::temp_dir().join(format!("xtask-browser-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let folders = [PathBuf::from("/nowhere"), folder.clone()];
        assert!(!is_in(&folders, PROGRAMS[1]));
        std::fs::write(folder.join("google-chrome"), "").unwrap();
        assert!(is_in(&folders, PROGRAMS[1]) && !is_in(&folders, PROGRAMS[0]));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
