//! [`Turns`]: the tasks of this process, in line for a lock.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::OwnedMutexGuard;
use tokio::time::{Instant, timeout_at};

pub(super) type Turn = OwnedMutexGuard<()>;

/// One line a key, forgotten when nobody stands in it.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<HashMap<i64, Weak<tokio::sync::Mutex<()>>>>);

impl Turns {
    /// `None` when it did not come in time.
    pub(super) async fn wait(&self, key: i64, until: Option<Instant>) -> Option<Turn> {
        let line = self.line(key);
        match until {
            Some(until) => timeout_at(until, line.lock_owned()).await.ok(),
            None => Some(line.lock_owned().await),
        }
    }

    fn line(&self, key: i64) -> Arc<tokio::sync::Mutex<()>> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = lines.get(&key).and_then(Weak::upgrade) {
            return line;
        }
        if lines.len() == lines.capacity() {
            lines.retain(|_, line| line.strong_count() > 0);
        }
        let line = Arc::default();
        lines.insert(key, Arc::downgrade(&line));
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_has_the_turn_and_lines_without_anybody_are_forgotten() {
        let turns = Turns::default();
        let turn = turns.wait(1, None).await.unwrap();
        assert!(turns.wait(1, Some(Instant::now())).await.is_none());
        drop(turn);
        for key in 0..10_000 {
            drop(turns.wait(key, None).await.unwrap());
        }
        assert!(turns.0.lock().unwrap().len() < 100);
    }
}
