//! The command.

mod exec;
mod serve;

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::builder::Builder;
use crate::config::Config;
use crate::emulator::Emulator;
use crate::error::Result;
use crate::faults::Fault;

/// How the environment is printed.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Form {
    /// `NAME=VALUE`, with the quotes of a POSIX shell where they are needed.
    Plain,
    /// `export NAME=VALUE`, for `eval` in sh, bash and zsh.
    Sh,
    /// `set -gx NAME VALUE`, for `source` in fish.
    Fish,
    /// One object on one line.
    Json,
}

/// A local Globus (Auth, Groups, Transfer) for development, tests and demonstrations.
#[derive(Debug, Parser)]
#[command(name = "globus-emulator", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve on 127.0.0.1 until SIGTERM or Ctrl-C.
    Serve {
        #[command(flatten)]
        options: Options,
        /// Print the environment, then a line READY: NAME=VALUE lines, or in another form.
        #[arg(long, value_name = "FORM", num_args = 0..=1, require_equals = true, default_missing_value = "plain")]
        print_env: Option<Form>,
    },
    /// Run a command against an emulator of its own, and exit with the command's status.
    Exec {
        #[command(flatten)]
        options: Options,
        /// The command and its arguments.
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<OsString>,
    },
}

#[derive(Args, Debug)]
struct Options {
    /// A world of one's own, from this file: users, clients, collections, groups, settings. Options count more than it.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The port; 0, the default, takes a free one.
    #[arg(long)]
    port: Option<u16>,
    /// How long tokens live.
    #[arg(long, value_name = "SECONDS")]
    token_lifetime: Option<u64>,
    /// How fast a transfer task moves data at most.
    #[arg(long, value_name = "BYTES_PER_SECOND")]
    transfer_rate: Option<u64>,
    /// Give a new refresh token at each use, and end the old one.
    #[arg(long)]
    rotate_refresh_tokens: bool,
    /// Keep everything in this directory, and go on from what is there.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Make ids and secrets the same in every run.
    #[arg(long)]
    seed: Option<u64>,
    /// Make requests fail: a fault as a JSON document, or @FILE with one or a list of them. May be given several times.
    #[arg(long, value_name = "JSON", value_parser = faults)]
    fault: Vec<Faults>,
    /// Set the emulator's clock before the wall clock, or behind it.
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    clock_offset: Option<i64>,
    /// Listen on this address in place of loopback: whoever can reach it can log in as anybody, and do anything with the data.
    #[arg(long, value_name = "ADDRESS")]
    insecure_bind: Option<IpAddr>,
    /// A name that the emulator may be called by, beside localhost. May be given several times.
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
}

/// What one `--fault` says.
#[derive(Clone, Debug)]
struct Faults(Vec<Fault>);

fn faults(text: &str) -> std::result::Result<Faults, String> {
    let read = |file| std::fs::read_to_string(file).map_err(|error| format!("cannot read {file}: {error}"));
    let text = text.strip_prefix('@').map_or_else(|| Ok(text.to_owned()), read)?;
    Fault::list_from_json(&text).map(Faults).map_err(|error| error.to_string())
}

impl Options {
    fn builder(&self) -> Result<Builder> {
        let mut builder = Emulator::builder();
        if let Some(file) = &self.config {
            builder = builder.config(Config::from_file(file)?);
        }
        if let Some(port) = self.port {
            builder = builder.port(port);
        }
        if self.rotate_refresh_tokens {
            builder = builder.rotate_refresh_tokens(true);
        }
        if let Some(seconds) = self.token_lifetime {
            builder = builder.token_lifetime(Duration::from_secs(seconds));
        }
        if let Some(rate) = self.transfer_rate {
            builder = builder.transfer_rate(rate);
        }
        if let Some(data) = &self.data {
            builder = builder.data(data);
        }
        if let Some(seed) = self.seed {
            builder = builder.seed(seed);
        }
        if let Some(seconds) = self.clock_offset {
            builder = builder.clock_offset_seconds(seconds);
        }
        if let Some(address) = self.insecure_bind {
            builder = builder.insecure_bind(address);
        }
        builder = self.allow_host.iter().fold(builder, Builder::allow_host);
        Ok(self.fault.iter().flat_map(|faults| &faults.0).cloned().fold(builder, Builder::fault))
    }
}

/// Runs the command with the arguments of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    let outcome = runtime.block_on(async {
        match cli.command {
            Command::Serve { options, print_env } => serve::serve(options.builder()?, print_env).await,
            Command::Exec { options, command } => exec::exec(options.builder()?, command).await,
        }
    });
    outcome.unwrap_or_else(|error| fail(&error))
}

fn fail(error: &dyn std::error::Error) -> ExitCode {
    let mut message = format!("globus-emulator: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        message.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    eprintln!("{message}");
    ExitCode::FAILURE
}

/// The number of the signal of Ctrl-C.
pub(crate) const INTERRUPT: u8 = 2;

/// The signals that ask the command to end, listened for from the moment this is made.
pub(crate) struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    hangup: tokio::signal::unix::Signal,
}

impl Signals {
    pub(crate) fn listen() -> std::io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self {
                terminate: signal(SignalKind::terminate())?,
                interrupt: signal(SignalKind::interrupt())?,
                hangup: signal(SignalKind::hangup())?,
            })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// Waits for the next one; the number is that of the signal.
    pub(crate) async fn next(&mut self) -> u8 {
        #[cfg(unix)]
        {
            tokio::select! {
                _ = self.terminate.recv() => 15,
                _ = self.interrupt.recv() => INTERRUPT,
                _ = self.hangup.recv() => 1,
            }
        }
        #[cfg(not(unix))]
        {
            let _ = tokio::signal::ctrl_c().await;
            INTERRUPT
        }
    }
}
