//! [`Secret`]: text that must not be seen.

use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Deserializer};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A token, client secret, authorization code or PKCE verifier.
///
/// The text is reached only through [`Secret::expose`]. There is no `Display` and no `Serialize`; `Debug` shows a
/// short fingerprint, enough to tell two secrets apart in a log. A clone shares the text, which is wiped
/// from memory when the last clone is dropped. Comparison takes the same time wherever two texts of one length differ.
///
/// ```
/// use globus_auth_core::Secret;
///
/// let token = Secret::from("AgExampleToken");
/// assert_eq!(token.expose(), "AgExampleToken");
/// assert!(!format!("{token:?}").contains("Example"));
/// ```
#[derive(Clone)]
pub struct Secret(Arc<Zeroizing<String>>);

impl Secret {
    /// Takes the text over; the given `String` is wiped when the secret is dropped.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Arc::new(Zeroizing::new(text.into())))
    }

    /// The text itself. Each call is a place where the secret leaves the protection of this type.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Eight hexadecimal digits that tell this secret from others; the same text gives the same digits in every
    /// process of one build. 32 bits do not lead back to a token.
    pub fn fingerprint(&self) -> String {
        let mut hasher = DefaultHasher::new();
        self.expose().hash(&mut hasher);
        let digest = hasher.finish();
        format!("{:08x}", (digest >> 32) ^ (digest & 0xffff_ffff))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", self.fingerprint())
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose().as_bytes().ct_eq(other.expose().as_bytes()).into()
    }
}

impl Eq for Secret {}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<&Self> for Secret {
    fn from(secret: &Self) -> Self {
        secret.clone()
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_a_fingerprint_and_not_the_text() {
        let secret = Secret::from("AgVerySecretToken");
        let shown = format!("{secret:?}");
        assert!(!shown.contains("VerySecret"));
        assert_eq!(shown, format!("Secret({})", secret.fingerprint()));
        assert_eq!(secret.fingerprint().len(), 8);
    }

    #[test]
    fn equal_texts_are_equal_and_share_a_fingerprint() {
        let (one, two) = (Secret::from("same"), Secret::from(String::from("same")));
        assert_eq!(one, two);
        assert_eq!(one.fingerprint(), two.fingerprint());
        assert_ne!(one, Secret::from("other"));
        assert_ne!(one, Secret::from("sameX"));
    }

    #[test]
    fn its_text_is_wiped_when_it_is_dropped() {
        // That it is so in memory is looked at in `tests/it/memory.rs`.
        fn wiped<T: zeroize::ZeroizeOnDrop>(_: &T) {}
        wiped(&*Secret::from("x").0);
    }

    #[test]
    fn it_is_read_from_json_text_only() {
        let secret: Secret = serde_json::from_str(r#""abc""#).unwrap();
        assert_eq!(secret.expose(), "abc");
        assert!(serde_json::from_str::<Secret>("12").is_err());
    }
}
