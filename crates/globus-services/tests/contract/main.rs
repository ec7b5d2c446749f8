//! Calls every method with recorded arguments and compares what goes over the wire, and what is read from the answer, with
//! what was recorded.
//!
//! The cases come from `auth.json`, `groups.json` and `transfer.json` in the folder that `GLOBUS_CONTRACT_DIR` names (a relative
//! path starts at the workspace's root), else in the folder `vectors` beside this file. `methods/` says how each
//! recorded method is called here; `DIFFERENCES.md` lists where the SDK does otherwise on purpose, and why.

#![expect(clippy::future_not_send, reason = "everything runs on the main thread")]

mod args;
mod case;
mod compare;
mod differences;
mod methods;
mod paging;
mod recorded;
mod server;

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use differences::Differences;
use recorded::{Method, ServiceFile};
use server::Server;

pub(crate) type Failure = Box<dyn std::error::Error>;

const FILES: [&str; 3] = ["auth.json", "groups.json", "transfer.json"];

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(tally) => {
            println!("contract: {} methods, {} cases, {} failed", tally.methods, tally.cases, tally.failed);
            if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(err) => {
            eprintln!("contract: {err}");
            ExitCode::FAILURE
        }
    }
}

#[derive(Default)]
struct Tally {
    methods: usize,
    cases: usize,
    failed: usize,
}

async fn run() -> Result<Tally, Failure> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract/vectors");
    let given = env::var_os("GLOBUS_CONTRACT_DIR").filter(|folder| !folder.is_empty());
    // The cases of our own say what is done here: no rule excuses them.
    let differences = given.is_some().then(Differences::read).transpose()?;
    let folder = match given {
        Some(folder) => Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(PathBuf::from(folder)),
        None => here,
    };
    let mut tally = Tally::default();
    for file in FILES {
        let service = ServiceFile::read(&folder.join(file))?;
        for method in &service.methods {
            tally.methods += 1;
            check(&service, method, differences.as_ref(), &mut tally).await?;
        }
    }
    Ok(tally)
}

async fn check(
    service: &ServiceFile,
    method: &Method,
    differences: Option<&Differences>,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let Some(adapter) = methods::find(&method.client, &method.name) else {
        tally.cases += method.cases.len();
        tally.failed += method.cases.len().max(1);
        println!("UNKNOWN {}.{}", method.client, method.name);
        return Ok(());
    };
    let server = Server::start().await?;
    for case in &method.cases {
        let wrong = case::check(&server, service, method, case, adapter).await;
        let wrong = wrong.unwrap_or_else(|err| vec![err.to_string()]);
        report(method, &case.id, wrong, differences, tally);
    }
    for sequence in method.sequences() {
        let wrong = paging::check(&server, &service.base_url, method, sequence, adapter).await;
        let wrong = wrong.unwrap_or_else(|err| vec![err.to_string()]);
        report(method, &sequence.id, wrong, differences, tally);
    }
    Ok(())
}

/// Counts the case; prints what is wrong with it, or by which rule it is right after all.
fn report(
    method: &Method,
    id: &str,
    wrong: Vec<String>,
    differences: Option<&Differences>,
    tally: &mut Tally,
) {
    tally.cases += 1;
    let name = format!("{}.{} {id}", method.client, method.name);
    let (excused, wrong): (Vec<_>, Vec<_>) = wrong
        .into_iter()
        .map(|what| (differences.and_then(|differences| differences.covering(&name, &what)), what))
        .partition(|(rule, _)| rule.is_some());
    for (rule, what) in excused {
        println!("differs on purpose ({}): {name}: {what}", rule.unwrap_or_default());
    }
    if !wrong.is_empty() {
        tally.failed += 1;
        let wrong: Vec<_> = wrong.into_iter().map(|(_, what)| what).collect();
        println!("FAILED {name}: {}", wrong.join("; "));
    }
}
