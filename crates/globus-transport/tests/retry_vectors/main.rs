//! Compares how often, how far apart and how a request is sent with recorded cases, over real connections in virtual time.
//!
//! The cases come from `retry-vectors.json` in the folder that `GLOBUS_CONTRACT_DIR` names (a relative path starts at the
//! workspace's root), else from the file beside this one. `DIFFERENCES.md` lists where the SDK does otherwise on purpose, and why.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use serde_json::Value;

mod differences;
#[allow(dead_code, unused_imports, reason = "shared with the other tests, which use all of it")]
#[path = "../it/hostile/mod.rs"]
mod hostile;
mod play;
mod scenario;
#[allow(dead_code, reason = "shared with the other tests, which use all of it")]
#[path = "../it/scripted.rs"]
mod scripted;
mod settings;

use differences::Differences;
use hostile::Calm;

type Failure = Box<dyn std::error::Error>;

/// The lists of cases that are about this crate.
const SECTIONS: [&str; 8] = [
    "statuses",
    "retry_after",
    "exceptions",
    "unauthorized",
    "transfer_special",
    "backoff",
    "redirects",
    "settings",
];

fn main() -> ExitCode {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    match runtime.block_on(run()) {
        Ok((cases, failed)) => {
            println!("retry vectors: {cases} cases, {failed} failed");
            if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(err) => {
            eprintln!("retry vectors: {err}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(usize, usize), Failure> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let recorded = env::var_os("GLOBUS_CONTRACT_DIR").filter(|folder| !folder.is_empty());
    // The cases of our own say what is done here: no rule excuses them.
    let differences = recorded.is_some().then(Differences::read).transpose()?;
    let folder = match recorded {
        Some(folder) => here.join("../..").join(folder),
        None => here.join("tests/retry_vectors"),
    };
    let path = folder.join("retry-vectors.json");
    let text =
        fs::read_to_string(&path).map_err(|err| format!("{} cannot be read: {err}", path.display()))?;
    let vectors: Value = serde_json::from_str(&text)?;
    let calm = Calm::new();
    let (mut cases, mut failed) = (0, 0);
    for section in SECTIONS {
        let list = vectors[section].as_array().filter(|list| !list.is_empty());
        for case in list.ok_or_else(|| format!("there are no {section}"))? {
            cases += 1;
            let wrong = match section {
                "settings" => settings::check(case),
                _ => play::check(&calm, section, case).await,
            };
            let wrong = wrong.unwrap_or_else(|err| vec![err.to_string()]).join("; ");
            if wrong.is_empty() {
                continue;
            }
            match differences.as_ref().and_then(|differences| differences.covering(section, case)) {
                Some((rule, reason)) => {
                    println!("differs on purpose ({rule}): {case}: {wrong}\n    {reason}");
                }
                None => {
                    failed += 1;
                    println!("FAILED {section} {case}: {wrong}");
                }
            }
        }
    }
    Ok((cases, failed))
}
