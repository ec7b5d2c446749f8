//! `cargo xtask ci`.

use std::fmt::Write;
use std::time::{Duration, Instant};

use crate::cargo::{self, cargo};
use crate::failure::{Failure, Outcome};
use crate::test::Tally;
use crate::{browser, check, coverage, demo, real_clients, secrets, test};

/// Runs every step, also after one has failed, so that one run shows all that is to be done.
pub(crate) fn run() -> Outcome {
    let mut tests = None;
    let mut steps = Steps::default();
    steps.run("fmt", || cargo::run(&mut cargo(["fmt", "--all", "--check"])));
    steps.run("clippy", clippy);
    steps.run("check", check::run);
    steps.run("coverage", || coverage::run(true));
    steps.run("test", || {
        let tally = secrets::count()?;
        let verdict = test::verdict(&tally);
        tests = Some(tally);
        verdict
    });
    steps.run("browser", browser::run_where_installed);
    steps.run("demo", || demo::run(&[]));
    steps.run("real-clients", real_clients::step);
    steps.run("doc", doc);
    steps.run("secrets", secrets::search);
    println!("\n{}", steps.table());
    println!("{}", tests.unwrap_or_else(nothing_ran));
    steps.verdict()
}

fn clippy() -> Outcome {
    let arguments = ["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"];
    cargo::run(&mut cargo(arguments))?;
    // `--all-targets` leaves out what is not tested without a server or a browser.
    for target in [test::postgres::TARGET, browser::TARGET] {
        cargo::run(cargo(["clippy"]).args(target).args(["--", "-D", "warnings"]))?;
    }
    Ok(())
}

fn doc() -> Outcome {
    let mut command = cargo(["doc", "--workspace", "--no-deps", "--all-features"]);
    cargo::run(command.env("RUSTDOCFLAGS", "-D warnings"))
}

fn nothing_ran() -> Tally {
    let mut tally = Tally::default();
    tally.ended(false);
    tally
}

#[derive(Debug, Default)]
struct Steps(Vec<Step>);

#[derive(Debug)]
struct Step {
    name: &'static str,
    time: Duration,
    passed: bool,
}

impl Steps {
    fn run(&mut self, name: &'static str, work: impl FnOnce() -> Outcome) {
        println!("\n==> {name}");
        let start = Instant::now();
        let outcome = work();
        if let Err(failure) = &outcome {
            eprintln!("error: {failure}");
        }
        self.0.push(Step { name, time: start.elapsed(), passed: outcome.is_ok() });
    }

    fn table(&self) -> String {
        let mut table = String::new();
        for step in &self.0 {
            let verdict = if step.passed { "ok" } else { "FAILED" };
            // Writing to a `String` cannot fail.
            let _ = writeln!(table, "{:<12} {:>7.1} s  {verdict}", step.name, step.time.as_secs_f64());
        }
        table
    }

    fn verdict(&self) -> Outcome {
        let failed: Vec<_> = self.0.iter().filter(|step| !step.passed).map(|step| step.name).collect();
        if failed.is_empty() { Ok(()) } else { Err(Failure::new(format!("failed: {}", failed.join(", ")))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_is_named_and_the_rest_still_runs() {
        let mut steps = Steps::default();
        steps.run("one", || Ok(()));
        steps.run("two", || Err(Failure::new("no")));
        steps.run("three", || Ok(()));
        assert_eq!(steps.verdict().unwrap_err().to_string(), "failed: two");
        let table = steps.table();
        let verdicts: Vec<_> = table.lines().filter_map(|line| line.split_whitespace().last()).collect();
        assert_eq!(verdicts, ["ok", "FAILED", "ok"]);
    }
}
