//! The workloads with the SDK, as a user would write them.

mod clients;
mod cold;
mod groups;
mod header;
mod search;
mod tasks;

use std::error::Error;
use std::process::ExitCode;

use globus_bench::{Arguments, Report, finish};
use tokio::runtime::{Builder, Runtime};

type Outcome = Result<Report, Box<dyn Error>>;

fn main() -> ExitCode {
    finish(run)
}

/// The variants that the harnesses name: "" is the SDK's only way, which keeps unknown fields and reads headers without a lock.
fn run(arguments: &Arguments) -> Result<Option<Report>, Box<dyn Error>> {
    let report = match (arguments.workload.as_str(), arguments.variant.as_str()) {
        ("cold", "") => cold::run(arguments)?,
        ("client_build", "") => clients::build(arguments)?,
        ("seq_task", "") => runtime(arguments)?.block_on(tasks::one_after_another(arguments))?,
        ("search", "" | "flatten") => runtime(arguments)?.block_on(search::run(arguments))?,
        ("groups", "") => runtime(arguments)?.block_on(groups::run(arguments))?,
        ("header_hot", "" | "arcswap") => header::renewing(arguments)?,
        ("header_hot", "static") => header::fixed(arguments)?,
        _ => return Ok(None),
    };
    Ok(Some(report))
}

fn runtime(arguments: &Arguments) -> std::io::Result<Runtime> {
    let mut builder =
        if arguments.current_thread { Builder::new_current_thread() } else { Builder::new_multi_thread() };
    builder.enable_all().build()
}
