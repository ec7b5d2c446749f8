//! [`EncryptionKey`]: 32 random bytes.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use globus_auth_core::Secret;
use zeroize::Zeroizing;

use super::sealed;
use crate::{StorageError, StorageErrorKind};

/// How many bytes a key has.
const LENGTH: usize = 32;

/// With or without `=` at the end: people copy both.
const FORGIVING: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// The key that tokens are sealed with (XChaCha20-Poly1305, 256 bits).
///
/// Whoever has it, and what is stored, has the tokens: keep the two apart, such as the key in the OS keyring (feature `keyring`)
/// or in the secrets of the machine. `Debug` shows the key's id alone; the bytes are wiped from memory when the last
/// clone is dropped.
///
/// ```
/// use globus_tokenstorage::EncryptionKey;
///
/// let key = EncryptionKey::generate()?;
/// let text = key.to_base64(); // to be kept where secrets are kept
/// assert_eq!(EncryptionKey::from_base64(text.expose())?.id(), key.id());
/// # Ok::<(), globus_tokenstorage::StorageError>(())
/// ```
#[derive(Clone)]
pub struct EncryptionKey {
    bytes: Arc<Zeroizing<[u8; LENGTH]>>,
    id: Arc<str>,
}

impl EncryptionKey {
    /// A new key, from the random numbers of the operating system.
    ///
    /// # Errors
    /// When the operating system has none to give.
    pub fn generate() -> Result<Self, StorageError> {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        sealed::fill_with_chance(&mut *bytes)?;
        Ok(Self::new(bytes))
    }

    /// The key with these bytes. They must be random: a password is not a key.
    pub fn from_bytes(bytes: [u8; LENGTH]) -> Self {
        Self::new(Zeroizing::new(bytes))
    }

    /// The key that [`to_base64`](Self::to_base64) wrote, or `openssl rand -base64 32`: either alphabet, with or without
    /// padding, with white space around it.
    ///
    /// # Errors
    /// When the text is not 32 bytes in base64. The error does not quote it.
    pub fn from_base64(text: &str) -> Result<Self, StorageError> {
        let alphabet = if text.contains(['-', '_']) { &alphabet::URL_SAFE } else { &alphabet::STANDARD };
        let decoded = GeneralPurpose::new(alphabet, FORGIVING).decode(text.trim()).map(Zeroizing::new);
        let bytes = decoded.ok().and_then(|decoded| <[u8; LENGTH]>::try_from(decoded.as_slice()).ok());
        bytes.map(Self::from_bytes).ok_or_else(|| {
            StorageError::new(
                StorageErrorKind::Other,
                "the encryption key is not 32 bytes in base64; make one with `openssl rand -base64 32`",
            )
        })
    }

    /// The key as text of 44 characters, to be kept where secrets are kept.
    pub fn to_base64(&self) -> Secret {
        Secret::from(STANDARD.encode(self.bytes()))
    }

    /// 16 hexadecimal digits that tell this key from others. They stand in what is sealed with it, and do not lead back
    /// to the key.
    pub fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn bytes(&self) -> &[u8; LENGTH] {
        &self.bytes
    }

    fn new(bytes: Zeroizing<[u8; LENGTH]>) -> Self {
        let id = sealed::id_of(&bytes).into();
        Self { bytes: Arc::new(bytes), id }
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncryptionKey({})", self.id)
    }
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    #[test]
    fn a_key_is_read_as_people_copy_it() {
        let key = EncryptionKey::from_bytes([0xfb; LENGTH]);
        let standard = STANDARD.encode([0xfb; LENGTH]);
        let url_safe = URL_SAFE_NO_PAD.encode([0xfb; LENGTH]);
        for text in
            [&standard, &url_safe, &format!(" {standard}\n"), &standard.trim_end_matches('=').to_owned()]
        {
            assert_eq!(EncryptionKey::from_base64(text).unwrap().bytes(), key.bytes(), "{text}");
        }
        assert_eq!(key.to_base64().expose(), standard);
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_quoted() {
        for text in ["", "hunter2", &STANDARD.encode([7; 31]), &STANDARD.encode([7; 33]), "\u{1f511}"] {
            let error = EncryptionKey::from_base64(text).unwrap_err();
            assert!(error.to_string().contains("openssl rand -base64 32"), "{error}");
            assert!(text.is_empty() || !error.to_string().contains(text), "{error}");
        }
    }

    #[test]
    fn debug_shows_the_id_and_not_the_key() {
        let key = EncryptionKey::generate().unwrap();
        let shown = format!("{key:?}");
        assert_eq!(shown, format!("EncryptionKey({})", key.id()));
        assert_eq!(key.id().len(), 16);
        assert!(!shown.contains(key.to_base64().expose()));
    }

    #[test]
    fn keys_are_made_by_chance_and_told_apart_by_their_ids() {
        let (one, other) = (EncryptionKey::generate().unwrap(), EncryptionKey::generate().unwrap());
        assert_ne!(one.bytes(), other.bytes());
        assert_ne!(one.id(), other.id());
        assert_eq!(one.id(), EncryptionKey::from_bytes(*one.bytes()).id());
    }

    /// What is stored today must be found under its key for ever. Computed with libsodium.
    #[test]
    fn the_id_of_a_key_never_changes() {
        assert_eq!(EncryptionKey::from_bytes([0; LENGTH]).id(), "059f7f7cfad64e6f");
        assert_eq!(EncryptionKey::from_bytes([1; LENGTH]).id(), "74e9658f1042c93e");
    }
}
