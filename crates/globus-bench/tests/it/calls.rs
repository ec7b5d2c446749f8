//! Many calls, and many that want one token.

use crate::programs::{BARE, SDK, Server, report};

/// What the transport allows to one host unless told otherwise.
const MOST_CONNECTIONS: u64 = 100;

/// The HTTP stack gives a connection back a moment after its last answer was read, and opens another one for a call that
/// begins just then: a few on an idle machine, never as many again as are allowed. Without a limit it would be thousands.
const GIVEN_BACK_LATE: u64 = MOST_CONNECTIONS;

#[test]
fn ten_thousand_calls_at_once_on_one_client_succeed_on_as_few_connections_as_allowed() {
    let server = Server::start();
    let report = report(SDK, &["connections", "--base-url", &server.url(10), "--n", "10000"]);
    assert_eq!(report["items"], 10_000);
    // Each answer was read: a task has 12 files.
    assert_eq!(report["check"], 120_000);
    let counts = server.counts();
    // All in all, so none is thrown away to make a new one.
    let connections = counts["connections"].as_u64().unwrap();
    assert!((1..=MOST_CONNECTIONS + GIVEN_BACK_LATE).contains(&connections), "{counts}");
}

#[test]
fn tasks_that_meet_an_expired_token_cause_one_exchange_however_long_it_takes() {
    let server = Server::start();
    for milliseconds in [0, 5, 50] {
        let url = server.url(milliseconds);
        let report = report(SDK, &["stampede", "--base-url", &url, "--n", "64"]);
        assert_eq!((&report["distinct_headers"], &report["errors"]), (&1.into(), &0.into()));
        assert_eq!(server.counts()["tokens"], 1, "a token in {milliseconds} ms");
    }
}

#[test]
fn both_programs_do_the_same_calls() {
    let server = Server::start();
    let url = server.url(1000);
    for workload in [
        "seq_task",
        "conc_task",
        "connections",
        "search",
        "groups",
        "stampede",
        "header_hot",
        "submit",
        "rls",
    ] {
        let arguments = [workload, "--base-url", &url, "--n", "1000", "--conc", "8"];
        let [sdk, bare] = [SDK, BARE].map(|program| report(program, &arguments));
        assert_eq!((&sdk["items"], &sdk["check"]), (&bare["items"], &bare["check"]), "{workload}");
    }
}

#[test]
fn a_transfer_that_is_written_while_it_is_sent_arrives() {
    let server = Server::start();
    let url = server.url(10);
    for n in ["0", "1", "20000"] {
        let arguments = ["submit", "--base-url", &url, "--n", n, "--variant", "stream"];
        let [sdk, bare] = [SDK, BARE].map(|program| report(program, &arguments));
        assert_eq!(sdk["items"], bare["items"]);
        // A plan without items submits nothing.
        let expected = if n == "0" { 0.into() } else { bare["check"].clone() };
        assert_eq!(sdk["check"], expected);
    }
}
