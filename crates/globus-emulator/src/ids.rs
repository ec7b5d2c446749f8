//! Names for things: ids that are the same in every run, and secrets that are not.

use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use sha2::{Digest as _, Sha256};

/// What every secret has in its text, and none of the real Globus: where it turns up, no harm is done, and a search for it
/// finds them all. It is text in Base64, too, so that a client secret can begin with it.
pub(crate) const MARKER: &str = "EmulatorOnly";

/// The source of everything that must not be guessed, and of the ids of what is made while running.
#[derive(Debug)]
pub(crate) struct Ids {
    random: Mutex<StdRng>,
    /// What everything that looks like chance follows from.
    seed: u64,
    /// Where a seeded source goes back to.
    start: Option<StdRng>,
}

impl Ids {
    /// With a seed every run makes the same ids and secrets, in the same order. A run that goes on where others stopped says how
    /// many there were, and makes none of theirs.
    pub(crate) fn new(seed: Option<u64>, earlier_runs: u64) -> Self {
        let mut random = match seed {
            None => StdRng::from_entropy(),
            Some(seed) if earlier_runs == 0 => StdRng::seed_from_u64(seed),
            Some(seed) => {
                let both = [seed.to_le_bytes(), earlier_runs.to_le_bytes()].concat();
                StdRng::from_seed(Sha256::digest(both).into())
            }
        };
        let start = seed.is_some().then(|| random.clone());
        Self { seed: seed.unwrap_or_else(|| random.r#gen()), random: Mutex::new(random), start }
    }

    /// The seed that was given, or one that cannot be guessed.
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// From now on the source goes back to here.
    pub(crate) fn started(&mut self) {
        if self.start.is_some() {
            self.start = Some(self.random.get_mut().unwrap_or_else(PoisonError::into_inner).clone());
        }
    }

    /// With a seed, makes the same ids and secrets as after the start once more; without one, others than before.
    pub(crate) fn restart(&self) {
        if let Some(start) = &self.start {
            *self.random.lock().unwrap_or_else(PoisonError::into_inner) = start.clone();
        }
    }

    fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.random.lock().unwrap_or_else(PoisonError::into_inner).fill(&mut bytes[..]);
        bytes
    }

    pub(crate) fn uuid(&self) -> String {
        uuid(self.bytes(), 4)
    }

    /// An opaque token: long, and free of characters that a shell or URL would change.
    pub(crate) fn token(&self) -> String {
        format!("Ag{MARKER}{}", URL_SAFE_NO_PAD.encode(self.bytes::<36>()).replace(['-', '_'], "x"))
    }

    /// An authorization code: shorter, since people copy it.
    pub(crate) fn code(&self) -> String {
        format!("{MARKER}{}", URL_SAFE_NO_PAD.encode(self.bytes::<18>()).replace(['-', '_'], "x"))
    }

    /// A client secret in the form Globus gives them.
    pub(crate) fn client_secret(&self) -> String {
        format!("{MARKER}{}", STANDARD.encode(self.bytes::<23>()))
    }

    /// The short text that the services put into `request_id`.
    pub(crate) fn request_id(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<6>()).replace(['-', '_'], "x")
    }
}

/// The id that belongs to a name, in every run and on every machine.
pub(crate) fn named_uuid(name: &str) -> String {
    let digest = Sha256::digest(format!("globus-emulator:{name}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid(bytes, 5)
}

fn uuid(mut bytes: [u8; 16], version: u8) -> String {
    bytes[6] = (bytes[6] & 0x0f) | (version << 4);
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// Whether the text has the form of a UUID.
pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => c == '-',
            _ => c.is_ascii_hexdigit(),
        })
}

/// Compares secrets without telling by the time it takes how much of them agrees.
pub(crate) fn same_secret(left: &str, right: &str) -> bool {
    Sha256::digest(left.as_bytes()) == Sha256::digest(right.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_the_same_id_in_every_run() {
        assert_eq!(named_uuid("a"), named_uuid("a"));
        assert_ne!(named_uuid("a"), named_uuid("b"));
        assert!(is_uuid(&named_uuid("a")));
    }

    #[test]
    fn a_seed_repeats_the_secrets_and_no_seed_does_not() {
        assert_eq!(Ids::new(Some(1), 2).token(), Ids::new(Some(1), 2).token());
        assert_ne!(Ids::new(Some(1), 0).token(), Ids::new(Some(1), 1).token());
        assert_ne!(Ids::new(None, 0).token(), Ids::new(None, 0).token());
    }

    #[test]
    fn secrets_are_known_by_their_marker_and_keep_the_form_of_real_ones() {
        let ids = Ids::new(Some(3), 0);
        let (token, code, secret) = (ids.token(), ids.code(), ids.client_secret());
        assert!([&token, &code, &secret].into_iter().all(|text| text.contains(MARKER)));
        assert_eq!((token.len(), STANDARD.decode(secret).unwrap().len()), (62, 32));
    }

    #[test]
    fn uuids_are_recognised() {
        assert!(is_uuid(&Ids::new(Some(2), 0).uuid()));
        assert!(!is_uuid("my-endpoint"));
        assert!(!is_uuid("00000000x0000-0000-0000-000000000001"));
    }
}
