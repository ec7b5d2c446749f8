//! Many processes on one storage. The processes are this test binary, told by a variable to be a child.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use globus_tokenstorage::TokenStorage;
use tokio::task::JoinSet;

use crate::support::one;

const PATH: &str = "TOKENSTORAGE_TEST_PATH";
const ROLE: &str = "TOKENSTORAGE_TEST_ROLE";
const PROCESSES: usize = 8;
/// In each process, so that connections of one process are open beside one another.
const TASKS: usize = 4;
const WRITES: usize = 5;

fn open(path: &Path) -> Box<dyn TokenStorage> {
    match path.extension().and_then(|extension| extension.to_str()) {
        #[cfg(feature = "json")]
        Some("json") => Box::new(globus_tokenstorage::JsonTokenStorage::new(path).with_sync(false)),
        #[cfg(feature = "sqlite")]
        Some("db") => Box::new(globus_tokenstorage::SqliteTokenStorage::new(path)),
        _ => panic!("no such storage: {}", path.display()),
    }
}

fn child(path: &Path, role: &str) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "processes::a_child_does_as_it_is_told", "--nocapture"])
        .env(PATH, path)
        .env(ROLE, role)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits until the child has said `word`.
fn hear(child: &mut Child, word: &str) {
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.contains(word)), "the child never said {word}");
}

#[tokio::test]
async fn a_child_does_as_it_is_told() {
    let (Ok(path), Ok(role)) = (env::var(PATH), env::var(ROLE)) else { return };
    let storage: Arc<dyn TokenStorage> = open(&PathBuf::from(path)).into();
    match role.as_str() {
        "hold" => {
            let _lock = storage.lock("rs").await.unwrap();
            println!("\nheld");
            std::future::pending::<()>().await;
        }
        "write for ever" => {
            for write in 0.. {
                let tokens = one(&format!("{}", write % 50), "Ag1");
                storage.store_token_data_by_resource_server(&tokens).await.unwrap();
                println!("\nwritten");
            }
        }
        writer => {
            let mut tasks = JoinSet::new();
            for task in 0..TASKS {
                let (storage, writer) = (Arc::clone(&storage), format!("{writer}-{task}"));
                tasks.spawn(async move { write(&*storage, &writer).await });
            }
            tasks.join_all().await;
        }
    }
}

async fn write(storage: &dyn TokenStorage, writer: &str) {
    for write in 0..WRITES {
        let tokens = one(&format!("{writer}-{write}"), "Ag1");
        storage.store_token_data_by_resource_server(&tokens).await.unwrap();
        storage.get_token_data_by_resource_server().await.unwrap();
    }
}

async fn nothing_is_lost(name: &str) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    let mut children: Vec<Child> =
        (0..PROCESSES).map(|process| child(&path, &format!("writer {process}"))).collect();
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    let tokens = open(&path).get_token_data_by_resource_server().await.unwrap();
    assert_eq!(tokens.len(), PROCESSES * TASKS * WRITES);
}

async fn a_killed_process_leaves_a_whole_file_and_no_lock(name: &str) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    let storage = open(&path);
    for _ in 0..5 {
        let mut child = child(&path, "write for ever");
        hear(&mut child, "written");
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!storage.get_token_data_by_resource_server().await.unwrap().is_empty());
        storage.store_token_data_by_resource_server(&one("after", "Ag1")).await.unwrap();
    }
}

async fn a_dead_holder_does_not_block(name: &str) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    let storage = open(&path);
    let mut child = child(&path, "hold");
    hear(&mut child, "held");
    drop(storage.lock("other").await.unwrap());
    let mut waiting = storage.lock("rs");
    tokio::select! {
        biased;
        _ = &mut waiting => panic!("two processes hold one lock"),
        () = tokio::task::yield_now() => {}
    }
    child.kill().unwrap();
    child.wait().unwrap();
    drop(waiting.await.unwrap());
}

#[cfg(feature = "json")]
#[tokio::test]
async fn processes_that_write_one_json_file_lose_nothing() {
    nothing_is_lost("tokens.json").await;
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn processes_that_make_and_write_one_database_lose_nothing() {
    nothing_is_lost("tokens.db").await;
}

#[cfg(feature = "json")]
#[tokio::test]
async fn a_killed_writer_leaves_a_whole_json_file() {
    a_killed_process_leaves_a_whole_file_and_no_lock("tokens.json").await;
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_killed_writer_leaves_a_whole_database() {
    a_killed_process_leaves_a_whole_file_and_no_lock("tokens.db").await;
}

#[cfg(feature = "json")]
#[tokio::test]
async fn the_lock_of_a_killed_process_is_free() {
    a_dead_holder_does_not_block("tokens.json").await;
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn the_lock_of_a_killed_process_is_free_beside_a_database() {
    a_dead_holder_does_not_block("tokens.db").await;
}
