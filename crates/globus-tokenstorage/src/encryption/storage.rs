//! [`EncryptedTokenStorage`]: a storage around another one.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use super::EncryptionKeys;
use super::seals::Seals;
use crate::{StorageError, StorageErrorKind, StorageLock, TokenData, TokenStorage};

/// How often a swap begins again because somebody sealed the same tokens anew in between.
const ATTEMPTS: usize = 16;

/// Keeps tokens encrypted in another storage.
///
/// Access and refresh token are sealed, each with a nonce of its own (XChaCha20-Poly1305); what stands beside them stays
/// readable, and is tied to them together with their place: a token that was changed, exchanged for another, moved to
/// another resource server or namespace, or given another expiry does not open. What cannot be opened is an error that says what
/// to do, and is left as it is. The one thing that cannot be told is an old entry that was put back as a whole.
///
/// The Python SDK cannot use tokens that are encrypted so.
///
/// ```
/// use globus_auth_core::UnixTime;
/// use globus_tokenstorage::{EncryptedTokenStorage, EncryptionKey, MemoryTokenStorage, TokenData, TokenStorage};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let file = MemoryTokenStorage::new(); // or a `JsonTokenStorage`
/// let storage = EncryptedTokenStorage::new(file.clone(), EncryptionKey::generate()?);
///
/// let data = TokenData::new("rs", "all", "AgExample", UnixTime::from_seconds(1_700_003_600));
/// storage.store_token_data(&data).await?;
///
/// assert_eq!(storage.get_token_data("rs").await?, Some(data));
/// let stored = file.get_token_data("rs").await?.ok_or("nothing")?;
/// assert!(stored.access_token.expose().starts_with("globus-sealed:1:"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct EncryptedTokenStorage<S> {
    inner: S,
    seals: Seals,
}

impl<S: TokenStorage> EncryptedTokenStorage<S> {
    /// Encrypts what is kept in `inner`, whose namespace and locks it has.
    pub fn new(inner: S, keys: impl Into<EncryptionKeys>) -> Self {
        Self { inner, seals: Seals { keys: keys.into(), plaintext_is_read: false } }
    }

    /// Whether entries that were stored in the clear, before there was a key, are read as well. They are sealed when they
    /// are next written; [`reseal`](Self::reseal) does it at once. No otherwise: with it, whoever can write to the storage can
    /// put tokens of their own there.
    #[must_use]
    pub fn with_plaintext_migration(mut self, allowed: bool) -> Self {
        self.seals.plaintext_is_read = allowed;
        self
    }

    /// Seals every entry of the namespace that is not sealed with the current key, and says how many those were. Then no
    /// retired key is needed any more. It may run while others use the storage.
    ///
    /// # Errors
    /// When an entry cannot be opened or written. Those before it are done.
    pub async fn reseal(&self) -> Result<usize, StorageError> {
        let mut resealed = 0;
        for (resource_server, stored) in self.inner.get_token_data_by_resource_server().await? {
            let data = self.open(&resource_server, &stored)?;
            if self.seals.are_current(&stored) {
                continue;
            }
            let new = self.seal(&resource_server, &data)?;
            // Whoever came in between has sealed with a key of theirs; that is theirs to see to.
            let swapped = self.inner.compare_and_swap(&resource_server, Some(&stored), Some(&new)).await?;
            resealed += usize::from(swapped);
        }
        Ok(resealed)
    }

    /// What keeps the sealed entries.
    pub fn inner(&self) -> &S {
        &self.inner
    }

    fn seal(&self, resource_server: &str, data: &TokenData) -> Result<TokenData, StorageError> {
        self.seals.seal(self.inner.namespace(), resource_server, data)
    }

    fn open(&self, resource_server: &str, stored: &TokenData) -> Result<TokenData, StorageError> {
        self.seals.open(self.inner.namespace(), resource_server, stored)
    }
}

#[async_trait]
impl<S: TokenStorage> TokenStorage for EncryptedTokenStorage<S> {
    async fn store_token_data_by_resource_server(
        &self,
        tokens: &BTreeMap<String, TokenData>,
    ) -> Result<(), StorageError> {
        let sealed = tokens.iter().map(|(name, data)| Ok((name.clone(), self.seal(name, data)?)));
        let sealed = sealed.collect::<Result<_, StorageError>>()?;
        self.inner.store_token_data_by_resource_server(&sealed).await
    }

    async fn get_token_data_by_resource_server(&self) -> Result<BTreeMap<String, TokenData>, StorageError> {
        let stored = self.inner.get_token_data_by_resource_server().await?;
        stored
            .into_iter()
            .map(|(name, stored)| {
                let data = self.open(&name, &stored)?;
                Ok((name, data))
            })
            .collect()
    }

    async fn get_token_data(&self, resource_server: &str) -> Result<Option<TokenData>, StorageError> {
        let stored = self.inner.get_token_data(resource_server).await?;
        stored.map(|stored| self.open(resource_server, &stored)).transpose()
    }

    async fn remove_token_data(&self, resource_server: &str) -> Result<bool, StorageError> {
        self.inner.remove_token_data(resource_server).await
    }

    async fn compare_and_swap(
        &self,
        resource_server: &str,
        expected: Option<&TokenData>,
        new: Option<&TokenData>,
    ) -> Result<bool, StorageError> {
        let new = new.map(|new| self.seal(resource_server, new)).transpose()?;
        for _ in 0..ATTEMPTS {
            let stored = self.inner.get_token_data(resource_server).await?;
            let data = stored.as_ref().map(|stored| self.open(resource_server, stored)).transpose()?;
            if data.as_ref() != expected {
                return Ok(false);
            }
            if self.inner.compare_and_swap(resource_server, stored.as_ref(), new.as_ref()).await? {
                return Ok(true);
            }
        }
        Err(StorageError::new(
            StorageErrorKind::Unavailable,
            format!(
                "the stored tokens of {} change with each look at them; try again",
                resource_server.escape_debug()
            ),
        ))
    }

    async fn lock(&self, resource_server: &str) -> Result<StorageLock, StorageError> {
        self.inner.lock(resource_server).await
    }

    fn namespace(&self) -> &str {
        self.inner.namespace()
    }

    fn in_namespace(&self, namespace: &str) -> Option<Arc<dyn TokenStorage>> {
        let inner = self.inner.in_namespace(namespace)?;
        Some(Arc::new(EncryptedTokenStorage { inner, seals: self.seals.clone() }))
    }

    async fn namespaces(&self) -> Result<Vec<String>, StorageError> {
        self.inner.namespaces().await
    }
}
