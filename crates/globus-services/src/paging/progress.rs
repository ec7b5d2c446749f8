//! [`Progress`]: that a list gets on, so that reading it ends.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use super::cursor::Position;

/// How many pages in a row may be empty: a service that filters sends such pages.
const EMPTY_PAGES: u32 = 20;

/// What is remembered of the pages that came: eight bytes each.
#[derive(Debug, Default)]
pub(super) struct Progress {
    hasher: RandomState,
    starts: HashSet<u64>,
    empty: u32,
}

impl Progress {
    /// Takes in a page with `len` items, after which the list goes on at `next`.
    pub(super) fn check(&mut self, len: usize, next: &Position) -> Result<(), &'static str> {
        self.empty = if len == 0 { self.empty + 1 } else { 0 };
        let by_offset = matches!(next, Position::Offset(_));
        if self.empty > EMPTY_PAGES || (by_offset && len == 0) {
            return Err("the service claims more items and sends none; try again later");
        }
        let start = match next {
            Position::Marker(text) | Position::Link(text) => self.hasher.hash_one(text),
            _ => return Ok(()),
        };
        if self.starts.insert(start) {
            Ok(())
        } else {
            Err("the service goes in circles: it names a page that was already read; try again later")
        }
    }
}
