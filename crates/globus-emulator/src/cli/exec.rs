//! `globus-emulator exec`.

use std::ffi::OsString;
use std::process::{ExitCode, ExitStatus};

use super::{INTERRUPT, Signals};
use crate::builder::Builder;
use crate::error::{Error, Result};

pub(crate) async fn exec(builder: Builder, command: Vec<OsString>) -> Result<ExitCode> {
    let mut signals = Signals::listen().map_err(|error| Error::io("cannot listen for signals", error))?;
    let Some((program, arguments)) = command.split_first() else {
        return Err(Error::new("no command was given"));
    };
    let emulator = builder.start().await?;
    let mut child = match tokio::process::Command::new(program)
        .args(arguments)
        .envs(emulator.variables())
        .kill_on_drop(true)
        .spawn()
    {
        Ok(child) => child,
        Err(error) => {
            let doing = format!("cannot run {}", program.to_string_lossy());
            eprintln!("globus-emulator: {doing}: {error}");
            // As shells say it: not found, or not to be run.
            let missing = error.kind() == std::io::ErrorKind::NotFound;
            return Ok(ExitCode::from(if missing { 127 } else { 126 }));
        }
    };
    let code = loop {
        tokio::select! {
            status = child.wait() => {
                let status = status.map_err(|error| Error::io("cannot wait for the command", error))?;
                break code(status);
            }
            // The command may want to tidy up: it says how this ends. Ctrl-C has reached it already.
            signal = signals.next() => if signal != INTERRUPT {
                pass_on(&mut child, signal);
            },
        }
    };
    emulator.stop().await;
    Ok(ExitCode::from(code))
}

/// Sends the command the signal that came here.
fn pass_on(child: &mut tokio::process::Child, signal: u8) {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process};
        let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        // A number that it does not know, or a command that has just ended, needs nothing more.
        if let (Some(id), Some(signal)) = (id, Signal::from_named_raw(i32::from(signal))) {
            let _ = kill_process(id, signal);
        }
    }
    #[cfg(not(unix))]
    {
        let _ = signal;
        let _ = child.start_kill();
    }
}

fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt as _;
        if let Some(signal) = status.signal() {
            return u8::try_from(128 + signal).unwrap_or(u8::MAX);
        }
    }
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
