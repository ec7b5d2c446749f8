//! Many processes on one storage.

use std::fs;
use std::path::Path;
use std::time::Duration;

use globus_auth_core::Secret;
use globus_tokenstorage::{StorageErrorKind, TokenStorage};
use tokio::task::JoinSet;

use crate::children::{Child, say, wait_to_go};
use crate::support::{FILES, names, one, open, open_with, quick_dir, token};

const PROCESSES: usize = 16;
/// In each process, each with a storage of its own, so that one process has the file open more than once.
const TASKS: usize = 2;
const COUNTERS: usize = 8;
const STEPS: usize = 10;
/// How many entries [`write_for_ever`] writes in turn.
const ENTRIES: usize = 60;

/// Writes `writer`'s own entries, and looks after each write whether the last one is there.
pub(crate) async fn write(path: &Path, writer: &str) {
    let (writer, writes) = writer.rsplit_once(' ').unwrap();
    let writes: usize = writes.parse().unwrap();
    wait_to_go();
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let (storage, name) = (open(path), format!("{writer} {task}"));
        tasks.spawn(async move {
            for write in 0..writes / TASKS {
                let data = token(&name, &format!("Ag{write}"));
                storage.store_token_data(&data).await.unwrap();
                assert_eq!(storage.get_token_data(&name).await.unwrap(), Some(data));
            }
        });
    }
    tasks.join_all().await;
}

/// Reads until the parent has enough.
pub(crate) async fn read(path: &Path) {
    let storage = open(path);
    wait_to_go();
    let mut seen = 0;
    loop {
        let tokens = storage.get_token_data_by_resource_server().await.unwrap();
        assert!(tokens.len() >= seen, "entries have gone");
        seen = tokens.len();
        say(format!("read {seen}"));
    }
}

pub(crate) async fn hold(path: &Path) {
    let _lock = open(path).lock("rs").await.unwrap();
    say("held");
    std::future::pending::<()>().await;
}

/// Holds what a writer of the file holds.
pub(crate) async fn hold_file(path: &Path) {
    match path.extension().and_then(|extension| extension.to_str()) {
        #[cfg(feature = "sqlite")]
        Some("db") => {
            let database = rusqlite::Connection::open(path).unwrap();
            database.execute_batch("BEGIN IMMEDIATE").unwrap();
            say("held");
            std::future::pending::<()>().await;
        }
        _ => {
            let lock = fs::File::open(path.with_extension("json.lock")).unwrap();
            lock.lock().unwrap();
            say("held");
            std::future::pending::<()>().await;
        }
    }
}

pub(crate) async fn write_for_ever(path: &Path) {
    let storage = open(path);
    for write in 0.. {
        storage
            .store_token_data(&token(&(write % ENTRIES).to_string(), &format!("Ag{write}")))
            .await
            .unwrap();
        say(format!("written {write}"));
    }
}

/// Adds to a counter that is an access token.
pub(crate) async fn count(path: &Path) {
    let storage = open(path);
    wait_to_go();
    for _ in 0..STEPS {
        loop {
            let old = storage.get_token_data("counter").await.unwrap();
            let next =
                old.as_ref().map_or(0, |data| data.access_token.expose().parse::<usize>().unwrap()) + 1;
            let new = token("counter", &next.to_string());
            if storage.compare_and_swap("counter", old.as_ref(), Some(&new)).await.unwrap() {
                break;
            }
        }
    }
}

pub(crate) async fn write_and_read_once(path: &Path) {
    let storage = open(path);
    storage.store_token_data(&token("rs", "Ag1")).await.unwrap();
    drop(storage.lock("rs").await.unwrap());
    assert_eq!(storage.get_token_data("rs").await.unwrap(), Some(token("rs", "Ag1")));
}

fn start_all(children: &mut [Child]) {
    children.iter_mut().for_each(|child| drop(child.hear("ready")));
    children.iter_mut().for_each(Child::go);
}

/// So many writes by each of 16 processes to one file that is not there yet, and two more that read all the time.
pub(crate) async fn nothing_is_lost(path: &Path, writes: usize) {
    let writer = |process| Child::start(&format!("{process} {writes}"), path);
    let mut children: Vec<Child> = (0..PROCESSES).map(writer).collect();
    let mut readers = [Child::start("read", path), Child::start("read", path)];
    start_all(&mut readers);
    start_all(&mut children);
    children.into_iter().for_each(Child::finish);
    for reader in &mut readers {
        // Both still read, and what they read has come to be all of it.
        assert!(reader.hear_all("read ").any(|seen| seen == (PROCESSES * TASKS).to_string()));
    }
    let tokens = open(path).get_token_data_by_resource_server().await.unwrap();
    assert_eq!(tokens.len(), PROCESSES * TASKS);
    let last = Secret::from(format!("Ag{}", writes / TASKS - 1));
    assert!(tokens.values().all(|data| data.access_token == last), "{tokens:?}");
}

/// Kills a writer somewhere in its 500 writes, and looks what is there.
pub(crate) async fn a_killed_writer_leaves_the_old_or_the_new(path: &Path, round: usize) {
    let mut child = Child::start("write for ever", path);
    let until = round * 97 % 500;
    let mut acknowledged = 0;
    for written in child.hear_all("written ") {
        acknowledged = written.parse().unwrap();
        if acknowledged >= until {
            break;
        }
    }
    // Somewhere else in a write each time.
    for _ in 0..round * 7919 % 20_000 {
        std::hint::spin_loop();
    }
    child.kill();
    if let Some(last) = child.hear_all("written ").last() {
        acknowledged = last.parse().unwrap();
    }
    let storage = open(path);
    let tokens = storage.get_token_data_by_resource_server().await.unwrap();
    for write in (acknowledged + 1).saturating_sub(ENTRIES)..=acknowledged {
        let found =
            tokens[&(write % ENTRIES).to_string()].access_token.expose()[2..].parse::<usize>().unwrap();
        assert!(found == write || found == acknowledged + 1, "{found} in the place of {write}");
    }
    let dir = path.parent().unwrap();
    assert!(names(dir).len() <= 3, "{:?}", names(dir));
    storage.store_token_data(&token("after", &round.to_string())).await.unwrap();
    let left = names(dir);
    assert!(left.iter().all(|name| name == "tokens.db" || name.starts_with("tokens.json")), "{left:?}");
    fs::remove_file(path).unwrap();
}

#[tokio::test]
async fn sixteen_processes_that_write_one_new_file_lose_nothing() {
    for name in FILES {
        let dir = quick_dir();
        nothing_is_lost(&dir.path().join(name), 100).await;
    }
}

#[tokio::test]
async fn a_counter_of_many_processes_loses_no_step() {
    for name in FILES {
        let dir = quick_dir();
        let path = dir.path().join(name);
        let mut children: Vec<Child> = (0..COUNTERS).map(|_| Child::start("count", &path)).collect();
        start_all(&mut children);
        children.into_iter().for_each(Child::finish);
        let counter = open(&path).get_token_data("counter").await.unwrap().unwrap();
        assert_eq!(counter.access_token, Secret::from((COUNTERS * STEPS).to_string()), "{name}");
    }
}

#[tokio::test]
async fn the_lock_of_a_killed_process_is_free() {
    for name in FILES {
        let dir = quick_dir();
        let path = dir.path().join(name);
        let storage = open(&path);
        let mut child = Child::start("hold a lock", &path);
        child.hear("held");
        drop(storage.lock("other").await.unwrap());
        let mut waiting = storage.lock("rs");
        tokio::select! {
            biased;
            _ = &mut waiting => panic!("two processes hold one lock"),
            () = tokio::task::yield_now() => {}
        }
        child.kill();
        drop(waiting.await.unwrap());
    }
}

#[cfg(unix)]
fn stop(child: &Child) {
    let status =
        std::process::Command::new("sh").args(["-c", &format!("kill -STOP {}", child.id())]).status();
    assert!(status.unwrap().success());
}

#[cfg(unix)]
#[tokio::test]
async fn the_lock_of_a_stopped_process_ends_waiting_at_the_limit() {
    for name in FILES {
        let dir = quick_dir();
        let path = dir.path().join(name);
        let mut child = Child::start("hold a lock", &path);
        child.hear("held");
        stop(&child);
        let impatient = open_with(&path, "DEFAULT", Duration::from_millis(20));
        let err = impatient.lock("rs").await.unwrap_err();
        assert_eq!(err.kind(), StorageErrorKind::LockTimedOut, "{err}");
        assert!(err.to_string().starts_with("the lock of rs ("), "{err}");
        child.kill();
        drop(impatient.lock("rs").await.unwrap());
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_writer_that_is_stopped_holds_up_writers_to_their_limit_and_readers_not_at_all() {
    for name in FILES {
        let dir = quick_dir();
        let path = dir.path().join(name);
        let storage = open_with(&path, "DEFAULT", Duration::from_millis(20));
        storage.store_token_data(&token("rs", "AgOld")).await.unwrap();
        let mut child = Child::start("hold a file", &path);
        child.hear("held");
        stop(&child);
        let err = storage.store_token_data(&token("rs", "AgNew")).await.unwrap_err();
        assert_eq!(err.kind(), StorageErrorKind::LockTimedOut, "{err}");
        assert!(err.is_transient());
        let texts = [
            "the lock of the token file (FILE.lock) was held by another task or process for 0.02 s; \
             see what keeps it, or raise the lock timeout",
            "cannot write the token file FILE: another program keeps it to itself; see which, or raise the lock timeout",
        ];
        let text = err.to_string().replace(&path.display().to_string(), "FILE");
        assert!(texts.contains(&&*text), "{text}");
        assert_eq!(storage.get_token_data("rs").await.unwrap(), Some(token("rs", "AgOld")));
        child.kill();
        storage.store_token_data_by_resource_server(&one("rs", "AgNew")).await.unwrap();
        assert_eq!(storage.get_token_data("rs").await.unwrap(), Some(token("rs", "AgNew")));
    }
}

#[tokio::test]
async fn a_bare_file_name_is_a_file_in_the_current_directory() {
    for name in FILES {
        let dir = quick_dir();
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command.current_dir(dir.path());
        Child::start_by(command, "write and read once", name).finish();
        assert!(open(&dir.path().join(name)).get_token_data("rs").await.unwrap().is_some());
        assert!(names(dir.path()).contains(&format!("{name}.locks")));
    }
}

/// They know nothing of each other, as two processes do; and what one closes must not end the locks of another.
#[cfg(feature = "sqlite")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn storages_that_are_made_for_each_write_keep_each_others_locks() {
    let dir = quick_dir();
    let path = dir.path().join("tokens.db");
    let mut tasks = JoinSet::new();
    for task in 0..8 {
        let path = path.clone();
        tasks.spawn(async move {
            for write in 0..25 {
                open(&path).store_token_data(&token(&format!("{task}-{write}"), "Ag1")).await.unwrap();
            }
        });
    }
    tasks.join_all().await;
    assert_eq!(open(&path).get_token_data_by_resource_server().await.unwrap().len(), 200);
}
