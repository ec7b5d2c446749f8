//! The workloads with `reqwest` and `serde` alone: what the SDK is measured against.

mod clients;
mod cold;
mod documents;
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

fn run(arguments: &Arguments) -> Result<Option<Report>, Failure> {
    clients::choose_tls_provider();
    let report = match (arguments.workload.as_str(), arguments.variant.as_str()) {
        ("cold", "") => cold::run(arguments)?,
        ("client_build", "") => clients::build(arguments)?,
        ("seq_task", "") => runtime(arguments)?.block_on(tasks::one_after_another(arguments))?,
        ("conc_task", "") => runtime(arguments)?.block_on(tasks::at_once(arguments, arguments.conc))?,
        ("connections", "") => runtime(arguments)?.block_on(tasks::at_once(arguments, arguments.n))?,
        ("search", "" | "flatten") => runtime(arguments)?.block_on(search::run(arguments))?,
        ("groups", "") => runtime(arguments)?.block_on(groups::run(arguments))?,
        ("submit", "") => runtime(arguments)?.block_on(submit::document(arguments))?,
        ("submit", "stream") => runtime(arguments)?.block_on(submit::streamed(arguments))?,
        ("rls", "") => runtime(arguments)?.block_on(walk::run(arguments))?,
        ("header_hot", "" | "arcswap") => header::renewing(arguments)?,
        ("header_hot", "static") => header::fixed(arguments)?,
        ("stampede", "") => runtime(arguments)?.block_on(stampede::run(arguments))?,
        ("storage_json", "") => storage::json(arguments, false)?,
        ("storage_json", "sync") => storage::json(arguments, true)?,
        ("storage_sqlite", "") => storage::sqlite(arguments)?,
        ("storage_put", "") => storage::put(arguments)?,
        _ => return Ok(None),
    };
    Ok(Some(report))
}

fn runtime(arguments: &Arguments) -> std::io::Result<Runtime> {
    let mut builder =
        if arguments.current_thread { Builder::new_current_thread() } else { Builder::new_multi_thread() };
    builder.enable_all().build()
}
