//! [`JsonTokenStorage`]: tokens in one JSON file.

mod document;
mod file;
mod format;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;

use crate::file_lock::FileLocks;
use crate::lock::DEFAULT_LOCK_TIMEOUT;
use crate::{DEFAULT_NAMESPACE, StorageError, StorageLock, TokenData, TokenStorage, blocking};

/// Keeps tokens in one JSON file, which the Python SDK can read and write too.
///
/// The file is readable by its user alone (mode 0600; a directory that is made gets 0700) and is replaced as a whole: a
/// crash leaves the old content or the new. Writers take turns by an advisory lock on `<file>.lock`; readers never wait.
/// (The Python SDK takes no lock: let it not write at the same time.) A file that cannot be understood is an error and is
/// never written. Files of format 1.0 are read, and become 2.0 with the first write. On Windows the file gets the
/// permissions of its directory.
///
/// Clones, also those with another namespace, share the file and one line of waiting writers.
///
/// ```
/// use globus_tokenstorage::{JsonTokenStorage, TokenStorage};
/// # let home = std::path::Path::new("/nonexistent");
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
///
/// let storage = JsonTokenStorage::new(home.join(".my-tokens.json"));
/// if !storage.file_exists() {
///     // Log in, then `storage.store_token_response(&tokens).await?`.
/// }
/// assert!(storage.get_token_data("transfer.api.globus.org").await?.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct JsonTokenStorage {
    path: Arc<Path>,
    namespace: Arc<str>,
    lock_timeout: Duration,
    sync: bool,
    locks: FileLocks,
    tidied: Arc<AtomicBool>,
}

impl JsonTokenStorage {
    /// A storage in the file at `path`. Nothing is read, and nothing made, before it is used.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into().into(),
            namespace: DEFAULT_NAMESPACE.into(),
            lock_timeout: DEFAULT_LOCK_TIMEOUT,
            sync: true,
            locks: FileLocks::default(),
            tidied: Arc::default(),
        }
    }

    /// A view of another namespace of the same file.
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

    /// The same with or without waiting until a write has reached the disk (`fsync`); with it unless switched off.
    /// Without it a write is much faster, and a power failure may undo it.
    #[must_use]
    pub fn with_sync(mut self, sync: bool) -> Self {
        self.sync = sync;
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

    async fn read<T, F>(&self, read: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: FnOnce(&format::TokenFile<'_>, &str) -> Result<T, String> + Send + 'static,
    {
        let (path, namespace) = (Arc::clone(&self.path), Arc::clone(&self.namespace));
        blocking::run(move || file::read(&path, |tokens| read(tokens, &namespace))).await
    }

    /// Changes the file under its lock. `change` says whether there is anything to write.
    async fn update<F>(&self, change: F) -> Result<bool, StorageError>
    where
        F: FnOnce(&Path) -> Result<bool, StorageError> + Send + 'static,
    {
        let lock = self.locks.for_writing(&self.path, self.lock_timeout).await?;
        let (path, tidied) = (Arc::clone(&self.path), Arc::clone(&self.tidied));
        blocking::run(move || {
            // The lock goes with the work: it must not end when a caller stops waiting.
            let _lock = lock;
            if !tidied.swap(true, Ordering::Relaxed) {
                file::tidy(&path);
            }
            change(&path)
        })
        .await
    }
}

#[async_trait]
impl TokenStorage for JsonTokenStorage {
    async fn store_token_data_by_resource_server(
        &self,
        tokens: &BTreeMap<String, TokenData>,
    ) -> Result<(), StorageError> {
        if tokens.is_empty() {
            return Ok(());
        }
        let (namespace, sync, tokens) = (Arc::clone(&self.namespace), self.sync, tokens.clone());
        self.update(move |path| file::store(path, &namespace, &tokens, sync).map(|()| true)).await.map(drop)
    }

    async fn get_token_data_by_resource_server(&self) -> Result<BTreeMap<String, TokenData>, StorageError> {
        self.read(|file, namespace| file.tokens(namespace)).await
    }

    async fn get_token_data(&self, resource_server: &str) -> Result<Option<TokenData>, StorageError> {
        let resource_server = resource_server.to_owned();
        self.read(move |file, namespace| file.token(namespace, &resource_server)).await
    }

    async fn remove_token_data(&self, resource_server: &str) -> Result<bool, StorageError> {
        // Nothing to remove, nothing to lock: asking must not make files.
        let name = resource_server.to_owned();
        if !self.read(move |file, namespace| file.contains(namespace, &name)).await? {
            return Ok(false);
        }
        let (namespace, sync, name) = (Arc::clone(&self.namespace), self.sync, resource_server.to_owned());
        self.update(move |path| file::remove(path, &namespace, &name, sync)).await
    }

    async fn compare_and_swap(
        &self,
        resource_server: &str,
        expected: Option<&TokenData>,
        new: Option<&TokenData>,
    ) -> Result<bool, StorageError> {
        let (namespace, sync, name) = (Arc::clone(&self.namespace), self.sync, resource_server.to_owned());
        let (expected, new) = (expected.cloned(), new.cloned());
        if new.is_none() {
            // As with removing: where nothing is to be made, no file may be made.
            return match self.get_token_data(resource_server).await? {
                found if found != expected => Ok(false),
                None => Ok(true),
                Some(_) => {
                    self.update(move |path| {
                        file::swap(path, &namespace, &name, expected.as_ref(), None, sync)
                    })
                    .await
                }
            };
        }
        self.update(move |path| file::swap(path, &namespace, &name, expected.as_ref(), new.as_ref(), sync))
            .await
    }

    async fn lock(&self, resource_server: &str) -> Result<StorageLock, StorageError> {
        let lock =
            self.locks.for_key(&self.path, &self.namespace, resource_server, self.lock_timeout).await?;
        Ok(StorageLock::new(lock))
    }

    fn namespace(&self) -> &str {
        &self.namespace
    }
}
