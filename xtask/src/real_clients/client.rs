//! The clients there are.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{read, sources};
use crate::failure::{Failure, Outcome};

#[derive(Debug)]
pub(super) struct Client {
    pub(super) name: &'static str,
    /// With its scripts, a harness for them, and the versions that are installed.
    pub(super) folder: &'static str,
    pub(super) language: Language,
    /// What the scripts' names end in.
    extension: &'static str,
    /// The package whose version counts.
    package: &'static str,
}

/// What installs and runs it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Language {
    /// `requirements.txt` in a virtual environment, scripts in Python.
    Python,
    /// The same, scripts in bash.
    Shell,
    /// `package-lock.json`, scripts in JavaScript.
    JavaScript,
}

pub(super) const CLIENTS: [Client; 3] = [
    // First, because it takes longest.
    Client {
        name: "Globus command line",
        folder: "globus_cli",
        language: Language::Shell,
        extension: "sh",
        package: "globus-cli",
    },
    Client {
        name: "Python SDK",
        folder: "python_sdk",
        language: Language::Python,
        extension: "py",
        package: "globus-sdk",
    },
    Client {
        name: "JavaScript SDK",
        folder: "javascript_sdk",
        language: Language::JavaScript,
        extension: "mjs",
        package: "node_modules/@globus/sdk",
    },
];

impl Client {
    pub(super) fn path(&self) -> PathBuf {
        sources().join(self.folder)
    }

    /// The files that say what is installed.
    pub(super) fn pinned(&self) -> &'static [&'static str] {
        match self.language {
            Language::Python | Language::Shell => &["requirements.txt"],
            Language::JavaScript => &["package.json", "package-lock.json"],
        }
    }

    /// The version that is pinned.
    pub(super) fn version(&self) -> Outcome<String> {
        let file = self.pinned().last().copied().unwrap_or_default();
        let text = read(&self.path().join(file))?;
        let version = match self.language {
            Language::Python | Language::Shell => required(&text, self.package),
            Language::JavaScript => locked(&text, self.package),
        };
        version.map(str::to_owned).ok_or_else(|| Failure::new(format!("{file} has no {}", self.package)))
    }

    /// What this machine has not got.
    pub(super) fn missing(&self) -> Option<&'static str> {
        match self.language {
            Language::Python | Language::Shell => {
                let check = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
                let there = succeeds(Command::new("python3").args(["-c", check]));
                (!there).then_some("Python 3.11 or newer with venv (apt-get install python3-venv)")
            }
            Language::JavaScript => {
                let check = "process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)";
                let there = succeeds(Command::new("node").args(["-e", check]))
                    && succeeds(Command::new("npm").arg("--version"));
                (!there).then_some("Node.js 20 or newer with npm (https://nodejs.org)")
            }
        }
    }

    /// One a subject.
    pub(super) fn scripts(&self) -> Outcome<Vec<PathBuf>> {
        let folder = self.path();
        let unread = || Failure::while_doing(format!("listing {}", folder.display()));
        let mut scripts = Vec::new();
        for entry in fs::read_dir(&folder).map_err(unread())? {
            let path = entry.map_err(unread())?.path();
            if self.is_script(&path) {
                scripts.push(path);
            }
        }
        scripts.sort();
        match scripts.len() {
            0 => Err(Failure::new(format!("{} has no script", folder.display()))),
            _ => Ok(scripts),
        }
    }

    fn is_script(&self, path: &Path) -> bool {
        let is = |part: Option<&std::ffi::OsStr>, text: &str| part.is_some_and(|part| part == text);
        is(path.extension(), self.extension) && !is(path.file_stem(), "harness")
    }
}

fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// `globus-sdk==4.10.0`
fn required<'a>(text: &'a str, package: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.trim().strip_prefix(package)?.strip_prefix("=="))
}

/// `"node_modules/@globus/sdk": {`, then `"version": "6.2.0",`
fn locked<'a>(text: &'a str, package: &str) -> Option<&'a str> {
    let (_, entry) = text.split_once(&format!("\"{package}\": {{"))?;
    let (_, version) = entry.split_once("\"version\": \"")?;
    Some(version.split_once('"')?.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cargo;

    #[test]
    fn each_has_scripts_and_a_version() {
        for client in &CLIENTS {
            assert!(client.scripts().unwrap().iter().all(|script| !script.ends_with("harness")));
            let version = client.version().unwrap();
            assert!(version.split('.').all(|part| part.parse::<u32>().is_ok()), "{} {version}", client.name);
        }
    }

    #[test]
    fn all_that_is_installed_has_its_version_and_no_origin() {
        for client in &CLIENTS {
            for file in client.pinned() {
                let text = read(&client.path().join(file)).unwrap();
                assert!(!text.contains("://"), "{}/{file}", client.folder);
                if *file == "requirements.txt" {
                    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
                    lines.for_each(|line| assert!(line.contains("=="), "{line}"));
                }
            }
        }
    }

    #[test]
    fn the_emulators_page_names_the_versions() {
        let page = read(&cargo::root().join("crates/globus-emulator/README.md")).unwrap();
        for client in &CLIENTS {
            let package = client.package.trim_start_matches("node_modules/");
            let row = format!("| {} (`{package}`) | {} |", client.name, client.version().unwrap());
            assert!(page.contains(&row), "{row}");
        }
    }

    #[test]
    fn versions_are_read_from_both_kinds_of_files() {
        assert_eq!(required("# x\nglobus-sdk==4.10.0\n", "globus-sdk"), Some("4.10.0"));
        assert_eq!(required("globus-sdk-extra==1\n", "globus-sdk"), None);
        let lock = "\"node_modules/@globus/sdk\": {\n  \"version\": \"6.2.0\",\n";
        assert_eq!(locked(lock, "node_modules/@globus/sdk"), Some("6.2.0"));
        assert_eq!(locked(lock, "node_modules/other"), None);
    }

    #[test]
    fn a_harness_is_no_script() {
        let is = |name: &str| CLIENTS[1].is_script(Path::new(name));
        assert!(is("a/groups.py"));
        assert!(!is("a/harness.py") && !is("a/requirements.txt") && !is("a/__pycache__"));
    }
}
