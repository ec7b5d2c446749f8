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

#[cfg(unix)]
#[test]
fn exec_passes_signals_on_and_lets_the_command_tidy_up() {
    let script = "trap 'exit 9' TERM; echo started; while :; do sleep 0.01; done";
    let mut child =
        emulator().args(["exec", "--", "sh", "-c", script]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "started\n");
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(9));
}

#[test]
fn exec_leaves_the_command_its_input() {
    let mut child =
        emulator().args(["exec", "--", "cat"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"typed").unwrap();
    assert_eq!(child.wait_with_output().unwrap().stdout, b"typed");
}

/// What `serve` with these arguments prints before READY.
fn served(arguments: &[&str]) -> String {
    let mut child = emulator().arg("serve").args(arguments).stdout(Stdio::piped()).spawn().unwrap();
    let mut text = String::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap) {
        if line == "READY" {
            break;
        }
        text.push_str(&line);
        text.push('\n');
    }
    child.kill().unwrap();
    child.wait().unwrap();
    text
}

#[test]
fn the_environment_is_printed_for_shells_and_programs() {
    let json: serde_json::Value = serde_json::from_str(&served(&["--print-env=json"])).unwrap();
    assert!(json["GLOBUS_SDK_SERVICE_URL_AUTH"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    for (form, start) in [("sh", "export "), ("fish", "set -gx ")] {
        let text = served(&[&format!("--print-env={form}")]);
        assert!(text.lines().all(|line| line.starts_with(start)), "{text}");
    }
    let read = "eval \"$1\" && printf %s \"$GLOBUS_EMULATOR_USERNAME\"";
    let output = Command::new("sh").args(["-c", read, "sh", &served(&["--print-env=sh"])]).output().unwrap();
    assert_eq!(output.stdout, b"researcher@example.org");
}

#[test]
fn a_configuration_is_taken_and_a_wrong_one_is_told_with_its_line() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("w.toml");
    std::fs::write(&file, "[[users]]\nusername = \"eve@example.org\"\n").unwrap();
    let file = file.to_str().unwrap();
    assert!(
        served(&["--config", file, "--print-env"]).contains("GLOBUS_EMULATOR_USERNAME=eve@example.org\n")
    );
    std::fs::write(file, "[[users]]\nusernam = \"eve@example.org\"\n").unwrap();
    let refused = emulator().args(["serve", "--config", file]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(told.contains("w.toml:2:1: unknown field `usernam`, expected one of `username`"), "{told}");
}

/// Each line of the file that begins with the word, without it.
fn instructions<'a>(file: &'a str, word: &'a str) -> Vec<&'a str> {
    file.lines().filter_map(|line| line.strip_prefix(word)?.strip_prefix(' ')).collect()
}

#[test]
fn the_container_runs_what_there_is_and_not_as_root() {
    let file = include_str!("../../Containerfile");
    assert_eq!(instructions(file, "ENTRYPOINT"), ["[\"globus-emulator\"]"]);
    assert!(instructions(file, "USER").iter().all(|user| *user != "root" && *user != "0"));
    assert!(instructions(file, "FROM").last().unwrap().ends_with(":nonroot"));
    assert!(file.contains("--bin globus-emulator"));
    let command = instructions(file, "CMD")[0];
    let mut words: Vec<String> = serde_json::from_str(command).unwrap();
    assert_eq!(words.remove(0), "serve");
    let folder = tempfile::TempDir::new().unwrap();
    for (option, here) in [("--data", folder.path().to_str().unwrap()), ("--port", "0")] {
        let at = words.iter().position(|word| word == option).unwrap();
        here.clone_into(&mut words[at + 1]);
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    assert!(served(&words).contains("A local Globus answers at http://"));
}
