//! Rounds of renewals by many processes, of which some are killed. `GLOBUS_SDK_SOAK=N` makes it N times as many.

use std::collections::HashSet;
use std::time::Duration;
use std::{env, thread};

use crate::fleet::{Fleet, Plan};

const PROCESSES: usize = 8;

fn rounds(ordinary: usize) -> usize {
    let times = env::var("GLOBUS_SDK_SOAK").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    ordinary * times
}

/// Lets processes renew round after round, kills some of them, and checks each round. Returns how often the login was lost.
async fn soak(plan: Plan, rounds: usize, most_kills: usize) -> usize {
    let dir = tempfile::tempdir().unwrap();
    let fleet = Fleet::new(dir.path(), plan);
    let (mut lost, mut seen, mut killed_in_exchange) = (0, 0, 0);
    fleet.log_in("AgLogin").await;
    for round in 0..rounds {
        let (mut children, gate) = fleet.start(PROCESSES, None);
        let pids: Vec<u32> = children.iter().map(std::process::Child::id).collect();
        drop(gate);
        for victim in children.iter_mut().take(fastrand::usize(0..=most_kills)) {
            thread::sleep(Duration::from_micros(fastrand::u64(0..8000)));
            // What has come to its end cannot be killed.
            let _ = victim.kill();
        }
        let mut killed = HashSet::new();
        for (child, pid) in children.iter_mut().zip(&pids) {
            if !child.wait().unwrap().success() {
                killed.insert(*pid);
            }
        }
        let notes = fleet.notes().split_off(seen);
        let stored = fleet.stored_refresh_token().await;
        // A refresh token that went down with a process.
        let is_lost = notes
            .iter()
            .filter_map(|note| note.next.as_ref())
            .next_back()
            .is_some_and(|last| *last != stored);
        let by_survivors = notes.iter().filter(|note| !killed.contains(&note.process)).count();
        killed_in_exchange += notes.len() - by_survivors;
        let story = format!("round {round}: {killed:?} were killed; {notes:?}");
        for (process, result) in fleet.results() {
            match result {
                Ok(_) => assert!(!is_lost, "{process} got a token; {story}"),
                Err(err) => assert!(is_lost && err.contains("was killed while it renewed"), "{err}; {story}"),
            }
        }
        assert!(is_lost || by_survivors <= 1, "{story}");
        assert!(!is_lost || (plan.rotating && !killed.is_empty()), "{story}");
        assert!(!killed.is_empty() || notes.len() == 1, "{story}");
        if is_lost {
            lost += 1;
            fleet.log_in(&format!("AgLogin{round}")).await;
        } else {
            fleet.expire().await;
        }
        seen = fleet.notes().len();
    }
    println!(
        "{rounds} rounds of {PROCESSES} processes ({plan:?}): {killed_in_exchange} killed in or after their exchange, {lost} logins lost"
    );
    lost
}

#[tokio::test]
async fn nothing_is_spent_twice_when_nobody_is_killed() {
    for sqlite in [false, true] {
        let plan = Plan { sqlite, rotating: true, tasks: 4, latency: 1 };
        assert_eq!(soak(plan, rounds(2), 0).await, 0);
    }
}

#[tokio::test]
async fn no_login_is_lost_by_killed_processes_where_refresh_tokens_are_kept() {
    for sqlite in [false, true] {
        let plan = Plan { sqlite, rotating: false, tasks: 4, latency: 1 };
        assert_eq!(soak(plan, rounds(2), 4).await, 0);
    }
}

#[tokio::test]
async fn a_login_is_lost_by_killed_processes_alone_where_refresh_tokens_change() {
    for sqlite in [false, true] {
        soak(Plan { sqlite, rotating: true, tasks: 4, latency: 1 }, rounds(2), 4).await;
    }
}
