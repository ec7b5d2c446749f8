//! The command: what it prints, and how it ends.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

fn emulator() -> Command {
    Command::new(env!("CARGO_BIN_EXE_globus-emulator"))
}

#[test]
fn exec_sets_the_variables_and_passes_the_status_on() {
    let script =
        "test -d \"$GLOBUS_EMULATOR_COLLECTION_A_DIR\" && test -n \"$GLOBUS_SDK_SERVICE_URL_AUTH\" && exit 7";
    let status = emulator().args(["exec", "--", "sh", "-c", script]).status().unwrap();
    assert_eq!(status.code(), Some(7));
}

#[cfg(unix)]
#[test]
fn exec_tells_signals_and_missing_commands_as_shells_do() {
    let killed = emulator().args(["exec", "--", "sh", "-c", "kill -9 $$"]).status().unwrap();
    assert_eq!(killed.code(), Some(137));
    let missing = emulator().args(["exec", "--", "no-such-command"]).stderr(Stdio::null()).status().unwrap();
    assert_eq!(missing.code(), Some(127));
}

#[cfg(unix)]
#[test]
fn serve_prints_the_variables_and_ends_when_asked() {
    let mut child =
        emulator().args(["serve", "--port", "0", "--print-env"]).stdout(Stdio::piped()).spawn().unwrap();
    let lines: Vec<String> = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap)
        .take_while(|line| line != "READY")
        .collect();
    for name in ["GLOBUS_SDK_SERVICE_URL_TRANSFER=http://127.0.0.1:", "GLOBUS_EMULATOR_NATIVE_CLIENT_ID="] {
        assert!(lines.iter().any(|line| line.starts_with(name)), "{name} is not in {lines:?}");
    }
    assert!(lines.iter().all(|line| line.contains('=')));
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(child.wait().unwrap().success());
}
