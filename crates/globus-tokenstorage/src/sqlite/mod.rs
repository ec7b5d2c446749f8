//! [`SqliteTokenStorage`]: tokens in a SQLite database.

mod database;
mod pool;
mod schema;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Semaphore;

use self::database::Database;
use self::pool::Pool;
use crate::lock::Deadline;
use crate::place::Place;
use crate::{StorageError, StorageErrorKind, StorageLock, TokenData, TokenStorage, blocking};

/// How many tasks read at a time, each with a connection and a thread.
const MOST_READERS: usize = 4;

/// Keeps tokens in a SQLite database, which the Python SDK can read and write too, also at the same time.
///
/// The file is readable by its user alone (mode 0600, also mended on reading; a directory that is made gets 0700). Databases of
/// schema version 1 and 2 are read and written; those of a newer version are refused. A database in memory is refused as
/// well: use [`MemoryTokenStorage`](crate::MemoryTokenStorage).
///
/// Clones, also those with another namespace, share some connections, which are closed with the last of them, and one line of
/// waiting writers. A file that is removed or replaced meanwhile is found with the next use.
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
    place: Place,
    pool: Arc<Pool>,
    readers: Arc<Semaphore>,
}

impl SqliteTokenStorage {
    /// A storage in the database at `path`. Nothing is read, and nothing made, before it is used.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            place: Place::new(path.into()),
            pool: Arc::default(),
            readers: Arc::new(Semaphore::new(MOST_READERS)),
        }
    }

    /// A view of another namespace of the same database.
    #[must_use]
    pub fn with_namespace(&self, namespace: impl AsRef<str>) -> Self {
        Self { place: self.place.with_namespace(namespace.as_ref()), ..self.clone() }
    }

    /// The same with another limit on waiting for a lock, of a resource server or of the database; 60 s otherwise.
    #[must_use]
    pub fn with_lock_timeout(mut self, limit: Duration) -> Self {
        self.place.lock_timeout = limit;
        self
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.place.path
    }

    /// The namespace whose tokens this is.
    pub fn namespace(&self) -> &str {
        &self.place.namespace
    }

    /// Whether the file is there. This asks the file system, and blocks for as long as that takes.
    pub fn file_exists(&self) -> bool {
        self.place.path.exists()
    }

    async fn read<T, F>(&self, read: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: Fn(&Database, &str) -> Result<T, StorageError> + Send + 'static,
    {
        self.check_path()?;
        let turn = Arc::clone(&self.readers).acquire_owned().await;
        self.run(turn, self.place.lock_timeout, read).await
    }

    /// The writers of this process take turns here: waiting for SQLite's lock is less fair, and takes a thread each.
    async fn change<T, F>(&self, change: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: Fn(&Database, &str) -> Result<T, StorageError> + Send + 'static,
    {
        self.check_path()?;
        let deadline = Deadline::after(self.place.lock_timeout);
        let turn = self.place.locks.turn(deadline).await?;
        self.run(turn, deadline.left(), change).await
    }

    /// Does `work`, which waits for SQLite's locks no longer than `wait`, and holds `turn` to its end.
    async fn run<T, F, G>(&self, turn: G, wait: Duration, work: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: Fn(&Database, &str) -> Result<T, StorageError> + Send + 'static,
        G: Send + 'static,
    {
        let Place { path, namespace, .. } = self.place.clone();
        let pool = Arc::clone(&self.pool);
        blocking::run_patiently(wait, move |wait| {
            let _turn = &turn;
            work(&Database { path: &path, pool: &pool, wait }, &namespace)
        })
        .await
    }

    fn check_path(&self) -> Result<(), StorageError> {
        let path = self.path().as_os_str();
        if path.is_empty() || path == ":memory:" {
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
        self.change(move |database, namespace| database.store(namespace, &tokens)).await
    }

    async fn get_token_data_by_resource_server(&self) -> Result<BTreeMap<String, TokenData>, StorageError> {
        self.read(|database, namespace| database.all(namespace)).await
    }

    async fn get_token_data(&self, resource_server: &str) -> Result<Option<TokenData>, StorageError> {
        let name = resource_server.to_owned();
        self.read(move |database, namespace| database.one(namespace, &name)).await
    }

    async fn remove_token_data(&self, resource_server: &str) -> Result<bool, StorageError> {
        let name = resource_server.to_owned();
        self.change(move |database, namespace| database.remove(namespace, &name)).await
    }

    async fn compare_and_swap(
        &self,
        resource_server: &str,
        expected: Option<&TokenData>,
        new: Option<&TokenData>,
    ) -> Result<bool, StorageError> {
        let (name, expected, new) = (resource_server.to_owned(), expected.cloned(), new.cloned());
        self.change(move |database, namespace| {
            database.swap(namespace, &name, expected.as_ref(), new.as_ref())
        })
        .await
    }

    async fn lock(&self, resource_server: &str) -> Result<StorageLock, StorageError> {
        self.check_path()?;
        self.place.lock(resource_server).await
    }

    fn namespace(&self) -> &str {
        &self.place.namespace
    }

    fn in_namespace(&self, namespace: &str) -> Option<Arc<dyn TokenStorage>> {
        Some(Arc::new(self.with_namespace(namespace)))
    }

    async fn namespaces(&self) -> Result<Vec<String>, StorageError> {
        self.read(|database, _| database.namespaces()).await
    }
}
