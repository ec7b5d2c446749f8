//! [`EncryptionKeys`]: the key in use, and those before it.

use std::sync::Arc;

use super::EncryptionKey;

/// The key that seals, and retired ones that only open what was sealed with them before.
///
/// To change the key: put the old one among the retired, call
/// [`reseal`](super::EncryptedTokenStorage::reseal) for each namespace, and drop the old one.
///
/// ```
/// use globus_tokenstorage::{EncryptionKey, EncryptionKeys};
///
/// let (new, old) = (EncryptionKey::generate()?, EncryptionKey::generate()?);
/// let keys = EncryptionKeys::new(new).with_retired(old);
/// # Ok::<(), globus_tokenstorage::StorageError>(())
/// ```
#[derive(Clone, Debug)]
pub struct EncryptionKeys {
    current: EncryptionKey,
    retired: Arc<[EncryptionKey]>,
}

impl EncryptionKeys {
    /// One key, and none before it.
    pub fn new(current: EncryptionKey) -> Self {
        Self { current, retired: Arc::default() }
    }

    /// The same with one more key that opens and does not seal.
    #[must_use]
    pub fn with_retired(mut self, key: EncryptionKey) -> Self {
        self.retired = self.retired.iter().cloned().chain([key]).collect();
        self
    }

    /// The key that seals.
    pub fn current(&self) -> &EncryptionKey {
        &self.current
    }

    pub(super) fn find(&self, id: &str) -> Option<&EncryptionKey> {
        std::iter::once(&self.current).chain(self.retired.iter()).find(|key| key.id() == id)
    }
}

impl From<EncryptionKey> for EncryptionKeys {
    fn from(key: EncryptionKey) -> Self {
        Self::new(key)
    }
}
