//! All tasks by id. A task can be large, so its parts have tables of their own on disk: what was submitted is written once, and
//! of the lists only what was added.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::task::Task;
use crate::store::{Act, Change, Changes, Kept, KeptLog, LoadError, Source, Table};

#[derive(Debug, Default)]
pub(crate) struct Tasks(Table<Task>);

impl Deref for Tasks {
    type Target = Table<Task>;

    fn deref(&self) -> &Table<Task> {
        &self.0
    }
}

impl DerefMut for Tasks {
    fn deref_mut(&mut self) -> &mut Table<Task> {
        &mut self.0
    }
}

/// The table of what was submitted.
fn requests(name: &str) -> String {
    format!("{name}.requests")
}

/// The tables of the lists.
fn lists(name: &str) -> [String; 4] {
    ["events", "successes", "skipped", "removed"].map(|list| format!("{name}.{list}"))
}

/// The lists of a task, in the order of their tables.
fn logs(task: &mut Task) -> [&mut dyn KeptLog; 4] {
    [&mut task.events, &mut task.successes, &mut task.skipped, &mut task.removed]
}

impl Kept for Tasks {
    fn load(&mut self, name: &str, source: &dyn Source) -> Result<(), LoadError> {
        self.0.load(name, source)?;
        let requests = requests(name);
        for (id, request) in source.rows(&requests) {
            let Some(task) = self.0.get_mut_unkept(id) else { continue };
            let request = serde_json::from_slice(request);
            task.request = Arc::new(request.map_err(|error| LoadError::new(&requests, id, error))?);
            task.request_written = true;
            for (table, log) in lists(name).iter().zip(logs(task)) {
                log.load(table, id, source)?;
            }
        }
        Ok(())
    }

    fn track(&mut self, changes: &Arc<Changes>, written: bool) {
        self.0.track(changes, written);
    }

    fn replace(&mut self, with: Self) {
        self.0.replace(with.0);
    }

    fn take(&mut self, name: &str, out: &mut Vec<Change>) -> serde_json::Result<()> {
        for id in self.0.take_touched() {
            let mut change = |table: &str, act| {
                out.push(Change { table: table.to_owned(), key: id.clone(), act });
            };
            let Some(task) = self.0.get_mut_unkept(&id) else {
                change(name, Act::Remove);
                change(&requests(name), Act::Remove);
                lists(name).iter().for_each(|table| change(table, Act::RemoveBelow));
                continue;
            };
            change(name, Act::Put(serde_json::to_vec(task)?));
            if !task.request_written {
                change(&requests(name), Act::Put(serde_json::to_vec(&*task.request)?));
                task.request_written = true;
            }
            for (table, log) in lists(name).iter().zip(logs(task)) {
                log.take(table, &id, out)?;
            }
        }
        Ok(())
    }
}
