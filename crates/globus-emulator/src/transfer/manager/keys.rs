//! The order of a manager's task list, and the keys at which a page can go on.

use crate::clock::{micros, parse};
use crate::transfer::task::Task;

/// Where a task stands: those that run, then those that are over, each the latest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    complete: bool,
    /// Counted down, so that the latest comes first.
    before: i64,
    task: String,
}

impl Key {
    pub(crate) fn of(task: &Task) -> Self {
        let time = task.completed_millis.unwrap_or(task.requested_millis);
        Self { complete: task.completed_millis.is_some(), before: -time, task: task.id.clone() }
    }

    /// `complete,2024-02-06T06:59:02.291000,<task id>`
    pub(crate) fn text(&self) -> String {
        let stage = if self.complete { "complete" } else { "active" };
        format!("{stage},{},{}", micros(-self.before), self.task)
    }

    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ',');
        let complete = match parts.next()? {
            "complete" => true,
            "active" => false,
            _ => return None,
        };
        let before = -parse(parts.next()?)?;
        Some(Self { complete, before, task: parts.next().unwrap_or_default().to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written_and_nonsense_is_not() {
        let key = Key { complete: true, before: -1_707_202_742_291, task: "t".to_owned() };
        assert_eq!(key.text(), "complete,2024-02-06T06:59:02.291000,t");
        assert_eq!(Key::read(&key.text()), Some(key));
        for bad in ["", "active", "active,soon,t", "done,2024-02-06T06:59:02,t"] {
            assert_eq!(Key::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_runs_comes_first_and_then_what_ended_last() {
        let key = |complete, time: i64| Key { complete, before: -time, task: String::new() };
        let mut keys = vec![key(true, 1), key(false, 1), key(true, 2), key(false, 2)];
        keys.sort();
        assert_eq!(keys, [key(false, 2), key(false, 1), key(true, 2), key(true, 1)]);
    }
}
