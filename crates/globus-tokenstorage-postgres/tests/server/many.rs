//! Ten thousand users in one database.

use std::sync::Arc;

use globus_tokenstorage::TokenStorage;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::support::{RS, database, storage, token};

const USERS: usize = 10_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_users_never_see_each_others_tokens() {
    let shared = storage(&database().await);
    let tasks_at_once = Arc::new(Semaphore::new(64));
    let mut tasks = JoinSet::new();
    for user in 0..USERS {
        let (storage, tasks_at_once) =
            (shared.with_namespace(format!("user-{user}")), Arc::clone(&tasks_at_once));
        tasks.spawn(async move {
            let _permit = tasks_at_once.acquire().await.unwrap();
            let (first, second) =
                (token(RS, &format!("AgFirst{user}")), token(RS, &format!("AgSecond{user}")));
            assert!(storage.compare_and_swap(RS, None, Some(&first)).await.unwrap());
            if user % 10 == 0 {
                let lock = storage.lock(RS).await.unwrap();
                assert!(storage.compare_and_swap(RS, Some(&first), Some(&second)).await.unwrap());
                drop(lock);
            }
        });
    }
    tasks.join_all().await;
    for user in (0..USERS).step_by(37) {
        let storage = shared.with_namespace(format!("user-{user}"));
        let all = storage.get_token_data_by_resource_server().await.unwrap();
        let expected = if user % 10 == 0 { format!("AgSecond{user}") } else { format!("AgFirst{user}") };
        assert_eq!(all.into_values().collect::<Vec<_>>(), [token(RS, &expected)]);
    }
}
