//! Writes what was touched, for many requests at once, on a thread of its own.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;

use super::database::Database;
use super::kept::{Act, Change};
use super::table::Changes;
use crate::lock::lock;

/// What nobody waits for is written this often.
const INTERVAL: Duration = Duration::from_millis(200);

/// The way from the tables to the disk.
#[derive(Debug)]
pub(crate) struct Writer {
    changes: Arc<Changes>,
    wish: Mutex<Wish>,
    wished: Condvar,
    progress: watch::Sender<Progress>,
}

#[derive(Debug, Default)]
struct Wish {
    write: bool,
    end: bool,
}

/// How many of the counted changes are on disk, and why later ones are not.
#[derive(Clone, Debug, Default)]
struct Progress {
    written: u64,
    failed: Option<(u64, String)>,
}

impl Writer {
    pub(crate) fn new(changes: Arc<Changes>) -> Arc<Self> {
        let (progress, _) = watch::channel(Progress { written: changes.count(), failed: None });
        Arc::new(Self { changes, wish: Mutex::default(), wished: Condvar::new(), progress })
    }

    /// Starts the thread. `collect` hands out what was touched.
    pub(crate) fn start(
        self: &Arc<Self>,
        database: Database,
        collect: impl FnMut(&mut Vec<Change>) -> serde_json::Result<()> + Send + 'static,
    ) -> std::io::Result<JoinHandle<()>> {
        let writer = Arc::clone(self);
        let name = "globus-emulator-state".to_owned();
        std::thread::Builder::new().name(name).spawn(move || writer.run(database, collect))
    }

    /// Waits until everything that was changed before this call is on disk. Many may wait for one transaction.
    ///
    /// # Errors
    ///
    /// Why it is not. It is tried again, by itself and at each call.
    pub(crate) async fn settle(&self) -> Result<(), String> {
        let wanted = self.changes.count();
        let mut progress = self.progress.subscribe();
        if progress.borrow_and_update().written >= wanted {
            return Ok(());
        }
        self.wish(|wish| wish.write = true);
        loop {
            if progress.changed().await.is_err() {
                return Err("the emulator stops".to_owned());
            }
            let Progress { written, failed } = progress.borrow_and_update().clone();
            match failed {
                _ if written >= wanted => return Ok(()),
                Some((upto, reason)) if upto >= wanted => return Err(reason),
                _ => {}
            }
        }
    }

    /// Lets the thread write what is left, and end.
    pub(crate) fn end(&self) {
        self.wish(|wish| wish.end = true);
    }

    fn wish(&self, change: impl FnOnce(&mut Wish)) {
        change(&mut lock(&self.wish));
        self.wished.notify_one();
    }

    /// Waits until somebody wishes or the time is over; whether it is the end.
    fn wait(&self) -> bool {
        let guard = lock(&self.wish);
        let idle = |wish: &mut Wish| !wish.write && !wish.end;
        let waited = self.wished.wait_timeout_while(guard, INTERVAL, idle);
        let (mut wish, _) = waited.unwrap_or_else(PoisonError::into_inner);
        wish.write = false;
        wish.end
    }

    fn run(
        &self,
        mut database: Database,
        mut collect: impl FnMut(&mut Vec<Change>) -> serde_json::Result<()>,
    ) {
        // What could not be written is written first, next time.
        let mut waiting = Waiting::default();
        loop {
            let end = self.wait();
            // Read before anything is collected: whatever was counted by now will be among it.
            let upto = self.changes.count();
            let mut rows = Vec::new();
            let collected = collect(&mut rows).map_err(std::io::Error::other);
            if !waiting.0.is_empty() {
                waiting.add(rows);
                rows = waiting.rows();
            }
            let write = |()| if rows.is_empty() { Ok(()) } else { database.write(&rows) };
            match collected.and_then(write) {
                Ok(()) => {
                    waiting.0.clear();
                    self.progress.send_if_modified(|progress| {
                        let news = progress.written != upto || progress.failed.is_some();
                        *progress = Progress { written: upto, failed: None };
                        news
                    });
                }
                Err(error) => {
                    let reason = format!("cannot write {}: {error}", database.path().display());
                    waiting.add(rows);
                    self.progress.send_modify(|progress| progress.failed = Some((upto, reason)));
                }
            }
            if end {
                return;
            }
        }
    }
}

/// Rows that wait to be written, the newest of each key alone.
#[derive(Debug, Default)]
struct Waiting(BTreeMap<(String, String), Act>);

impl Waiting {
    fn add(&mut self, rows: Vec<Change>) {
        for Change { table, key, act } in rows {
            if act == Act::RemoveBelow {
                let start = format!("{key}/");
                self.0.retain(|(other, below), _| *other != table || !below.starts_with(&start));
            }
            self.0.insert((table, key), act);
        }
    }

    /// In the order of their keys, so that what is removed below a key is removed before anything is put there.
    fn rows(&self) -> Vec<Change> {
        let rows = self.0.iter();
        rows.map(|((table, key), act)| Change { table: table.clone(), key: key.clone(), act: act.clone() })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::kept::{Kept as _, Source as _};
    use super::super::table::Table;
    use super::*;

    #[tokio::test]
    async fn what_cannot_be_written_is_said_and_written_later() {
        let dir = tempfile::tempdir().unwrap();
        let mut database = Database::create(dir.path(), &[]).unwrap();
        database.close();
        let (file, away) = (dir.path().join("state.redb"), dir.path().join("away"));
        std::fs::rename(&file, &away).unwrap();
        let changes = Arc::<Changes>::default();
        let table = Arc::new(Mutex::new(Table::<u64>::default()));
        lock(&table).track(&changes, true);
        let writer = Writer::new(changes);
        let collected = Arc::clone(&table);
        let thread = writer.start(database, move |out| lock(&collected).take("t", out)).unwrap();
        assert_eq!(writer.settle().await, Ok(()));
        lock(&table).insert("a".into(), 1);
        let reason = writer.settle().await.unwrap_err();
        assert!(reason.contains("state.redb"), "{reason}");
        lock(&table).insert("b".into(), 2);
        lock(&table).insert("a".into(), 3);
        assert!(writer.settle().await.is_err());

        std::fs::rename(&away, &file).unwrap();
        while writer.settle().await.is_err() {}
        writer.end();
        thread.join().unwrap();
        let (_, snapshot) = Database::open(dir.path()).unwrap();
        let rows: Vec<_> =
            snapshot.rows("t").iter().map(|(key, value)| (key.as_str(), value.as_slice())).collect();
        assert_eq!(rows, [("a", b"3".as_slice()), ("b", b"2")]);
    }

    #[test]
    fn of_rows_that_wait_the_newest_is_written() {
        let change = |key: &str, act| Change { table: "t".into(), key: key.into(), act };
        let put = |text: &str| Act::Put(text.into());
        let mut waiting = Waiting::default();
        waiting.add(vec![change("a", put("1")), change("x/0", put("1")), change("xy", put("1"))]);
        waiting.add(vec![change("a", Act::Remove), change("x", Act::RemoveBelow), change("x/1", put("2"))]);
        let keys: Vec<_> = waiting.rows().into_iter().map(|row| (row.key, row.act)).collect();
        let expected = [("a", Act::Remove), ("x", Act::RemoveBelow), ("x/1", put("2")), ("xy", put("1"))];
        assert_eq!(keys, expected.map(|(key, act)| (key.to_owned(), act)));
    }
}
