//! An ordered map that knows which of its rows have to be written.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::kept::{Act, Change, Kept, LoadError, Source};

/// Rows by key. Reads like a `BTreeMap`; changes go through the methods here.
#[derive(Debug)]
pub(crate) struct Table<V> {
    rows: BTreeMap<String, V>,
    /// `None` while nothing is kept on disk.
    touched: Option<Touched>,
}

#[derive(Debug)]
struct Touched {
    keys: BTreeSet<String>,
    changes: Arc<Changes>,
}

/// Counts the changes that an answer must wait for.
#[derive(Debug, Default)]
pub(crate) struct Changes(AtomicU64);

impl Changes {
    pub(crate) fn count(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    fn add(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), touched: None }
    }
}

impl<V> Deref for Table<V> {
    type Target = BTreeMap<String, V>;

    fn deref(&self) -> &BTreeMap<String, V> {
        &self.rows
    }
}

impl<V> Table<V> {
    pub(crate) fn insert(&mut self, key: String, value: V) -> Option<V> {
        self.touch(&key);
        self.rows.insert(key, value)
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<V> {
        let removed = self.rows.remove(key);
        if removed.is_some() {
            self.touch(key);
        }
        removed
    }

    /// The row, to be changed.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        if self.rows.contains_key(key) {
            self.touch(key);
        }
        self.rows.get_mut(key)
    }

    /// As [`get_mut`](Self::get_mut), for what nobody is promised: it is written soon, and no answer waits for it.
    pub(crate) fn get_mut_soon(&mut self, key: &str) -> Option<&mut V> {
        if let (Some(touched), true) = (&mut self.touched, self.rows.contains_key(key)) {
            touched.note(key);
        }
        self.rows.get_mut(key)
    }

    /// The row, made if it is not there.
    pub(crate) fn or_default(&mut self, key: &str) -> &mut V
    where
        V: Default,
    {
        self.touch(key);
        self.rows.entry(key.to_owned()).or_default()
    }

    /// Changes the rows that are meant, and touches no other.
    pub(crate) fn change_where(&mut self, meant: impl Fn(&V) -> bool, change: impl Fn(&mut V)) {
        for (key, value) in self.rows.iter_mut().filter(|(_, value)| meant(value)) {
            if let Some(touched) = &mut self.touched {
                touched.note(key);
                touched.changes.add();
            }
            change(value);
        }
    }

    /// Removes the rows that are not wanted any more.
    pub(crate) fn retain(&mut self, mut wanted: impl FnMut(&String, &V) -> bool) {
        let touched = &mut self.touched;
        self.rows.retain(|key, value| {
            let kept = wanted(key, value);
            if let (Some(touched), false) = (touched.as_mut(), kept) {
                touched.note(key);
                touched.changes.add();
            }
            kept
        });
    }

    pub(crate) fn clear(&mut self) {
        self.retain(|_, _| false);
    }

    /// The row, to be changed where it is not kept: nothing is touched.
    pub(crate) fn get_mut_unkept(&mut self, key: &str) -> Option<&mut V> {
        self.rows.get_mut(key)
    }

    /// The keys of the rows that were touched since the last time.
    pub(crate) fn take_touched(&mut self) -> BTreeSet<String> {
        self.touched.as_mut().map(|touched| std::mem::take(&mut touched.keys)).unwrap_or_default()
    }

    fn touch(&mut self, key: &str) {
        if let Some(touched) = &mut self.touched {
            touched.note(key);
            touched.changes.add();
        }
    }
}

impl Touched {
    fn note(&mut self, key: &str) {
        if !self.keys.contains(key) {
            self.keys.insert(key.to_owned());
        }
    }
}

impl<V: Serialize + DeserializeOwned> Kept for Table<V> {
    fn load(&mut self, name: &str, source: &dyn Source) -> Result<(), LoadError> {
        self.rows.clear();
        for (key, bytes) in source.rows(name) {
            let value = serde_json::from_slice(bytes).map_err(|error| LoadError::new(name, key, error))?;
            self.rows.insert(key.clone(), value);
        }
        Ok(())
    }

    fn track(&mut self, changes: &Arc<Changes>, written: bool) {
        let keys = if written { BTreeSet::new() } else { self.rows.keys().cloned().collect() };
        self.touched = Some(Touched { keys, changes: Arc::clone(changes) });
    }

    fn take(&mut self, name: &str, out: &mut Vec<Change>) -> serde_json::Result<()> {
        for key in self.take_touched() {
            let act = match self.rows.get(&key) {
                Some(value) => Act::Put(serde_json::to_vec(value)?),
                None => Act::Remove,
            };
            out.push(Change { table: name.to_owned(), key, act });
        }
        Ok(())
    }

    fn replace(&mut self, with: Self) {
        self.clear();
        for (key, value) in with.rows {
            self.insert(key, value);
        }
    }
}

/// One key of several parts, which says where each of them ends.
pub(crate) fn key(parts: &[&str]) -> String {
    let escaped: Vec<String> =
        parts.iter().map(|part| part.replace('%', "%25").replace('/', "%2F")).collect();
    escaped.join("/")
}

#[cfg(test)]
mod tests {
    use super::super::kept::tables;
    use super::*;

    tables! {
        struct State {
            counts: Table<u64>,
            inner: Inner,
        }
    }
    tables! {
        struct Inner {
            names: Table<String>,
        }
    }

    /// What a database would hold.
    #[derive(Debug, Default)]
    struct Disk(BTreeMap<String, Vec<(String, Vec<u8>)>>);

    impl Disk {
        fn write(&mut self, state: &mut State) -> usize {
            let mut changes = Vec::new();
            state.take("state", &mut changes).unwrap();
            let written = changes.len();
            for Change { table, key, act } in changes {
                let rows = self.0.entry(table).or_default();
                rows.retain(|(other, _)| *other != key);
                if let Act::Put(value) = act {
                    rows.push((key, value));
                }
            }
            written
        }
    }

    impl Source for Disk {
        fn rows(&self, table: &str) -> &[(String, Vec<u8>)] {
            self.0.get(table).map(Vec::as_slice).unwrap_or_default()
        }
    }

    #[test]
    fn every_touched_row_is_written_once_and_no_other() {
        let (mut state, mut disk, changes) = (State::default(), Disk::default(), Arc::<Changes>::default());
        for n in 0..5 {
            state.counts.insert(n.to_string(), n);
        }
        state.inner.names.insert("a".into(), "Ada".into());
        state.track(&changes, false);
        assert_eq!(disk.write(&mut state), 6);
        assert_eq!((disk.write(&mut state), changes.count()), (0, 0));

        *state.counts.get_mut("1").unwrap() += 10;
        *state.counts.get_mut("1").unwrap() += 10;
        *state.counts.or_default("9") += 9;
        state.counts.remove("0");
        state.counts.retain(|key, _| key != "2");
        state.counts.change_where(|count| *count == 3, |count| *count = 33);
        assert!(state.counts.get_mut("nobody").is_none() && state.counts.remove("nobody").is_none());
        assert_eq!((changes.count(), disk.write(&mut state)), (6, 5));
        state.inner.names.clear();
        assert_eq!(disk.write(&mut state), 1);

        let mut again = State::default();
        again.load("state", &disk).unwrap();
        assert_eq!(*again.counts, *state.counts);
        assert_eq!(again.counts.get("1"), Some(&21));
        assert!(again.inner.names.is_empty());
    }

    #[test]
    fn a_state_that_is_replaced_leaves_none_of_its_rows_behind() {
        let (mut state, mut disk, changes) = (State::default(), Disk::default(), Arc::<Changes>::default());
        state.counts.insert("old".into(), 1);
        state.inner.names.insert("a".into(), "Ada".into());
        state.track(&changes, false);
        disk.write(&mut state);
        let mut other = State::default();
        other.counts.insert("new".into(), 2);
        state.replace(other);
        assert_eq!(disk.write(&mut state), 3);
        let mut again = State::default();
        again.load("state", &disk).unwrap();
        assert_eq!(again.counts.iter().collect::<Vec<_>>(), [(&"new".to_owned(), &2)]);
        assert!(again.inner.names.is_empty());
    }

    #[test]
    fn what_is_written_soon_keeps_no_answer_waiting() {
        let (mut table, changes) = (Table::<u64>::default(), Arc::<Changes>::default());
        table.insert("a".into(), 1);
        table.track(&changes, false);
        let mut out = Vec::new();
        table.take("t", &mut out).unwrap();
        *table.get_mut_soon("a").unwrap() = 2;
        assert!(table.get_mut_soon("b").is_none());
        assert_eq!(changes.count(), 0);
        table.take("t", &mut out).unwrap();
        assert_eq!(out[1], Change { table: "t".into(), key: "a".into(), act: Act::Put(b"2".to_vec()) });
    }

    #[test]
    fn a_row_that_cannot_be_read_is_named() {
        let mut disk = Disk::default();
        disk.0.insert("state.counts".into(), vec![("secret".into(), b"\"many\"".to_vec())]);
        let error = State::default().load("state", &disk).unwrap_err().to_string();
        assert!(
            error.contains("state.counts") && !error.contains("secret") && !error.contains("many"),
            "{error}"
        );
    }

    #[test]
    fn keys_of_several_parts_cannot_be_mistaken() {
        assert_ne!(key(&["a/b", "c"]), key(&["a", "b/c"]));
        assert_ne!(key(&["a%2Fb"]), key(&["a/b"]));
        assert_eq!(key(&["a", "b"]), "a/b");
    }
}
