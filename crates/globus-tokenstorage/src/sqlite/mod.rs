//! [`SqliteTokenStorage`]: tokens in a SQLite database.

mod database;
mod schema;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use self::database::Place;
use crate::file_lock::FileLocks;
use crate::lock::DEFAULT_LOCK_TIMEOUT;
use crate::{
    DEFAULT_NAMESPACE, StorageError, StorageErrorKind, StorageLock, TokenData, TokenStorage, blocking,
};

/// Keeps tokens in a SQLite database, which the Python SDK can read and write too, also at the same time.
///
/// The file is readable by its user alone (mode 0600; a directory that is made gets 0700). Databases of schema version
/// 1 and 2 are read and written; those of a newer version are refused. A database in memory is refused as well: use
/// [`MemoryTokenStorage`](crate::MemoryTokenStorage).
///
/// ```
/// use globus_tokenstorage::{SqliteTokenStorage, TokenStorage};
/// # let home = std::path::Path::new("/nonexistent");
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
///
/// let storage = SqliteTokenStorage::new(home.join(".my-tokens.db")).with_namespace("alice");
/// assert!(storage.get_token_data("transfer.api.globus.org").await?.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SqliteTokenStorage {
    path: Arc<Path>,
    namespace: Arc<str>,
    lock_timeout: Duration,
    locks: FileLocks,
}

impl SqliteTokenStorage {
    /// A storage in the database at `path`. Nothing is read, and nothing made, before it is used.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into().into(),
            namespace: DEFAULT_NAMESPACE.into(),
            lock_timeout: DEFAULT_LOCK_TIMEOUT,
            locks: FileLocks::default(),
        }
    }

    /// A view of another namespace of the same database.
    #[must_use]
    pub fn with_namespace(&self, namespace: impl AsRef<str>) -> Self {
        Self { namespace: namespace.as_ref().into(), ..self.clone() }
    }

    /// The same with another limit on waiting for a lock, of a resource server or of the database; 60 s otherwise.
    #[must_use]
    pub fn with_lock_timeout(mut self, limit: Duration) -> Self {
        self.lock_timeout = limit;
        self
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The namespace whose tokens this is.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Whether the file is there. This asks the file system, and blocks for as long as that takes.
    pub fn file_exists(&self) -> bool {
        self.path.exists()
    }

    async fn with<T, F>(&self, work: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: FnOnce(&Place, &str) -> Result<T, StorageError> + Send + 'static,
    {
        self.check_path()?;
        let place = Place { path: self.path.to_path_buf(), wait: self.lock_timeout };
        let namespace = Arc::clone(&self.namespace);
        blocking::run(move || work(&place, &namespace)).await
    }

    fn check_path(&self) -> Result<(), StorageError> {
        if self.path.as_os_str().is_empty() || self.path.as_os_str() == ":memory:" {
            return Err(StorageError::new(
                StorageErrorKind::Other,
                "a SQLite token storage must be a file; use `MemoryTokenStorage` for tokens in memory",
            ));
        }
        Ok(())
    }
}

#[async_trait]
impl TokenStorage for SqliteTokenStorage {
    async fn store_token_data_by_resource_server(
        &self,
        tokens: &BTreeMap<String, TokenData>,
    ) -> Result<(), StorageError> {
        if tokens.is_empty() {
            return Ok(());
        }
        let tokens = tokens.clone();
        self.with(move |place, namespace| place.store(namespace, &tokens)).await
    }

    async fn get_token_data_by_resource_server(&self) -> Result<BTreeMap<String, TokenData>, StorageError> {
        self.with(|place, namespace| place.all(namespace)).await
    }

    async fn get_token_data(&self, resource_server: &str) -> Result<Option<TokenData>, StorageError> {
        let resource_server = resource_server.to_owned();
        self.with(move |place, namespace| place.one(namespace, &resource_server)).await
    }

    async fn remove_token_data(&self, resource_server: &str) -> Result<bool, StorageError> {
        let resource_server = resource_server.to_owned();
        self.with(move |place, namespace| place.remove(namespace, &resource_server)).await
    }

    async fn compare_and_swap(
        &self,
        resource_server: &str,
        expected: Option<&TokenData>,
        new: Option<&TokenData>,
    ) -> Result<bool, StorageError> {
        let (name, expected, new) = (resource_server.to_owned(), expected.cloned(), new.cloned());
        self.with(move |place, namespace| place.swap(namespace, &name, expected.as_ref(), new.as_ref())).await
    }

    async fn lock(&self, resource_server: &str) -> Result<StorageLock, StorageError> {
        self.check_path()?;
        let lock =
            self.locks.for_key(&self.path, &self.namespace, resource_server, self.lock_timeout).await?;
        Ok(StorageLock::new(lock))
    }

    fn namespace(&self) -> &str {
        &self.namespace
    }
}
