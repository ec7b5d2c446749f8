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

#[cfg(unix)]
#[test]
fn exec_has_the_faults_and_the_clock_it_was_told() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(
        file.path(),
        r#"[{"path": "/v2/**", "action": "drop"}, {"path": "/jwk.json", "action": "drop"}]"#,
    )
    .unwrap();
    let script =
        "exec 3<>/dev/tcp/127.0.0.1/$(echo $GLOBUS_SDK_SERVICE_URL_AUTH | tr -dc '0-9:' | cut -d: -f3)
        printf 'GET /__emulator/%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' $0 >&3; cat <&3";
    let ask = |what: &str| {
        let output = emulator()
            .args(["exec", "--fault", r#"{"path": "/v0.10/**", "action": {"error": {"status": 503}}}"#])
            .args(["--fault", &format!("@{}", file.path().display())])
            .args(["--clock-offset", "-90", "--", "bash", "-c", script, what])
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let faults = ask("faults");
    assert!(faults.contains(r#""id":"fault-3""#) && faults.contains(r#""status":503"#), "{faults}");
    assert!(ask("clock").contains(r#""offset_seconds":-90.0"#));
}

#[test]
fn a_fault_that_is_none_is_told_before_anything_starts() {
    let output =
        emulator().args(["serve", "--fault", r#"{"path": "/", "action": "fall"}"#]).output().unwrap();
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && complaint.contains("unknown variant `fall`"), "{complaint}");
}

#[test]
fn listening_elsewhere_is_warned_of() {
    let output = emulator().args(["exec", "--insecure-bind", "0.0.0.0", "--", "true"]).output().unwrap();
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.success() && complaint.starts_with("warning: the emulator listens on 0.0.0.0:"),
        "{complaint}"
    );
    let output = emulator().args(["exec", "--", "true"]).output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}
