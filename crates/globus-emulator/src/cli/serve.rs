//! `globus-emulator serve`.

use std::io::Write as _;
use std::process::ExitCode;

use super::{Form, Signals};
use crate::builder::Builder;
use crate::emulator::Emulator;
use crate::error::{Error, Result};
use crate::variables::{quoted, quoted_for_fish};

pub(super) async fn serve(builder: Builder, print_env: Option<Form>) -> Result<ExitCode> {
    // Before anything is printed: whoever reads READY may stop us at once.
    let mut signals = Signals::listen().map_err(|error| Error::io("cannot listen for signals", error))?;
    let emulator = builder.start().await?;
    let text = print_env.map_or_else(|| welcome(&emulator), |form| environment(&emulator, form));
    {
        let mut out = std::io::stdout().lock();
        // Who closed the pipe may still want the server.
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"READY\n"));
        let _ = out.flush();
    }
    signals.next().await;
    emulator.stop().await;
    Ok(ExitCode::SUCCESS)
}

fn environment(emulator: &Emulator, form: Form) -> String {
    let variables = emulator.variables();
    let lines =
        |line: fn(&str, &str) -> String| variables.iter().map(|(name, value)| line(name, value)).collect();
    match form {
        Form::Plain => lines(|name, value| format!("{name}={}\n", quoted(value))),
        Form::Sh => lines(|name, value| format!("export {name}={}\n", quoted(value))),
        Form::Fish => lines(|name, value| format!("set -gx {name} {}\n", quoted_for_fish(value))),
        Form::Json => {
            let all: serde_json::Map<_, _> =
                variables.into_iter().map(|(name, value)| (name, value.into())).collect();
            format!("{}\n", serde_json::Value::Object(all))
        }
    }
}

fn welcome(emulator: &Emulator) -> String {
    let exports: String = emulator
        .variables()
        .iter()
        .map(|(name, value)| format!("  export {name}={}\n", quoted(value)))
        .collect();
    format!(
        "A local Globus answers at {url}\n\
         Open that address in a browser to see its collections and tasks.\n\n\
         To point programs at it, run this in their shell:\n\n{exports}\n\
         {end}.\n",
        url = emulator.url(),
        end = match emulator.data() {
            Some(data) => format!("It stays in {} when this program ends (Ctrl-C)", data.display()),
            None => "Everything is gone when this program ends (Ctrl-C)".to_owned(),
        },
    )
}
