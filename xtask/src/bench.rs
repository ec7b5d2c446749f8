//! `cargo xtask bench`: the SDK beside bare `reqwest` + `serde`, on the same work, in one run; and the emulator.

mod emulator;
mod pinning;
mod program;
mod scratch;
mod server;
mod statistics;
mod workload;
mod workloads;

use std::path::Path;

use self::pinning::Pinning;
use self::program::{Program, Sample};
use self::server::Server;
use self::statistics::Summary;
use self::workload::Workload;
use self::workloads::WORKLOADS;
use crate::cargo::{self, cargo};
use crate::command::BenchSettings;
use crate::failure::{Failure, Outcome};

/// Prints one line a workload. A ratio above 1 means that the SDK takes more. Judge by ratios: the absolute figures are
/// those of this machine at this moment. Of the emulator only those can be told.
pub(crate) fn run(settings: &BenchSettings) -> Outcome {
    cargo::run(&mut cargo(["build", "--release", "-p", "globus-bench", "--bins"]))?;
    cargo::run(&mut cargo(["build", "--release", "-p", "globus-emulator"]))?;
    let programs = cargo::target_dir()?.join("release");
    match settings.only_emulator {
        true => emulator::run(&programs, settings.quick),
        false => compare(&programs, settings.quick).and_then(|()| emulator::run(&programs, settings.quick)),
    }
}

/// The SDK beside bare `reqwest` + `serde`.
fn compare(programs: &Path, quick: bool) -> Outcome {
    let pinning = Pinning::find();
    let free = Server::start(&programs.join("bench-server"), None)?;
    let pinned = Server::start(&programs.join("bench-server"), pinning.as_ref())?;
    if pinning.is_none() {
        println!("There is no `taskset`: calls one after another mostly measure how an idle core wakes up.");
    }
    let rounds = if quick { 3 } else { 9 };
    println!("{}", Row::HEAD);
    for workload in &WORKLOADS {
        let (server, pinning) = if workload.pinned { (&pinned, pinning.as_ref()) } else { (&free, None) };
        let program = |name| Program::new(programs.join(name), server, pinning);
        let pairs = pairs(workload, &program("sdk-bench"), &program("bare-bench"), rounds, quick)?;
        println!("{}", Row::new(workload, &pairs).line());
    }
    println!(
        "\nMedian of {rounds} rounds, and from the least to the most of them. Memory: ratio of the peaks."
    );
    Ok(())
}

/// Runs both in turn, first the one and then the other, and sees to it that they did the same.
fn pairs(
    workload: &Workload,
    sdk: &Program<'_>,
    bare: &Program<'_>,
    rounds: usize,
    quick: bool,
) -> Outcome<Vec<(Sample, Sample)>> {
    // One round brings both programs into memory, and the document into the server's.
    sdk.run(workload, quick)?;
    bare.run(workload, quick)?;
    let pairs = (0..rounds).map(|round| {
        let pair = if round.is_multiple_of(2) {
            let sdk = sdk.run(workload, quick)?;
            (sdk, bare.run(workload, quick)?)
        } else {
            let bare = bare.run(workload, quick)?;
            (sdk.run(workload, quick)?, bare)
        };
        if pair.0.check == pair.1.check {
            return Ok(pair);
        }
        let (here, there) = (&pair.0.check, &pair.1.check);
        Err(Failure::new(format!("{}: the results differ: SDK {here}, bare {there}", workload.title)))
    });
    pairs.collect()
}

/// What is printed of one workload.
struct Row<'a> {
    workload: &'a Workload,
    sdk: Summary,
    bare: Summary,
    ratio: Summary,
    memory: Summary,
}

impl<'a> Row<'a> {
    const HEAD: &'static str = concat!(
        "workload                      unit          SDK       bare    SDK / bare          memory\n",
        "------------------------------------------------------------------------------------------",
    );

    fn new(workload: &'a Workload, pairs: &[(Sample, Sample)]) -> Self {
        let summary = |figure: fn(&(Sample, Sample)) -> f64| Summary::of(pairs.iter().map(figure));
        Self {
            workload,
            sdk: summary(|(sdk, _)| sdk.figure),
            bare: summary(|(_, bare)| bare.figure),
            ratio: summary(|(sdk, bare)| sdk.figure / bare.figure),
            memory: summary(|(sdk, bare)| sdk.peak_kb / bare.peak_kb),
        }
    }

    fn line(&self) -> String {
        let Workload { title, unit, .. } = self.workload;
        let (sdk, bare, ratio, memory) = (self.sdk.median, self.bare.median, self.ratio, self.memory.median);
        format!(
            "{title:<29} {:<7} {sdk:>9.2}  {bare:>9.2}    {:<18}  {memory:.2}",
            unit.name(),
            ratio.to_string()
        )
    }
}
