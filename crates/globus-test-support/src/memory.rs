//! Whether a text is in memory: the process reads its own through `/proc/self/mem`, so that it takes no unsafe code.

use std::collections::hash_map::RandomState;
use std::fs::{self, File};
use std::hash::BuildHasher;
use std::os::unix::fs::FileExt;
use std::sync::{Mutex, PoisonError};

/// Letters and digits, and a mask that makes other bytes of them.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const MASK: u8 = 0x80;
const LENGTH: usize = 48;
const CHUNK: usize = 64 * 1024;

/// A random text of 48 letters and digits, kept masked: what is in memory in clear was put there by the test, or by what it tests.
#[derive(Debug)]
pub struct Masked(Vec<u8>);

impl Default for Masked {
    fn default() -> Self {
        Self::new()
    }
}

impl Masked {
    /// Another text each time.
    pub fn new() -> Self {
        let random = || RandomState::new().hash_one(0_u8);
        Self((0..LENGTH).map(|_| ALPHABET[(random() % 32) as usize] ^ MASK).collect())
    }

    /// The text in clear, in one piece of memory that did not grow.
    pub fn reveal(&self) -> String {
        let mut text = String::with_capacity(LENGTH);
        self.0.iter().for_each(|byte| text.push(char::from(byte ^ MASK)));
        text
    }

    /// Appends the text in clear.
    pub fn reveal_in(&self, text: &mut String) {
        text.reserve_exact(LENGTH);
        self.0.iter().for_each(|byte| text.push(char::from(byte ^ MASK)));
    }

    /// How often the text is in the memory that this process can write.
    ///
    /// # Panics
    /// When the memory cannot be read.
    #[expect(clippy::expect_used, reason = "for tests, which fail in no other way")]
    pub fn copies_in_memory(&self) -> usize {
        // What one thread reads, another must not find.
        static ONE: Mutex<()> = Mutex::new(());
        let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let maps = fs::read_to_string("/proc/self/maps").expect("the map of the memory");
        let memory = File::open("/proc/self/mem").expect("the memory");
        let mut buffer = vec![0; CHUNK + LENGTH];
        let own = buffer.as_ptr() as u64;
        let own_end = own + buffer.len() as u64;
        let mut copies = 0;
        for (start, end) in maps.lines().filter_map(writable) {
            // All but the buffer itself.
            for (mut at, end) in [(start, end.min(own.max(start))), (start.max(own_end.min(end)), end)] {
                while at < end {
                    let length = (end - at).min((CHUNK + LENGTH - 1) as u64) as usize;
                    if let Ok(read) = memory.read_at(&mut buffer[..length], at) {
                        copies += self.count(&buffer[..read]);
                    }
                    at += CHUNK as u64;
                }
            }
        }
        // The next search must not find here what this one read.
        buffer.fill(0);
        copies
    }

    fn count(&self, bytes: &[u8]) -> usize {
        let first = self.0[0] ^ MASK;
        let mut count = 0;
        let mut rest = bytes;
        while let Some(at) = rest.iter().position(|byte| *byte == first) {
            rest = &rest[at..];
            if rest.len() >= LENGTH && rest.iter().zip(&self.0).all(|(byte, masked)| byte ^ MASK == *masked) {
                count += 1;
            }
            rest = &rest[1..];
        }
        count
    }
}

/// The range of a line such as `7f00-7f10 rw-p 00000000 00:00 0 [heap]`.
fn writable(line: &str) -> Option<(u64, u64)> {
    let (range, rest) = line.split_once(' ')?;
    let (start, end) = range.split_once('-')?;
    let parse = |text| u64::from_str_radix(text, 16).ok();
    rest.starts_with("rw").then_some((parse(start)?, parse(end)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_counted_wherever_they_are() {
        let masked = Masked::new();
        assert_eq!(masked.copies_in_memory(), 0);
        let one = masked.reveal();
        let two = Box::new(one.clone());
        assert_eq!(masked.copies_in_memory(), 2);
        assert_eq!(one, *two);
    }
}
