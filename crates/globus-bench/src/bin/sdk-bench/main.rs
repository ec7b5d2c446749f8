//! The workloads with the SDK, as a user would write them.

mod clients;
mod cold;
mod groups;
mod header;
mod search;
mod stampede;
mod storage;
mod submit;
mod tasks;
mod walk;

use std::process::ExitCode;

use globus_bench::{Arguments, Failure, Report, finish};
use tokio::runtime::{Builder, Runtime};

type Outcome = Result<Report, Failure>;

fn main() -> ExitCode {
    finish(run)
}

/// The variants that the harnesses name: "" is the SDK's only way, which keeps unknown fields and reads headers without a lock.
///
/// Of the storages, the harnesses' "" does not wait for the disk, and "sync", the SDK's own default, does.
fn run(arguments: &Arguments) -> Result<Option<Report>, Failure> {
    let report = match (arguments.workload.as_str(), arguments.variant.as_str()) {
        ("cold", "") => cold::run(arguments)?,
        ("client_build", "") => clients::build(arguments)?,
        ("seq_task", "") => runtime(arguments)?.block_on(tasks::one_after_another(arguments))?,
        ("conc_task", "") => runtime(arguments)?.block_on(tasks::at_once(arguments, arguments.conc))?,
        ("connections", "") => runtime(arguments)?.block_on(tasks::at_once(arguments, arguments.n))?,
        ("search", "" | "flatten") => runtime(arguments)?.block_on(search::run(arguments))?,
        ("groups", "") => runtime(arguments)?.block_on(groups::run(arguments))?,
        ("submit", "") => runtime(arguments)?.block_on(submit::document(arguments))?,
        ("submit", "stream") => runtime(arguments)?.block_on(submit::plan(arguments))?,
        ("rls", "") => runtime(arguments)?.block_on(walk::run(arguments))?,
        ("header_hot", "" | "arcswap") => header::renewing(arguments)?,
        ("header_hot", "static") => header::fixed(arguments)?,
        ("stampede", "") => runtime(arguments)?.block_on(stampede::run(arguments))?,
        ("storage_json", "") => runtime(arguments)?.block_on(storage::json(arguments, false))?,
        ("storage_json", "sync") => runtime(arguments)?.block_on(storage::json(arguments, true))?,
        ("storage_sqlite", "") => runtime(arguments)?.block_on(storage::sqlite(arguments))?,
        ("storage_put", "") => runtime(arguments)?.block_on(storage::put(arguments))?,
        _ => return Ok(None),
    };
    Ok(Some(report))
}

fn runtime(arguments: &Arguments) -> std::io::Result<Runtime> {
    let mut builder =
        if arguments.current_thread { Builder::new_current_thread() } else { Builder::new_multi_thread() };
    builder.enable_all().build()
}
