//! Many users, each with a namespace, in one storage.

use std::sync::Arc;

use globus_tokenstorage::{MemoryTokenStorage, TokenStorage};
use tokio::task::JoinSet;

use crate::support::token;

const SUBJECTS: usize = 10_000;
/// Tasks at work at a time.
const TASKS: usize = 64;

/// Each of many subjects stores a token, renews it, and finds its own and nothing else.
async fn subjects_do_not_meet<S, F>(view: F)
where
    S: TokenStorage + 'static,
    F: Fn(&str) -> S + Send + Sync + 'static,
{
    let view = Arc::new(view);
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let view = Arc::clone(&view);
        tasks.spawn(async move {
            for subject in (task..SUBJECTS).step_by(TASKS).map(|subject| subject.to_string()) {
                let storage = view(&subject);
                let first = token("rs", &format!("Ag{subject}"));
                storage.store_token_data(&first).await.unwrap();
                if subject.ends_with("77") {
                    let renewed = token("rs", &format!("AgNew{subject}"));
                    assert!(storage.compare_and_swap("rs", Some(&first), Some(&renewed)).await.unwrap());
                    assert!(!storage.compare_and_swap("rs", Some(&first), None).await.unwrap());
                }
            }
        });
    }
    tasks.join_all().await;
    for subject in (0..SUBJECTS).step_by(7).map(|subject| subject.to_string()) {
        let tokens = view(&subject).get_token_data_by_resource_server().await.unwrap();
        let new = if subject.ends_with("77") { "New" } else { "" };
        assert_eq!(tokens, [("rs".to_owned(), token("rs", &format!("Ag{new}{subject}")))].into());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_subjects_do_not_meet_in_memory() {
    let storage = MemoryTokenStorage::new();
    subjects_do_not_meet(move |subject| storage.with_namespace(subject)).await;
}

#[cfg(feature = "sqlite")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_subjects_do_not_meet_in_a_database() {
    let dir = crate::support::quick_dir();
    let storage = globus_tokenstorage::SqliteTokenStorage::new(dir.path().join("tokens.db"));
    subjects_do_not_meet(move |subject| storage.with_namespace(subject)).await;
}

/// A JSON file is written anew with each change: some subjects of the ten thousand that it holds change theirs.
#[cfg(feature = "json")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_subjects_do_not_meet_in_a_json_file() {
    use std::fs;

    use serde_json::{Value, json};

    let dir = crate::support::quick_dir();
    let path = dir.path().join("tokens.json");
    let entry = |subject: usize| {
        json!({"resource_server": "rs", "scope": "all", "access_token": format!("Ag{subject}"),
               "expires_at_seconds": 1_750_000_000, "token_type": "Bearer"})
    };
    let data: serde_json::Map<String, Value> =
        (0..SUBJECTS).map(|subject| (subject.to_string(), json!({"rs": entry(subject)}))).collect();
    let mut expected = json!({"data": data, "format_version": "2.0", "globus-sdk.version": "9"});
    fs::write(&path, expected.to_string()).unwrap();

    let storage = globus_tokenstorage::JsonTokenStorage::new(&path).with_sync(false);
    let mut tasks = JoinSet::new();
    for subject in (0..SUBJECTS).step_by(SUBJECTS / 4) {
        let storage = storage.with_namespace(subject.to_string());
        tasks.spawn(async move {
            let (old, new) = (token("rs", &format!("Ag{subject}")), token("rs", &format!("AgNew{subject}")));
            assert!(storage.compare_and_swap("rs", Some(&old), Some(&new)).await.unwrap());
            assert_eq!(storage.get_token_data("rs").await.unwrap(), Some(new));
        });
        expected["data"][subject.to_string()]["rs"]["access_token"] = format!("AgNew{subject}").into();
    }
    tasks.join_all().await;
    let mut found: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    found["globus-sdk.version"] = "9".into();
    assert!(found == expected);
}
