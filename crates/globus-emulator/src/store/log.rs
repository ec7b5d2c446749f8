//! A list that only grows at its end, so that each entry is written once.

use std::ops::Deref;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::kept::{Act, Change, LoadError, Source};
use super::table::key;

/// Entries of one row, oldest first.
#[derive(Clone, Debug)]
pub(crate) struct Log<T = Value> {
    entries: Vec<T>,
    /// How many of the entries, from the first, are written.
    written: usize,
    /// How many chunks they were written in.
    chunks: u64,
}

impl<T> Default for Log<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), written: 0, chunks: 0 }
    }
}

impl<T> Deref for Log<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.entries
    }
}

impl<T> Log<T> {
    pub(crate) fn push(&mut self, entry: T) {
        self.entries.push(entry);
    }

    pub(crate) fn append(&mut self, entries: &mut Vec<T>) {
        self.entries.append(entries);
    }

    /// Makes room for one more, where there shall be no more than `most`. The first entry stays, the second oldest goes.
    pub(crate) fn make_room(&mut self, most: usize) {
        if self.entries.len() >= most.max(2) {
            self.entries.remove(1);
            if self.written > 1 {
                self.written -= 1;
            }
        }
    }
}

/// A log in a table.
pub(crate) trait KeptLog {
    /// Hands out what was added since the last time, as one more chunk of the row's.
    fn take(&mut self, table: &str, row: &str, out: &mut Vec<Change>) -> serde_json::Result<()>;

    /// Reads the chunks of the row.
    fn load(&mut self, table: &str, row: &str, source: &dyn Source) -> Result<(), LoadError>;
}

impl<T: Serialize + DeserializeOwned> KeptLog for Log<T> {
    fn take(&mut self, table: &str, row: &str, out: &mut Vec<Change>) -> serde_json::Result<()> {
        if self.written == self.entries.len() {
            return Ok(());
        }
        let chunk = serde_json::to_vec(&self.entries[self.written..])?;
        // Padded, so that the keys are in the order of the numbers.
        let key = key(&[row, &format!("{:010}", self.chunks)]);
        out.push(Change { table: table.to_owned(), key, act: Act::Put(chunk) });
        self.written = self.entries.len();
        self.chunks += 1;
        Ok(())
    }

    fn load(&mut self, table: &str, row: &str, source: &dyn Source) -> Result<(), LoadError> {
        let start = key(&[row, ""]);
        let rows = source.rows(table);
        let from = rows.partition_point(|(key, _)| key.as_str() < start.as_str());
        for (key, chunk) in rows[from..].iter().take_while(|(key, _)| key.starts_with(&start)) {
            let chunk: Vec<T> =
                serde_json::from_slice(chunk).map_err(|error| LoadError::new(table, key, error))?;
            self.entries.extend(chunk);
            self.chunks += 1;
        }
        self.written = self.entries.len();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Rows(Vec<(String, Vec<u8>)>);

    impl Source for Rows {
        fn rows(&self, _: &str) -> &[(String, Vec<u8>)] {
            &self.0
        }
    }

    fn loaded(rows: &Rows) -> Log {
        let mut log = Log::default();
        log.load("t", "a", rows).unwrap();
        log
    }

    fn written(changes: Vec<Change>) -> Rows {
        let mut rows: Vec<_> = changes
            .into_iter()
            .map(|change| match change.act {
                Act::Put(value) => (change.key, value),
                other => panic!("{other:?}"),
            })
            .collect();
        rows.sort();
        Rows(rows)
    }

    #[test]
    fn each_entry_is_written_once_and_read_back_in_order() {
        let (mut log, mut out) = (Log::<Value>::default(), Vec::new());
        for n in 0..25 {
            log.push(n.into());
            if n % 2 == 0 {
                log.take("t", "a", &mut out).unwrap();
                log.take("t", "a", &mut out).unwrap();
            }
        }
        assert_eq!(out.len(), 13);
        Log::<Value> { entries: vec!["other".into()], ..Log::default() }.take("t", "b", &mut out).unwrap();
        let mut again = loaded(&written(out));
        assert_eq!(again[..], log[..]);
        let mut out = Vec::new();
        again.push(true.into());
        again.take("t", "a", &mut out).unwrap();
        assert_eq!(out[0].key, "a/0000000013");
    }

    #[test]
    fn a_full_log_forgets_old_entries_and_writes_the_new_ones() {
        let (mut log, mut out) = (Log::<Value>::default(), Vec::new());
        for n in 0..10 {
            log.make_room(4);
            log.push(n.into());
            log.take("t", "a", &mut out).unwrap();
        }
        assert_eq!(log[..], [0, 7, 8, 9].map(Value::from)[..]);
        assert_eq!(loaded(&written(out)).len(), 10);
    }
}
