//! Tokens in files.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::programs::{BARE, SDK, report};

#[test]
fn both_programs_store_and_get_the_same() {
    for (workload, variant) in [("storage_json", ""), ("storage_json", "sync"), ("storage_sqlite", "")] {
        let [sdk, bare] = [SDK, BARE].map(|program| {
            let dir = tempfile::tempdir().unwrap();
            let dir = dir.path().to_str().unwrap();
            report(program, &[workload, "--dir", dir, "--n", "3", "--variant", variant])
        });
        assert_eq!((&sdk["items"], &sdk["check"]), (&bare["items"], &bare["check"]), "{workload} {variant}");
        assert!(sdk["store_per_s"].is_number() && sdk["get_per_s"].is_number());
    }
}

#[test]
fn the_last_stores_of_eight_processes_that_begin_together_are_all_there() {
    let dir = tempfile::tempdir().unwrap();
    let at = (SystemTime::now() + Duration::from_millis(200)).duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let processes: Vec<_> = (0..8)
        .map(|process| {
            let (rs, at) = (format!("rs{process}.example.org"), at.as_secs_f64().to_string());
            Command::new(SDK)
                .args(["storage_put", "--rs", &rs, "--n", "5", "--at", &at, "--pause-ms", "2", "--dir"])
                .arg(dir.path())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for process in processes {
        let report: Value = serde_json::from_slice(&process.wait_with_output().unwrap().stdout).unwrap();
        let figures = ["ok", "errors", "last_ok"].map(|name| report[name].as_i64().unwrap());
        assert_eq!(figures, [5, 0, 4]);
    }
    let stored: Value = serde_json::from_slice(&fs::read(dir.path().join("tokens.json")).unwrap()).unwrap();
    for process in 0..8 {
        let token = &stored["data"]["DEFAULT"][format!("rs{process}.example.org")]["access_token"];
        assert_eq!(token, &format!("AgAccess{:064}", 4));
    }
}
