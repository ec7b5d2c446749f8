//! The tests that need a PostgreSQL server: they are run where there is one.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::cargo::cargo;

/// Names a server to use, in place of one that the tests start themselves.
const URL: &str = "GLOBUS_SDK_TEST_POSTGRES";
/// Set where a server must be there: without one, the tests fail and say what is missing.
const DEMANDED: &str = "GLOBUS_SDK_REQUIRE_POSTGRES";

const NOT_RUN: &str = "PostgreSQL tests: not run: no server here; install PostgreSQL (apt-get install postgresql) or set \
                       GLOBUS_SDK_TEST_POSTGRES";

/// The arguments of cargo that choose them.
pub(crate) const TARGET: [&str; 4] = ["-p", "globus-tokenstorage-postgres", "--test", "server"];

/// What runs them; where they cannot be run, one line says so.
pub(crate) fn tests() -> Option<Command> {
    if env::var_os(DEMANDED).is_some() || env::var_os(URL).is_some() || is_installed(&folders()) {
        let mut command = cargo(["test", "--no-fail-fast"]);
        command.args(TARGET);
        return Some(command);
    }
    println!("\n{NOT_RUN}");
    None
}

/// As the tests look for it.
fn is_installed(folders: &[PathBuf]) -> bool {
    folders.iter().any(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

fn folders() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let packaged = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    env::split_paths(&path).chain(packaged.map(|version| version.path().join("bin"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_there_when_both_of_its_programs_are() {
        let folder = env::temp_dir().join(format!("xtask-postgres-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("postgres"), "").unwrap();
        assert!(!is_installed(std::slice::from_ref(&folder)));
        fs::write(folder.join("initdb"), "").unwrap();
        assert!(is_installed(&[PathBuf::from("/nowhere"), folder.clone()]));
        fs::remove_dir_all(folder).unwrap();
    }
}
