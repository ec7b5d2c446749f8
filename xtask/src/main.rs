//! The project's own commands: `cargo xtask` lists them.

mod bench;
mod browser;
mod cargo;
mod check;
mod ci;
mod command;
mod coverage;
mod demo;
mod failure;
mod fuzz;
mod real_clients;
mod secrets;
mod soak;
mod test;

use std::process::ExitCode;

use crate::command::Command;

fn main() -> ExitCode {
    let outcome = match Command::parse(std::env::args().skip(1)) {
        Ok(Command::Help) => {
            print!("{}", command::HELP);
            Ok(())
        }
        Ok(Command::Demo(arguments)) => demo::run(&arguments),
        Ok(Command::Test) => test::run(),
        Ok(Command::Check) => check::run(),
        Ok(Command::Secrets) => secrets::run(),
        Ok(Command::Soak(times)) => soak::run(times),
        Ok(Command::Fuzz(settings)) => fuzz::run(&settings),
        Ok(Command::Coverage { check }) => coverage::run(check),
        Ok(Command::BrowserTest(words)) => browser::run(&words),
        Ok(Command::RealClients(names)) => real_clients::run(&names),
        Ok(Command::Ci) => ci::run(),
        Ok(Command::Bench(settings)) => bench::run(&settings),
        Err(mistake) => {
            eprint!("{mistake}\n\n{}", command::HELP);
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}
