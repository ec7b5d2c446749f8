//! `cargo xtask real-clients`: programs that others wrote, as they come, against the emulator.

mod client;
mod emulator;
mod environment;
mod install;
mod job;
mod report;
mod scratch;

use std::collections::VecDeque;
use std::env;
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;

use self::client::{CLIENTS, Client};
use self::job::{Job, State};
use self::report::Report;
use crate::cargo::{self, cargo};
use crate::failure::{Failure, Outcome};

/// Set where they must all run: a client that cannot be installed is a failure there.
const DEMANDED: &str = "GLOBUS_SDK_REQUIRE_REAL_CLIENTS";

/// Runs the scripts that have one of `names` in their path, or all; those that are named are shown in full.
/// Ends with the line `N passed, M failed`.
pub(crate) fn run(names: &[String]) -> Outcome {
    let missing: Vec<_> = CLIENTS.iter().filter_map(|client| Some((client, client.missing()?))).collect();
    match missing.first() {
        Some((client, what)) => Err(Failure::new(format!("the {} needs {what}", client.name))),
        None => try_all(&CLIENTS.iter().collect::<Vec<_>>(), names),
    }
}

/// As a step of CI: clients that this machine cannot run are named and left out, unless they are demanded.
pub(crate) fn step() -> Outcome {
    if env::var_os(DEMANDED).is_some() {
        return run(&[]);
    }
    let mut present = Vec::new();
    for client in &CLIENTS {
        match client.missing() {
            Some(what) => println!("{}: not run: install {what}", client.name),
            None => present.push(client),
        }
    }
    if present.is_empty() { Ok(()) } else { try_all(&present, &[]) }
}

fn try_all(clients: &[&'static Client], names: &[String]) -> Outcome {
    let mut jobs = VecDeque::new();
    for client in clients {
        let scripts = client.scripts()?;
        let chosen = scripts.into_iter().filter(|script| is_chosen(&name(script), names));
        jobs.extend(chosen.flat_map(|script| {
            [State::InMemory, State::OnDisk].map(|state| (*client, script.clone(), state))
        }));
    }
    if jobs.is_empty() {
        return Err(Failure::new(format!("no script has {} in its path", names.join(" or "))));
    }
    let (installed, program) = prepare(clients)?;
    let installed = |client: &Client| {
        let (_, folder) = installed.iter().find(|(of, _)| of.folder == client.folder)?;
        Some(folder.as_path())
    };
    let jobs = Mutex::new(jobs);
    let reports = Mutex::new(Vec::new());
    // A function of its own: the lock is not held while a script runs.
    let next = || lock(&jobs).pop_front();
    let work = || {
        while let Some((client, script, state)) = next() {
            let Some(installed) = installed(client) else { continue };
            let job = Job { client, installed, program: &program, script: &script, state };
            let report = job.run();
            println!("{}", if names.is_empty() { report.summary() } else { report.whole() });
            lock(&reports).push(report);
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(work);
        }
    });
    verdict(&reports.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Installs all at once, while the emulator is built.
fn prepare(clients: &[&'static Client]) -> Outcome<(Vec<(&'static Client, PathBuf)>, PathBuf)> {
    thread::scope(|scope| {
        let installing: Vec<_> =
            clients.iter().map(|client| scope.spawn(|| Ok((*client, install::install(client)?)))).collect();
        cargo::run(&mut cargo(["build", "--quiet", "-p", "globus-emulator"]))?;
        let installed = installing.into_iter().map(|thread| {
            thread
                .join()
                .unwrap_or_else(|_| Err(Failure::new("the thread that installs a client has failed")))
        });
        let installed = installed.collect::<Outcome<Vec<_>>>()?;
        for (client, _) in &installed {
            println!("{} {}", client.name, client.version()?);
        }
        let program = format!("globus-emulator{}", env::consts::EXE_SUFFIX);
        Ok((installed, cargo::target_dir()?.join("debug").join(program)))
    })
}

fn verdict(reports: &[Report]) -> Outcome {
    let (mut passed, mut failed) = (0, 0);
    println!();
    for report in reports {
        passed += report.passed;
        failed += report.failures.len();
        for failure in &report.failures {
            println!("FAIL {}: {}", report.name, failure.name);
        }
    }
    println!("{passed} passed, {failed} failed");
    if failed == 0 { Ok(()) } else { Err(Failure::new("the emulator is not what real clients expect")) }
}

/// `python_sdk/groups.py`
fn name(script: &Path) -> String {
    let folder = script.parent().and_then(Path::file_name).unwrap_or_default();
    Path::new(folder).join(script.file_name().unwrap_or_default()).display().to_string()
}

fn is_chosen(script: &str, names: &[String]) -> bool {
    names.is_empty() || names.iter().any(|name| script.contains(name))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The folder with a folder for each client.
fn sources() -> PathBuf {
    cargo::root().join("crates/globus-emulator/tests/real_clients")
}

fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(Failure::while_doing(format!("reading {}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_chosen_by_a_part_of_their_path() {
        let script = name(Path::new("/somewhere/python_sdk/groups.py"));
        assert_eq!(script, "python_sdk/groups.py");
        for (names, chosen) in
            [(&[][..], true), (&["python"], true), (&["x", "groups"], true), (&["cli"], false)]
        {
            let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(is_chosen(&script, &names), chosen, "{names:?}");
        }
    }
}
