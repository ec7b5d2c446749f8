use std::time::Duration;

use super::plan::Ending;
use super::*;

fn asked(method: &'static str, path: &'static str) -> Asked<'static> {
    Asked { method, path, body: b"", now: 0 }
}

fn faults(all: impl IntoIterator<Item = Fault>) -> Faults {
    let faults = Faults::new(7);
    for fault in all {
        faults.add(fault).unwrap();
    }
    faults
}

#[test]
fn a_fault_is_used_up_by_the_requests_it_happens_to() {
    let faults = faults([Fault::on("/v2/**", FaultAction::Drop).method("post").skip(1).times(2)]);
    let dropped = |method, path| faults.plan(asked(method, path)).ending.is_some();
    assert!(!dropped("GET", "/v2/x"));
    assert!(!dropped("POST", "/v0.10/x"));
    assert!(!dropped("POST", "/v2/x"), "the first one is let through");
    assert!(dropped("POST", "/v2/x"));
    assert!(dropped("POST", "/v2/y"));
    assert!(!dropped("POST", "/v2/x"));
    assert_eq!(faults.documents(), Vec::<Value>::new());
}

#[test]
fn what_comes_on_top_adds_up_until_a_fault_answers() {
    let second = Duration::from_secs(1);
    let faults = faults([
        Fault::on("/**", FaultAction::delay(second)),
        Fault::on("/**", FaultAction::Truncate),
        Fault::on("/**", FaultAction::error(500)).id("broken"),
        Fault::on("/**", FaultAction::delay(second)),
    ]);
    let plan = faults.plan(asked("GET", "/"));
    assert_eq!((plan.delay, plan.truncate, plan.ending.is_some()), (second, true, true));
    assert_eq!(plan.faults, ["fault-1", "fault-2", "broken"]);
    assert_eq!(faults.documents()[3]["met"], 0);
}

#[test]
fn chance_follows_from_the_seed_the_id_and_the_order_of_the_requests() {
    let pattern = |seed: u64, id: &str| -> Vec<bool> {
        let faults = Faults::new(seed);
        faults.add(Fault::on("/**", FaultAction::Drop).rate(0.3).id(id)).unwrap();
        (0..200).map(|_| faults.plan(asked("GET", "/")).ending.is_some()).collect()
    };
    let first = pattern(1, "a");
    assert_eq!(first, pattern(1, "a"));
    assert_ne!(first, pattern(2, "a"));
    assert_ne!(first, pattern(1, "b"));
    let hit = first.iter().filter(|hit| **hit).count();
    assert!((40..80).contains(&hit), "{hit} of 200");
}

#[test]
fn a_delay_stays_between_its_bounds() {
    let (least, most) = (Duration::from_millis(10), Duration::from_millis(20));
    let faults = faults([Fault::on("/**", FaultAction::delay_between(least, most))]);
    let delays: Vec<_> = (0..50).map(|_| faults.plan(asked("GET", "/")).delay).collect();
    assert!(delays.iter().all(|delay| (least..most).contains(delay)), "{delays:?}");
    assert!(delays.windows(2).any(|two| two[0] != two[1]));
}

#[test]
fn a_limit_lets_so_many_through_in_each_window() {
    let faults = faults([Fault::on("/**", FaultAction::RateLimit { requests: 2, window_seconds: 2.5 })]);
    let wait = |now| match faults.plan(Asked { now, ..asked("GET", "/") }).ending {
        Some(Ending::Limited { retry_after_seconds }) => Some(retry_after_seconds),
        _ => None,
    };
    assert_eq!([wait(0), wait(100), wait(100), wait(2400)], [None, None, Some(3), Some(1)]);
    assert_eq!([wait(2500), wait(2500), wait(2500)], [None, None, Some(3)]);
    assert_eq!(wait(-1_000_000), None, "the clock was set back");
}

#[test]
fn a_collection_is_found_in_paths_and_in_tasks() {
    let faults = faults([Fault::on("/**", FaultAction::Drop).collection("c1")]);
    let met = |path, body: &'static str| {
        faults.plan(Asked { body: body.as_bytes(), ..asked("POST", path) }).ending.is_some()
    };
    assert!(met("/v0.10/operation/endpoint/c1/ls", ""));
    assert!(!met("/v0.10/operation/endpoint/c12/ls", ""));
    assert!(met("/v0.10/transfer", r#"{"destination_endpoint": "c1"}"#));
    assert!(met("/v0.10/delete", r#"{"endpoint": "c1"}"#));
    assert!(!met("/v0.10/delete", r#"{"endpoint": "c2"}"#));
    assert!(!met("/v0.10/delete", "c1"));
}

#[test]
fn documents_are_read_and_written_alike() {
    let texts = [
        r#"{"path":"/v0.10/**","method":"GET","rate":0.05,"action":{"error":{"status":503,"code":"Busy"}}}"#,
        r#"{"id":"x","path":"/**","service":"groups","skip":3,"times":2,"action":"drop"}"#,
        r#"{"path":"/**","collection":"c","action":{"consent_required":{"required_scopes":["a"]}}}"#,
        r#"{"path":"/**","action":{"session_required":{"session_required_mfa":true}}}"#,
        r#"{"path":"/**","action":{"delay_seconds":0.5}}"#,
        r#"{"path":"/**","action":{"delay_seconds":[0.1,0.5]}}"#,
        r#"{"path":"/**","action":{"slow_body":{"bytes_per_second":10}}}"#,
        r#"{"path":"/**","action":{"rate_limit":{"requests":10,"window_seconds":1.0}}}"#,
        r#"{"path":"/**","action":{"token_lifetime_seconds":5}}"#,
        r#"{"path":"/**","action":{"html_page":{"status":502}}}"#,
        r#"{"path":"/**","action":{"answer":{"status":200,"headers":{"X-A":"b"},"body":{"a":1}}}}"#,
        r#"{"path":"/**","action":"lose_answer"}"#,
        r#"{"path":"/**","action":"empty_pages"}"#,
    ];
    for text in texts {
        let fault = Fault::from_json(text).unwrap();
        assert_eq!(serde_json::to_string(&fault).unwrap(), text);
    }
}

#[test]
fn what_is_no_fault_is_refused_with_the_reason() {
    let cases = [
        ("{}", "missing field `action`"),
        (r#"{"pth": "/", "action": "drop"}"#, "unknown field `pth`"),
        (r#"{"action": "fall"}"#, "unknown variant `fall`"),
        (r#"{"path": "v2", "action": "drop"}"#, "begins with a slash"),
        (r#"{"rate": 5, "action": "drop"}"#, "from 0 to 1"),
        (r#"{"action": {"error": {"status": 200}}}"#, "from 400 to 599, not 200"),
        (r#"{"action": {"answer": {"status": 99}}}"#, "from 200 to 599, not 99"),
        (r#"{"action": {"answer": {"status": 200, "headers": {"a b": ""}}}}"#, "'a b' is no header"),
        (r#"{"action": {"delay_seconds": -1}}"#, "-1 is no number of seconds"),
        (r#"{"action": {"delay_seconds": [2, 1]}}"#, "the first is the shorter"),
        (r#"{"action": {"rate_limit": {"requests": 1, "window_seconds": 0}}}"#, "more than 0"),
        (r#"{"action": {"slow_body": {"bytes_per_second": 0}}}"#, "at least 1"),
    ];
    for (text, reason) in cases {
        let error = Fault::from_json(text).unwrap_err().to_string();
        assert!(error.contains(reason), "{text}: {error}");
    }
}
