//! The emulator: how long it takes to start, how many requests one core of it serves, and how fast it copies.

mod client;
mod copies;
mod process;

use std::path::Path;
use std::process::Stdio;

use self::client::Client;
use self::process::Emulator;
use super::pinning::{self, Pinning};
use super::program::number;
use super::statistics::Summary;
use crate::failure::{Failure, Outcome};

/// What is asked for, as it is shown; `{id}` is a task.
const REQUESTS: [&str; 3] = ["/v0.10/task/{id}", "/v2/groups/my_groups", "/v2/oauth2/userinfo"];
const CONNECTIONS: &str = "16";
const ENOUGH_A_SECOND: u32 = 10_000;
const MOST_MILLIS: u32 = 100;

/// Prints a line for each figure. The server has the first core to itself, and what asks it the last.
pub(super) fn run(programs: &Path, quick: bool) -> Outcome {
    let (rounds, seconds) = if quick { (3, "0.3") } else { (9, "3") };
    let (server, client) = (Pinning::find(), Pinning::last());
    let program = programs.join("globus-emulator");
    println!("\nemulator                                 figure\n{}", "-".repeat(90));

    let starts: Vec<f64> = (0..rounds)
        .map(|_| Emulator::start(&program, server.as_ref()).map(|emulator| emulator.start_millis))
        .collect::<Outcome<_>>()?;
    println!("{:<40} {}   (at most {MOST_MILLIS})", "start to READY, ms", Summary::of(starts));

    let emulator = Emulator::start(&program, server.as_ref())?;
    let user = Client::new(&emulator)?;
    for path in REQUESTS {
        let url = format!("{}{}", emulator.origin(), path.replace("{id}", &user.task));
        let token = if path.starts_with("/v0.10/") {
            &user.transfer
        } else if path.starts_with("/v2/groups/") {
            &user.groups
        } else {
            &user.auth
        };
        let load = || {
            let mut command = pinning::command(client.as_ref(), &programs.join("http-load"));
            command.args([&url, CONNECTIONS, seconds]).env("HTTP_LOAD_TOKEN", token).stderr(Stdio::inherit());
            let output = command.output().map_err(Failure::while_doing("starting http-load"))?;
            let line = String::from_utf8_lossy(&output.stdout);
            let rate = number(&line, "items").zip(number(&line, "seconds")).map(|(items, time)| items / time);
            rate.ok_or_else(|| Failure::new(format!("{path}: no answers could be counted")))
        };
        let rates: Vec<f64> = (0..3).map(|_| load()).collect::<Outcome<_>>()?;
        println!(
            "{:<40} {}   (at least {ENOUGH_A_SECOND})",
            format!("GET {path}, a second"),
            Summary::of(rates)
        );
    }
    copies::run(&program, quick)?;
    match server.zip(client) {
        Some((server, client)) => {
            println!("\nThe server on core {server}, {CONNECTIONS} connections from core {client}.");
        }
        None => println!("\nThere is no `taskset`: the server and what asks it were on any core."),
    }
    Ok(())
}
