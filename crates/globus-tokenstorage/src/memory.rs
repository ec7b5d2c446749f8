//! [`MemoryTokenStorage`]: tokens that live as long as the process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

use crate::lock::{self, DEFAULT_LOCK_TIMEOUT, Deadline, NamedLocks};
use crate::{DEFAULT_NAMESPACE, StorageError, StorageLock, TokenData, TokenStorage};

/// Keeps tokens in memory. Clones, also those with another namespace, share them.
///
/// ```
/// use globus_auth_core::UnixTime;
/// use globus_tokenstorage::{MemoryTokenStorage, TokenData, TokenStorage};
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
///
/// let storage = MemoryTokenStorage::new();
/// let data = TokenData::new("rs", "all", "AgExample", UnixTime::from_seconds(1_700_003_600));
/// storage.store_token_data_by_resource_server(&[("rs".to_owned(), data)].into()).await?;
///
/// assert!(storage.get_token_data("rs").await?.is_some());
/// assert!(storage.with_namespace("another").get_token_data("rs").await?.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct MemoryTokenStorage {
    namespace: Arc<str>,
    lock_timeout: Duration,
    shared: Arc<Shared>,
}

type Namespaces = BTreeMap<Arc<str>, BTreeMap<String, TokenData>>;

#[derive(Debug, Default)]
struct Shared {
    namespaces: Mutex<Namespaces>,
    locks: NamedLocks,
}

impl MemoryTokenStorage {
    /// An empty storage with the namespace [`DEFAULT_NAMESPACE`].
    pub fn new() -> Self {
        Self {
            namespace: DEFAULT_NAMESPACE.into(),
            lock_timeout: DEFAULT_LOCK_TIMEOUT,
            shared: Arc::default(),
        }
    }

    /// A view of another namespace of the same storage.
    #[must_use]
    pub fn with_namespace(&self, namespace: impl AsRef<str>) -> Self {
        Self { namespace: namespace.as_ref().into(), ..self.clone() }
    }

    /// The same with another limit on waiting for a lock; 60 s otherwise.
    #[must_use]
    pub fn with_lock_timeout(mut self, limit: Duration) -> Self {
        self.lock_timeout = limit;
        self
    }

    /// The namespace whose tokens this is.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    fn entries(&self) -> MutexGuard<'_, Namespaces> {
        self.shared.namespaces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryTokenStorage {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl TokenStorage for MemoryTokenStorage {
    async fn store_token_data_by_resource_server(
        &self,
        tokens: &BTreeMap<String, TokenData>,
    ) -> Result<(), StorageError> {
        self.entries().entry(Arc::clone(&self.namespace)).or_default().extend(tokens.clone());
        Ok(())
    }

    async fn get_token_data_by_resource_server(&self) -> Result<BTreeMap<String, TokenData>, StorageError> {
        Ok(self.entries().get(&self.namespace).cloned().unwrap_or_default())
    }

    async fn get_token_data(&self, resource_server: &str) -> Result<Option<TokenData>, StorageError> {
        Ok(self.entries().get(&self.namespace).and_then(|tokens| tokens.get(resource_server)).cloned())
    }

    async fn remove_token_data(&self, resource_server: &str) -> Result<bool, StorageError> {
        Ok(remove(&mut self.entries(), &self.namespace, resource_server))
    }

    async fn compare_and_swap(
        &self,
        resource_server: &str,
        expected: Option<&TokenData>,
        new: Option<&TokenData>,
    ) -> Result<bool, StorageError> {
        let mut namespaces = self.entries();
        let found = namespaces.get(&self.namespace).and_then(|tokens| tokens.get(resource_server));
        if found != expected {
            return Ok(false);
        }
        match new {
            Some(new) => {
                let tokens = namespaces.entry(Arc::clone(&self.namespace)).or_default();
                tokens.insert(resource_server.to_owned(), new.clone());
            }
            None => drop(remove(&mut namespaces, &self.namespace, resource_server)),
        }
        Ok(true)
    }

    async fn lock(&self, resource_server: &str) -> Result<StorageLock, StorageError> {
        let name = lock::key(&self.namespace, resource_server);
        let deadline = Deadline::after(self.lock_timeout);
        let what = resource_server.escape_debug().to_string();
        self.shared.locks.lock(name, &what, deadline).await.map(StorageLock::new)
    }

    fn namespace(&self) -> &str {
        &self.namespace
    }

    fn in_namespace(&self, namespace: &str) -> Option<Arc<dyn TokenStorage>> {
        Some(Arc::new(self.with_namespace(namespace)))
    }

    async fn namespaces(&self) -> Result<Vec<String>, StorageError> {
        // A namespace goes with its last entry.
        Ok(self.entries().keys().map(|name| name.to_string()).collect())
    }
}

/// A namespace goes with its last entry: those of users who are gone would only add up.
fn remove(namespaces: &mut Namespaces, namespace: &str, resource_server: &str) -> bool {
    let Some(tokens) = namespaces.get_mut(namespace) else { return false };
    let removed = tokens.remove(resource_server).is_some();
    if tokens.is_empty() {
        namespaces.remove(namespace);
    }
    removed
}
