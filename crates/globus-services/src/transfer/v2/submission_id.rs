//! Ids of submissions, made here.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::SystemTime;

use crate::model::SubmissionId;

/// A new id: a random UUID. It has to be another one each time, not one that nobody can guess; so the standard library's randomness
/// will do.
pub(super) fn fresh() -> SubmissionId {
    let half = || {
        let mut hasher = RandomState::new().build_hasher();
        hasher.write_u32(std::process::id());
        hasher.write_u128(SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().as_nanos());
        hasher.finish()
    };
    uuid((u128::from(half()) << 64) | u128::from(half())).into()
}

/// The bits as a UUID of version 4 (RFC 9562, section 5.4).
fn uuid(bits: u128) -> String {
    let bits = (bits & !(0xF000 << 64) & !(0b11 << 62)) | (0x4000 << 64) | (0b10 << 62);
    let text = format!("{bits:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32];
    parts.map(|part| text.get(part).unwrap_or_default()).join("-")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn an_id_is_a_random_uuid() {
        assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn no_two_ids_are_the_same() {
        let ids: HashSet<_> = (0..10_000).map(|_| fresh()).collect();
        assert_eq!(ids.len(), 10_000);
    }
}
