//! Many processes with one storage, and processes that are killed.

use crate::crash::Crash;
use crate::fleet::{Fleet, Plan};

const PLAN: Plan = Plan { sqlite: false, rotating: true, tasks: 1, latency: 0 };

async fn eight_processes_of_many_tasks_cost_one_exchange(sqlite: bool) {
    let dir = tempfile::tempdir().unwrap();
    let fleet = Fleet::new(dir.path(), Plan { sqlite, tasks: 125, ..PLAN });
    fleet.log_in("AgFirst").await;
    fleet.run(8, None);
    let notes = fleet.notes();
    assert_eq!((notes.len(), notes[0].refresh_token.as_str()), (1, "AgFirst"));
    let token = format!("Bearer AgFromProcess{}", notes[0].process);
    let results = fleet.results();
    assert_eq!(results.len(), 8);
    assert!(results.iter().all(|(_, result)| result.as_ref() == Ok(&token)), "{results:?}");
    assert_eq!(Some(fleet.stored_refresh_token().await), notes[0].next);
}

#[tokio::test]
async fn eight_processes_with_one_json_file_cost_one_exchange() {
    eight_processes_of_many_tasks_cost_one_exchange(false).await;
}

#[tokio::test]
async fn eight_processes_with_one_sqlite_file_cost_one_exchange() {
    eight_processes_of_many_tasks_cost_one_exchange(true).await;
}

#[tokio::test]
async fn eight_processes_with_a_spent_refresh_token_are_all_told_to_log_in_and_recover() {
    let dir = tempfile::tempdir().unwrap();
    let fleet = Fleet::new(dir.path(), PLAN);
    fleet.log_in("AgFirst").await;
    fleet.run(1, Some(Crash::AfterAnswer));
    fleet.run(8, None);
    let results = fleet.results();
    assert!(results.iter().all(|(_, result)| result.as_ref().is_err_and(|err| err.contains("log in again"))));
    fleet.log_in("AgSecond").await;
    fleet.run(8, None);
    assert!(fleet.results().iter().all(|(_, result)| result.is_ok()));
    assert_eq!(fleet.notes().len(), 1);
}

/// A process is killed at this instant. What does the next one get, and how many exchanges have there been?
async fn after(crash: Crash, plan: Plan) -> (Result<String, String>, usize) {
    let dir = tempfile::tempdir().unwrap();
    let fleet = Fleet::new(dir.path(), plan);
    fleet.log_in("AgFirst").await;
    fleet.run(1, Some(crash));
    assert_eq!(fleet.results(), []);
    fleet.run(1, None);
    let [(process, result)] = fleet.results().try_into().unwrap();
    if let Ok(token) = &result {
        // It goes on from what is stored, also next time.
        fleet.expire().await;
        fleet.run(1, None);
        assert!(
            fleet.results()[0].1.as_ref().is_ok_and(|next| next != token || process != fleet.results()[0].0)
        );
    }
    (result, fleet.notes().len())
}

#[tokio::test]
async fn a_process_killed_at_any_instant_of_a_renewal_costs_no_login_where_refresh_tokens_are_kept() {
    for sqlite in [false, true] {
        for (crash, exchanges) in [
            (Crash::BeforeExchange, 2),
            (Crash::AfterAnswer, 3),
            (Crash::BeforeWrite, 3),
            (Crash::AfterWrite, 2),
        ] {
            let (result, seen) = after(crash, Plan { sqlite, rotating: false, ..PLAN }).await;
            assert_eq!((result.err(), seen), (None, exchanges), "{crash:?}");
        }
        let (result, _) = after(Crash::DuringWrite(0), Plan { sqlite, rotating: false, ..PLAN }).await;
        assert_eq!(result.err(), None);
    }
}

#[tokio::test]
async fn a_process_killed_before_the_exchange_or_after_the_write_costs_no_login_where_refresh_tokens_change()
{
    for crash in [Crash::BeforeExchange, Crash::AfterWrite] {
        let (result, exchanges) = after(crash, PLAN).await;
        assert_eq!((result.err(), exchanges), (None, 2), "{crash:?}");
    }
}

#[tokio::test]
async fn a_process_killed_between_the_answer_and_the_write_is_named_as_the_cause_of_the_login() {
    for crash in [Crash::AfterAnswer, Crash::BeforeWrite, Crash::DuringWrite(0)] {
        match after(crash, PLAN).await {
            (Err(text), 2) => {
                assert!(text.contains("a program that was killed while it renewed; log in again"), "{text}");
            }
            // It may come to its end before it is killed.
            (Ok(_), 2) if matches!(crash, Crash::DuringWrite(_)) => {}
            (result, exchanges) => panic!("{crash:?}: {result:?} after {exchanges} exchanges"),
        }
    }
}
