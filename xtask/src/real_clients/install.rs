//! Installing a client, outside of the source tree.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::client::{Client, Language};
use super::read;
use crate::cargo;
use crate::failure::{Failure, Outcome};

/// Written last: without it, what is there is not whole.
const DONE: &str = "installed";

/// Where `client` is. Installs it, unless the same versions are there already.
pub(super) fn install(client: &Client) -> Outcome<PathBuf> {
    let folder = folder(client)?;
    if folder.join(DONE).is_file() {
        return Ok(folder);
    }
    let making = || Failure::while_doing(format!("making {}", folder.display()));
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(making())?;
    }
    fs::create_dir_all(&folder).map_err(making())?;
    match client.language {
        Language::Python | Language::Shell => virtual_environment(client, &folder)?,
        Language::JavaScript => node_modules(client, &folder)?,
    }
    fs::write(folder.join(DONE), "").map_err(making())?;
    Ok(folder)
}

fn virtual_environment(client: &Client, folder: &Path) -> Outcome {
    quietly(client, Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    // All of them are in the file, so that none is chosen by the day on which it is installed.
    let pip =
        ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps", "-r"];
    let requirements = client.path().join("requirements.txt");
    quietly(client, Command::new(folder.join("bin/python")).args(pip).arg(requirements))
}

fn node_modules(client: &Client, folder: &Path) -> Outcome {
    for file in client.pinned() {
        fs::copy(client.path().join(file), folder.join(file))
            .map_err(Failure::while_doing(format!("copying {file}")))?;
    }
    let npm = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    quietly(client, Command::new("npm").args(npm).current_dir(folder))
}

fn quietly(client: &Client, command: &mut Command) -> Outcome {
    let installing = |failure: Failure| {
        Failure::new(format!("the {} cannot be installed, which needs a network: {failure}", client.name))
    };
    cargo::output(command).map(drop).map_err(installing)
}

/// Named after what is to be in it: other versions, or another Python, have another.
fn folder(client: &Client) -> Outcome<PathBuf> {
    let mut hasher = DefaultHasher::new();
    for file in client.pinned() {
        read(&client.path().join(file))?.hash(&mut hasher);
    }
    let program = if client.language == Language::JavaScript { "node" } else { "python3" };
    cargo::output(Command::new(program).arg("--version"))?.hash(&mut hasher);
    let name = format!("{}-{:016x}", client.folder, hasher.finish());
    Ok(cargo::target_dir()?.join("real-clients").join(name))
}
