//! Chance that can be repeated.

use sha2::{Digest as _, Sha256};

/// Two numbers from 0 to 1, the second one excluded, that follow from the seed, the fault and the how-manieth request it meets: not
/// from the time, nor from what else happens.
pub(crate) fn throw(seed: u64, fault: &str, ordinal: u64) -> (f64, f64) {
    let digest = Sha256::digest(format!("{seed}:{ordinal}:{fault}").as_bytes());
    let number = |at: usize| {
        let bytes = digest[at..at + 4].iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
        f64::from(bytes) / (f64::from(u32::MAX) + 1.0)
    };
    (number(0), number(4))
}
