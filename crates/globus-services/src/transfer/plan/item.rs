//! [`PlannedItem`]: what a plan is made of.

use crate::transfer::TransferItem;

/// An item of a [`TransferPlan`](super::TransferPlan), with its size if that is known.
///
/// `(TransferItem, u64)` becomes one as well.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "an item does nothing until a plan gives it"]
pub struct PlannedItem {
    pub(super) item: TransferItem,
    pub(super) bytes: u64,
}

impl PlannedItem {
    /// An item of unknown size, which counts as nothing.
    pub fn new(item: TransferItem) -> Self {
        Self { item, bytes: 0 }
    }

    /// The same with the bytes that it moves.
    pub fn bytes(mut self, bytes: u64) -> Self {
        self.bytes = bytes;
        self
    }
}

impl From<TransferItem> for PlannedItem {
    fn from(item: TransferItem) -> Self {
        Self::new(item)
    }
}

impl From<(TransferItem, u64)> for PlannedItem {
    fn from((item, bytes): (TransferItem, u64)) -> Self {
        Self { item, bytes }
    }
}

/// What tells other items from these: by their paths, in order. Not a proof against intent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Fingerprint(u64);

impl Fingerprint {
    pub(super) fn add(&mut self, item: &TransferItem) {
        self.mix(item.source_path().as_bytes());
        self.mix(item.destination_path().as_bytes());
    }

    /// So that every reader of JSON keeps it: 53 bits.
    pub(super) fn value(self) -> u64 {
        self.0 >> 11
    }

    /// Eight bytes at a time: a million paths take a hundredth of a second.
    fn mix(&mut self, text: &[u8]) {
        let mut words = text.chunks_exact(8);
        for word in &mut words {
            self.word(word);
        }
        self.word(words.remainder());
        self.word(&text.len().to_le_bytes());
    }

    fn word(&mut self, bytes: &[u8]) {
        let mut word = [0; 8];
        word[..bytes.len()].copy_from_slice(bytes);
        let mixed = (self.0 ^ u64::from_le_bytes(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(paths: &[(&str, &str)]) -> Fingerprint {
        let mut fingerprint = Fingerprint::default();
        for (source, destination) in paths {
            fingerprint.add(&TransferItem::new(*source, *destination));
        }
        fingerprint
    }

    #[test]
    fn other_items_and_another_order_are_told_apart() {
        let known = of(&[("/a", "/b"), ("/long/path/of/a/file", "/c")]);
        assert_eq!(known, of(&[("/a", "/b"), ("/long/path/of/a/file", "/c")]));
        for other in [
            &[("/long/path/of/a/file", "/c"), ("/a", "/b")][..],
            &[("/a", "/b"), ("/long/path/of/a/filf", "/c")],
            &[("/a/", "b"), ("/long/path/of/a/file", "/c")],
            &[("/a", "/b")],
            &[],
        ] {
            assert_ne!(known, of(other));
        }
    }

    #[test]
    fn a_fingerprint_is_the_same_in_every_version() {
        assert_eq!(of(&[("/a", "/b")]).value(), 8_958_445_776_756_695);
    }
}
